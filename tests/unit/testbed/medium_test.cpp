#include "experiments/testbed/medium/medium.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <sstream>

namespace pianissimo::testbed {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::StartsWith;

constexpr std::uint16_t vht80 = RateFlags::vht | RateFlags::mhz80 | RateFlags::short_gi;

struct Delivery {
  int radio = 0;
  int signal_dbm = 0;
  Bytes bytes;
};

class FakeKernel final : public KernelPort {
 public:
  bool deliver(int radio, std::span<const std::uint8_t> frame, int signal_dbm,
               std::uint32_t /*frequency_mhz*/) override {
    if (down.contains(radio)) return false;
    deliveries.push_back({radio, signal_dbm, {frame.begin(), frame.end()}});
    return true;
  }
  bool report(const TransmitReport& report) override {
    if (early-- > 0) return false;
    reports.push_back(report);
    return true;
  }

  std::vector<Delivery> deliveries;
  std::vector<TransmitReport> reports;
  std::set<int> down;
  int early = 0;
};

class FakePower final : public PowerSource {
 public:
  double power_dbm(Instant /*now*/) override { return dbm; }
  double dbm = 20;
};

class MediumTest : public testing::Test {
 protected:
  static Scenario scenario_of() {
    return parse_scenario(R"(
duration_s: 10
fading: none
stations:
  - path_loss: {steps: [[0, 60], [5, 150]]}
  - path_loss: 70
)",
                          "s.yaml");
  }

  // A data frame of 1242 bytes with MCS 9, two streams.
  static OutgoingFrame frame(int from, int to, Instant at) {
    OutgoingFrame out{.arrived = at,
                      .radio = from,
                      .cookie = 1,
                      .flags = 1,
                      .frequency_mhz = 5180,
                      .chain = {},
                      .bytes = Bytes(1242, 0)};
    out.chain[0] = {.index = 0x19, .tries = 2, .flags = vht80};
    out.bytes[0] = 0x88;
    const auto receiver = station_address_of(to);
    const auto transmitter = station_address_of(from);
    std::copy(receiver.begin(), receiver.end(), out.bytes.begin() + 4);
    std::copy(transmitter.begin(), transmitter.end(), out.bytes.begin() + 10);
    return out;
  }

  void run_until(Instant end) {
    for (; now_ <= end; now_ += 100us) medium_.advance(now_);
  }

  Scenario scenario_ = scenario_of();
  FakeKernel kernel_;
  FakePower power_;
  std::ostringstream csv_;
  Truth truth_{csv_};
  Medium medium_{scenario_, true, kernel_, power_, truth_};
  Instant now_ = 100s;
};

TEST_F(MediumTest, AFrameArrivesWithTheSignalThatPowerAndPathLossLeave) {
  medium_.accept(frame(0, 1, now_));
  run_until(now_ + 5ms);

  ASSERT_EQ(kernel_.deliveries.size(), 1U);
  EXPECT_EQ(kernel_.deliveries[0].radio, 1);
  EXPECT_EQ(kernel_.deliveries[0].signal_dbm, 20 - 60);
  ASSERT_EQ(kernel_.reports.size(), 1U);
  EXPECT_TRUE(kernel_.reports[0].acked);
  EXPECT_EQ(kernel_.reports[0].used[0].tries, 1);
  EXPECT_EQ(kernel_.reports[0].mpdus, 0) << "not of a BlockAck session";
}

TEST_F(MediumTest, ThePowerOfTheMomentDecides) {
  power_.dbm = 0;
  EXPECT_EQ(medium_.command("loss 1 100", now_), "ok");
  medium_.accept(frame(0, 1, now_));
  run_until(now_ + 5ms);

  EXPECT_TRUE(kernel_.deliveries.empty());
  ASSERT_EQ(kernel_.reports.size(), 1U);
  EXPECT_FALSE(kernel_.reports[0].acked);
  EXPECT_EQ(kernel_.reports[0].used[0].tries, 2);
}

TEST_F(MediumTest, TheApHearsAStationOverItsPathLossWhateverTheApsPower) {
  power_.dbm = 1;
  medium_.accept(frame(2, 0, now_));
  run_until(now_ + 5ms);

  ASSERT_EQ(kernel_.deliveries.size(), 1U);
  EXPECT_EQ(kernel_.deliveries[0].radio, 0);
  EXPECT_EQ(kernel_.deliveries[0].signal_dbm, 20 - 70);
}

TEST_F(MediumTest, AFrameOfASessionStandsForAnAggregate) {
  OutgoingFrame aggregate = frame(0, 1, now_);
  aggregate.flags |= OutgoingFrame::aggregated;
  medium_.accept(aggregate);
  run_until(now_ + 5ms);

  ASSERT_EQ(kernel_.reports.size(), 1U);
  EXPECT_EQ(kernel_.reports[0].mpdus, 16);
  EXPECT_EQ(kernel_.reports[0].mpdus_acked, 16);
}

TEST_F(MediumTest, WhoseInterfaceIsDownDoesNotAnswer) {
  kernel_.down = {1};
  medium_.accept(frame(0, 1, now_));
  run_until(now_ + 5ms);

  ASSERT_EQ(kernel_.reports.size(), 1U);
  EXPECT_FALSE(kernel_.reports[0].acked);
  EXPECT_EQ(kernel_.reports[0].used[0].tries, 2);
  EXPECT_THAT(medium_.command("counters", now_), HasSubstr("refused_by_receiver=1"));
}

