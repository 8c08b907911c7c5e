#include "experiments/import/lqe.hpp"

#include <gmock/gmock.h>

#include <sstream>

namespace pianissimo::lqe {
namespace {

using testing::ElementsAre;

constexpr std::string_view header =
    "timestamp,packet_drop_percentage,bits_per_second,jitter_ms,seconds,receiver_txpower,"
    "sender_txpower,receiver_sender_SNR,sender_receiver_SNR,receiver_sender_RSSI,"
    "sender_receiver_RSSI,receiver_noise,sender_noise,route";

TEST(Lqe, ARowIsASampleAtTheSendersPower) {
  recorded::TableReader reader{names};
  ASSERT_EQ(reader.take(header), std::nullopt);
  ASSERT_EQ(reader.take("2020-01-02 03:04:05.000000001,0.25,9876543.6,1.5,5,17,12,30,28,-65,-68,"
                        "-95,-96,\"['a', 'b']\""),
            std::nullopt);
  ASSERT_EQ(reader.take("2020-01-02 03:04:10.000000001,,,,,17,12,30,28,-65,-68,-95,-96,\"['a']\""),
            std::nullopt);
  ASSERT_EQ(reader.finish(), std::nullopt);

  const auto& [level, samples] = *reader.table().levels.begin();

  EXPECT_EQ(level, dbm(12));
  EXPECT_THAT(samples, ElementsAre(recorded::Sample{.throughput = Throughput::from_bps(9'876'544),
                                                    .drop_percent = 0.25,
                                                    .receiver_hears = dbm(-68),
                                                    .sender_hears = dbm(-65),
                                                    .receiver_power = dbm(17)}));
  EXPECT_EQ(reader.rows(), 1);
  EXPECT_EQ(reader.incomplete(), 1);
}

TEST(Lqe, NeedsNothingButPowerThroughputLossAndTheReceiversSignal) {
  recorded::TableReader reader{names};

  EXPECT_EQ(reader.take("sender_receiver_RSSI,sender_txpower,bits_per_second,"
                        "packet_drop_percentage"),
            std::nullopt);
  EXPECT_EQ(reader.take("-68,12,1000,0"), std::nullopt);
  EXPECT_EQ(reader.rows(), 1);
}

TEST(Lqe, SomeOtherTableIsRefused) {
  recorded::TableReader reader{names};

  EXPECT_EQ(reader.take("t_s,station,direction"),
            (recorded::CsvError{1, "the header has no sender_txpower"}));
}

}  // namespace
}  // namespace pianissimo::lqe
