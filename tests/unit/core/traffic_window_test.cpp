// What half a second of readings tells of a station's traffic.
#include "controller/core/traffic_window.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "tests/unit/core/words.hpp"

namespace pianissimo {
namespace {

using test::alice;
using test::at_ms;

class Window : public testing::Test {
 protected:
  /// A reading 50 ms after the last one, so many packets of so many bytes later.
  std::optional<Features> after(std::uint64_t packets, std::uint64_t bytes_each = 1000) {
    totals_.tx_packets = totals_.tx_packets.value_or(0) + packets;
    totals_.tx_bytes = totals_.tx_bytes.value_or(0) + packets * bytes_each;
    return read();
  }
  std::optional<Features> read() {
    ms_ += 50;
    return window_.on_reading(at_ms(ms_), view_);
  }
  /// The features of a window of ten readings, after one that begins it.
  Features of(const std::vector<std::uint64_t>& packets) {
    EXPECT_FALSE(after(0));
    for (std::size_t i = 0; i + 1 < packets.size(); ++i) EXPECT_FALSE(after(packets[i]));
    const auto features = after(packets.back());
    EXPECT_TRUE(features);
    return features.value_or(Features{});
  }
  static std::int32_t get(const Features& features, Feature feature) {
    return features[static_cast<std::size_t>(feature)];
  }

  StationSample last_ = test::sample(alice);
  StationView view_{alice, std::nullopt, {}, &last_};
  StationTotals& totals_ = view_.totals;
  TrafficWindow window_;
  std::int64_t ms_ = 0;
};

TEST_F(Window, CountsPacketsAndBytesOfHalfASecond) {
  const Features features = of({10, 10, 10, 10, 10, 10, 10, 10, 10, 10});

  EXPECT_EQ(get(features, Feature::packets), 100);
  // 100 000 bytes in half a second.
  EXPECT_EQ(get(features, Feature::kbps), 1600);
  EXPECT_EQ(get(features, Feature::size), 1000);
  EXPECT_EQ(get(features, Feature::gap_us), 5000);
  EXPECT_EQ(get(features, Feature::busy), 1000);
}

TEST_F(Window, ASteadyStreamHasNoScatter) {
  EXPECT_EQ(get(of({5, 5, 5, 5, 5, 5, 5, 5, 5, 5}), Feature::gap_scatter), 0);
}

TEST_F(Window, SilenceBelongsToTheGapThatEndsIt) {
  // Nothing for 450 ms, then two packets within 50 ms: gaps of 475 and 25 ms. Their mean is 250 ms,
  // their variance (225 ms)^2.
  const Features features = of({0, 0, 0, 0, 0, 0, 0, 0, 0, 2});

  EXPECT_EQ(get(features, Feature::gap_scatter), 810);
  EXPECT_EQ(get(features, Feature::busy), 100);
  EXPECT_EQ(get(features, Feature::gap_us), 250'000);
}

TEST_F(Window, NothingSentIsAWindow) {
  const Features features = of({0, 0, 0, 0, 0, 0, 0, 0, 0, 0});

  EXPECT_EQ(get(features, Feature::packets), 0);
  EXPECT_EQ(get(features, Feature::size), 0);
  EXPECT_EQ(get(features, Feature::gap_us), 500'000);
}

TEST_F(Window, UtilisationIsOfTheExpectedThroughput) {
  view_.expected_throughput = Throughput::from_kbps(16'000);

  // 100 000 bytes are a tenth of what 16 Mbit/s carry in half a second.
  EXPECT_EQ(get(of({10, 10, 10, 10, 10, 10, 10, 10, 10, 10}), Feature::utilisation), 100);
}

TEST_F(Window, WhatTheDriverDoesNotTellIsNotZero) {
  const Features features = of({10, 10, 10, 10, 10, 10, 10, 10, 10, 10});

  EXPECT_EQ(get(features, Feature::utilisation), not_told);
  EXPECT_EQ(get(features, Feature::retries), not_told);
  EXPECT_EQ(get(features, Feature::bit_rate_kbps), not_told);
}

TEST_F(Window, RetriesAreAShareOfAllTransmissions) {
  totals_.tx_retries = 0;
  for (int i = 0; i < 10; ++i) after(3);
  totals_.tx_retries = 9;

  const auto features = after(0);

  // 27 packets in this window and 9 repetitions: a quarter of 36.
  ASSERT_TRUE(features);
  EXPECT_EQ(get(*features, Feature::retries), 250);
}

TEST_F(Window, TellsTheLastBitRate) {
  last_.tx_rate = BitRate{.rate = Throughput::from_kbps(866'700)};

  EXPECT_EQ(get(of({1, 1, 1, 1, 1, 1, 1, 1, 1, 1}), Feature::bit_rate_kbps), 866'700);
}

TEST_F(Window, TheNextOneBeginsWhereOneEnds) {
  of({10, 10, 10, 10, 10, 10, 10, 10, 10, 10});
  for (int i = 0; i < 9; ++i) EXPECT_FALSE(after(1));

  const auto features = after(1);

  ASSERT_TRUE(features);
  EXPECT_EQ(get(*features, Feature::packets), 10);
}

TEST_F(Window, TellsNothingWithoutCountersAndBeginsAnewAfterwards) {
  after(0);
  after(7);
  totals_.tx_bytes.reset();
  EXPECT_FALSE(read());

  const Features features = of({2, 2, 2, 2, 2, 2, 2, 2, 2, 2});

  EXPECT_EQ(get(features, Feature::packets), 20);
}

TEST_F(Window, TooFewReadingsTellNothing) {
  after(0);
  ms_ += 700;

  EXPECT_FALSE(after(5)) << "one reading says nothing of gaps";
}

TEST_F(Window, ASecondReadingOfTheSameMomentChangesNothing) {
  after(0);
  for (int i = 0; i < 9; ++i) after(4);
  ms_ -= 50;
  EXPECT_FALSE(after(0));

  const auto features = after(4);

  ASSERT_TRUE(features);
  EXPECT_EQ(get(*features, Feature::packets), 40);
}

TEST(TrafficFeature, HasAWordThatReadsBack) {
  for (std::size_t i = 0; i < feature_count; ++i) {
    const auto feature = static_cast<Feature>(i);
    EXPECT_EQ(feature_from_string(to_string(feature)), feature);
  }
  EXPECT_FALSE(feature_from_string("colour"));
}

}  // namespace
}  // namespace pianissimo