TEST_F(MediumTest, AReportThatComesTooEarlyIsRepeated) {
  kernel_.early = 3;
  medium_.accept(frame(0, 1, now_));
  run_until(now_ + 20ms);

  EXPECT_EQ(kernel_.reports.size(), 1U);
  EXPECT_EQ(kernel_.deliveries.size(), 1U);
  EXPECT_THAT(medium_.command("counters", now_), HasSubstr("early_reports=1 lost_reports=0"));
}

TEST_F(MediumTest, AReportNobodyWantsIsGivenUp) {
  kernel_.early = 1000;
  medium_.accept(frame(0, 1, now_));
  run_until(now_ + 3s);

  EXPECT_TRUE(kernel_.reports.empty());
  EXPECT_THAT(medium_.command("counters", now_), HasSubstr("lost_reports=1"));
}

TEST_F(MediumTest, AFullQueueDropsFramesWithoutAWordToRateControl) {
  for (int i = 0; i < 20; ++i) medium_.accept(frame(0, 1, now_));

  ASSERT_EQ(kernel_.reports.size(), 4U);
  EXPECT_FALSE(kernel_.reports[0].acked);
  EXPECT_EQ(kernel_.reports[0].used[0].index, -1);
  run_until(now_ + 100ms);
  EXPECT_EQ(kernel_.deliveries.size(), 16U);
}

TEST_F(MediumTest, MulticastReachesEverybodyElse) {
  OutgoingFrame beacon = frame(0, 1, now_);
  beacon.bytes[0] = 0x80;
  std::fill_n(beacon.bytes.begin() + 4, 6, std::uint8_t{0xff});
  beacon.chain[0] = {.index = 0, .tries = 1};
  medium_.accept(beacon);
  run_until(now_ + 5ms);

  ASSERT_EQ(kernel_.deliveries.size(), 2U);
  EXPECT_EQ(kernel_.deliveries[1].signal_dbm, 20 - 70);
  ASSERT_EQ(kernel_.reports.size(), 1U);
}

TEST_F(MediumTest, ASecondInterfaceOfTheApIsFoundByWhatItSends) {
  const MacAddress second{0x02, 0, 0, 0, 0, 1};
  OutgoingFrame from_it = frame(0, 1, now_);
  std::copy(second.begin(), second.end(), from_it.bytes.begin() + 10);
  OutgoingFrame to_it = frame(1, 0, now_);
  std::copy(second.begin(), second.end(), to_it.bytes.begin() + 4);
  medium_.accept(from_it);
  medium_.accept(to_it);
  run_until(now_ + 10ms);

  ASSERT_EQ(kernel_.deliveries.size(), 2U);
  EXPECT_EQ(kernel_.deliveries[1].radio, 0);
}

TEST_F(MediumTest, TimeOfTheProfileBeginsWithStart) {
  run_until(now_ + 20s);
  EXPECT_EQ(medium_.command("status", now_), "20 dBm; 60.0 dB, 0 Mbit/s; 70.0 dB, 0 Mbit/s");
  medium_.command("start", now_);
  run_until(now_ + 6s);
  EXPECT_THAT(medium_.command("status", now_), StartsWith("20 dBm; 150.0 dB"));
}

TEST_F(MediumTest, TheProfileCanBeginAgain) {
  medium_.command("start", now_);
  run_until(now_ + 6s);

  EXPECT_EQ(medium_.command("rewind", now_), "ok");
  run_until(now_ + 6s);
  EXPECT_EQ(medium_.command("status", now_), "20 dBm; 60.0 dB, 0 Mbit/s; 70.0 dB, 0 Mbit/s");
  medium_.command("start", now_);
  run_until(now_ + 6s);

  EXPECT_THAT(medium_.command("status", now_), StartsWith("20 dBm; 150.0 dB"));
}

TEST_F(MediumTest, TheTruthIsWrittenTenTimesASecond) {
  medium_.accept(frame(0, 2, now_));
  run_until(now_ + 1s);

  std::istringstream rows{csv_.str()};
  std::string line;
  int count = 0;
  std::string busy;
  while (std::getline(rows, line)) {
    ++count;
    if (line.find(":02:00,") != std::string::npos && line.find(",1242,") != std::string::npos) {
      busy = line;
    }
  }
  EXPECT_EQ(count, 1 + 2 * 11);
  EXPECT_THAT(busy, StartsWith("100.100,02:00:00:00:02:00,20.00,70.00,0.00,1,1,1,1,1242,"));
}

TEST_F(MediumTest, WithoutAggregatesSessionsAreRefused) {
  Medium plain{scenario_, false, kernel_, power_, truth_};
  OutgoingFrame request = frame(0, 1, now_);
  request.bytes.resize(33);
  request.bytes[0] = 0xd0;
  request.bytes[24] = 3;
  plain.accept(request);
  for (Instant t = now_; t < now_ + 5ms; t += 100us) plain.advance(t);

  ASSERT_EQ(kernel_.deliveries.size(), 1U);
  EXPECT_EQ(kernel_.deliveries[0].radio, 0) << "the answer goes back";
  EXPECT_EQ(kernel_.deliveries[0].bytes.at(27), 37);
  ASSERT_EQ(kernel_.reports.size(), 1U);
  EXPECT_TRUE(kernel_.reports[0].acked);
}

TEST_F(MediumTest, CommandsThatAreNoneSayWhatIs) {
  EXPECT_THAT(medium_.command("lose 1 80", now_), StartsWith("error: expected one of"));
  EXPECT_THAT(medium_.command("loss 3 80", now_), StartsWith("error: loss: no station '3'"));
  EXPECT_THAT(medium_.command("loss 1 much", now_), StartsWith("error: loss: expected dB"));
  EXPECT_THAT(medium_.command("", now_), StartsWith("error"));
}

}  // namespace
}  // namespace pianissimo::testbed
