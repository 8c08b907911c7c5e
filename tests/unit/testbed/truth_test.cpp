#include "experiments/testbed/medium/truth.hpp"

#include <gtest/gtest.h>

#include <sstream>

namespace pianissimo::testbed {
namespace {

using namespace std::chrono_literals;

Outcome outcome(int attempts, int mpdus, int received, double airtime_us) {
  Outcome out;
  out.attempts = attempts;
  out.mpdus = mpdus;
  out.mpdus_received = received;
  out.airtime = Micros{airtime_us};
  return out;
}

TEST(Truth, CapacityIsBitsPerMicrosecondOfAirtime) {
  Tally tally;
  EXPECT_EQ(tally.capacity_mbps(), 0);
  tally.add(outcome(1, 16, 16, 400), 1250);
  tally.add(outcome(3, 16, 0, 1600), 1250);
  EXPECT_EQ(tally.frames, 2U);
  EXPECT_EQ(tally.attempts, 4U);
  EXPECT_EQ(tally.mpdus, 64U);
  EXPECT_EQ(tally.delivered_bytes, 20000U);
  EXPECT_DOUBLE_EQ(tally.capacity_mbps(), 80);
}

TEST(Truth, RowsAreCsvWithAHeader) {
  std::ostringstream out;
  Truth truth{out};
  Tally tally;
  tally.add(outcome(2, 16, 15, 400.6), 100);

  truth.row(12345678us, station_address_of(1),
            {.power_dbm = 20, .path_loss_db = 72.5, .fading_db = -0.25}, tally);

  EXPECT_EQ(out.str(),
            "t_s,station,power_dbm,path_loss_db,fading_db,frames,attempts,mpdus,delivered_mpdus,"
            "delivered_bytes,airtime_us\n"
            "12.346,02:00:00:00:01:00,20.00,72.50,-0.25,1,2,32,15,1500,401\n");
}

}  // namespace
}  // namespace pianissimo::testbed
