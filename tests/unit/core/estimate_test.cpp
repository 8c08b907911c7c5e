// What two readings of one station say of its throughput.
#include "controller/core/estimate.hpp"

#include <gtest/gtest.h>

#include "tests/unit/core/words.hpp"

namespace pianissimo {
namespace {

using test::alice;
using test::at_ms;
using test::mbps;

constexpr BitRate vht_9{
    .rate = mbps(780), .format = RateFormat::vht, .mcs = 9, .nss = 2, .width = Mhz{80}};

class Kernel {
 public:
  std::uint64_t packets = 0;
  std::uint64_t retries = 0;
  std::uint64_t failed = 0;
  bool counts_retries = true;
  std::optional<Throughput> expected;
  std::optional<std::chrono::microseconds> airtime;
  BitRate rate = vht_9;

  std::optional<Delivery> read(std::int64_t ms) {
    last_ = test::sample(alice);
    last_.tx_rate = rate;
    last_.tx_duration = airtime;
    StationView view{
        .station = alice, .expected_throughput = expected, .totals = {}, .last = &last_};
    view.totals.tx_packets = packets;
    if (counts_retries) {
      view.totals.tx_retries = retries;
      view.totals.tx_failed = failed;
    }
    return estimator_.on_reading(at_ms(ms), view);
  }
  void restart() { estimator_.restart(); }
  /// Readings every 50 ms with 1000 packets each, at this rate, without a retry.
  std::optional<Delivery> read_on(int times, Throughput at) {
    std::optional<Delivery> last;
    for (int i = 0; i < times; ++i) {
      packets += 1000;
      rate.rate = at;
      last = read(now_ += 50);
    }
    return last;
  }

 private:
  StationSample last_;
  StationEstimator estimator_;
  std::int64_t now_ = 0;
};

TEST(Estimate, NeedsTwoReadings) {
  Kernel kernel;
  kernel.packets = 1000;

  EXPECT_FALSE(kernel.read(0));
}

TEST(Estimate, SaysNothingOfAStationThatWasSentNothing) {
  Kernel kernel;
  kernel.packets = 1000;
  kernel.read(0);

  EXPECT_FALSE(kernel.read(50));
}

TEST(Estimate, CountsFirstTriesAndRepetitions) {
  Kernel kernel;
  kernel.read(0);
  kernel.packets = 80;
  kernel.retries = 20;

  const auto delivery = kernel.read(50);

  ASSERT_TRUE(delivery);
  EXPECT_EQ(delivery->transmissions, 100U);
  EXPECT_DOUBLE_EQ(delivery->acknowledged, 0.8);
  EXPECT_EQ(delivery->provenance, Provenance::delivery);
  EXPECT_EQ(delivery->throughput, throughput_of(vht_9.rate, 0.8));
}

TEST(Estimate, PacketsThatFailedWereNotAcknowledged) {
  Kernel kernel;
  kernel.read(0);
  kernel.packets = 100;
  kernel.retries = 100;
  kernel.failed = 10;

  EXPECT_DOUBLE_EQ(kernel.read(50)->acknowledged, 0.45);
}

TEST(Estimate, DoesNotBelieveADriverThatCountsEveryRetryAsAFailure) {
  Kernel kernel;
  kernel.read(0);
  for (int i = 1; i <= 10; ++i) {
    kernel.packets += 80;
    kernel.retries += 20;
    kernel.failed += 20;
    const auto delivery = kernel.read(50 * i);
    if (i > 5) {
      EXPECT_DOUBLE_EQ(delivery->acknowledged, 0.8);
    }
  }
}

TEST(Estimate, TellsSinceWhenTheCountersStoodStill) {
  Kernel kernel;
  kernel.read(0);
  kernel.packets = 10;
  kernel.read(50);
  for (int ms = 100; ms < 1000; ms += 50) EXPECT_FALSE(kernel.read(ms));
  kernel.packets = 5000;

  const auto delivery = kernel.read(1000);

  ASSERT_TRUE(delivery);
  EXPECT_EQ(delivery->from, at_ms(50));
  EXPECT_EQ(delivery->at, at_ms(1000));
}

TEST(Estimate, WithoutRetriesTheKernelsEstimateIsAllThereIs) {
  Kernel kernel;
  kernel.counts_retries = false;
  kernel.expected = mbps(300);
  kernel.read(0);
  kernel.packets = 100;

  const auto delivery = kernel.read(50);

  EXPECT_EQ(delivery->provenance, Provenance::minstrel);
  EXPECT_EQ(delivery->throughput, mbps(300));
}

TEST(Estimate, WithoutThatTheRateIs) {
  Kernel kernel;
  kernel.counts_retries = false;
  kernel.read(0);
  kernel.packets = 100;

  const auto delivery = kernel.read(50);

  EXPECT_EQ(delivery->provenance, Provenance::estimated);
  EXPECT_EQ(delivery->throughput, throughput_of(vht_9.rate, 1));
}

TEST(Estimate, AirtimeSaysWhatUncountedRetriesCost) {
  const auto with_airtime = [](std::int64_t us) {
    Kernel kernel;
    kernel.counts_retries = false;
    kernel.airtime = std::chrono::microseconds{0};
    kernel.read(0);
    kernel.packets = 1000;
    kernel.airtime = std::chrono::microseconds{us};
    return kernel.read(50);
  };

  const auto once = with_airtime(12'000);
  const auto twice = with_airtime(24'000);

  EXPECT_EQ(once->provenance, Provenance::airtime);
  EXPECT_LT(twice->throughput, 0.7 * once->throughput);
}

TEST(Estimate, AFewPacketsPerAirtimeSayLittle) {
  for (const std::uint64_t packets : {199U, 200U}) {
    Kernel kernel;
    kernel.counts_retries = false;
    kernel.airtime = std::chrono::microseconds{0};
    kernel.read(0);
    kernel.packets = packets;
    kernel.airtime = std::chrono::microseconds{4'000};

    EXPECT_EQ(kernel.read(50)->provenance,
              packets < 200 ? Provenance::estimated : Provenance::airtime);
  }
}

// 1000 frames of 9600 bits in 12 ms, and each of them costs a 32nd of 203 us besides.
TEST(Estimate, AirtimeAndWhatAnExchangeCostsBesidesIsWhatThePacketsTook) {
  Kernel kernel;
  kernel.counts_retries = false;
  kernel.airtime = std::chrono::microseconds{5'000};
  kernel.read(0);
  kernel.packets = 1'000;
  kernel.airtime = std::chrono::microseconds{17'000};

  EXPECT_NEAR(kernel.read(50)->throughput.mbps(), 1'000 * 9'600 / (12'000 + 1'000 * 203.0 / 32),
              1e-3);
}

TEST(Estimate, AnAirtimeThatWentBackIsNone) {
  Kernel kernel;
  kernel.counts_retries = false;
  kernel.airtime = std::chrono::microseconds{24'000};
  kernel.read(0);
  kernel.packets = 1'000;
  kernel.airtime = std::chrono::microseconds{12'000};
  EXPECT_EQ(kernel.read(50)->provenance, Provenance::estimated);

  kernel.packets = 2'000;
  kernel.airtime = std::chrono::microseconds{36'000};

  EXPECT_EQ(kernel.read(100)->provenance, Provenance::airtime);
}

TEST(Estimate, WhatWasOnlyRepeatedWasNotAcknowledged) {
  Kernel kernel;
  kernel.read(0);
  kernel.retries = 20;

  const auto delivery = kernel.read(50);

  ASSERT_TRUE(delivery);
  EXPECT_EQ(delivery->transmissions, 20U);
  EXPECT_DOUBLE_EQ(delivery->acknowledged, 0);
}

TEST(Estimate, NoMoreThanWhatWasSentHasFailed) {
  Kernel kernel;
  kernel.read(0);
  kernel.packets = 3;
  kernel.retries = 40;
  kernel.failed = 5;

  EXPECT_DOUBLE_EQ(kernel.read(50)->acknowledged, 0);
}

TEST(Estimate, BelievesFailuresUntilEightTenthsOfFiftyRetriesAreSome) {
  const auto acknowledged = [](std::uint64_t retries, std::uint64_t failed) {
    Kernel kernel;
    kernel.read(0);
    kernel.packets = 200 - retries;
    kernel.retries = retries;
    kernel.failed = failed;
    return 200 * kernel.read(50)->acknowledged;
  };

  EXPECT_DOUBLE_EQ(acknowledged(49, 49), 200 - 49 - 49) << "too few to tell";
  EXPECT_DOUBLE_EQ(acknowledged(50, 39), 200 - 50 - 39);
  EXPECT_DOUBLE_EQ(acknowledged(50, 40), 200 - 50);
}

// The older half of what it counted goes, again and again.
TEST(Estimate, ForgetsHowADriverOnceCountedItsFailures) {
  Kernel kernel;
  kernel.read(0);
  kernel.packets = 10'000;
  kernel.retries = 5'001;
  kernel.read(50);

  kernel.packets += 10'000;
  kernel.retries += 10'000;
  kernel.failed += 10'000;

  EXPECT_DOUBLE_EQ(kernel.read(100)->acknowledged, 0.5);
}

TEST(Estimate, TellsOfTheTimeSinceTheFirstReading) {
  Kernel kernel;
  kernel.read(1'000);
  kernel.packets = 50;

  const auto delivery = kernel.read(1'050);

  EXPECT_EQ(delivery->from, at_ms(1'000));
}

TEST(Estimate, ACounterThatShowsNoneOfTheLossesIsNone) {
  Kernel kernel;
  kernel.expected = mbps(500);
  EXPECT_EQ(kernel.read_on(10, mbps(780))->provenance, Provenance::delivery);

  const auto delivery = kernel.read_on(10, mbps(650));

  EXPECT_EQ(delivery->provenance, Provenance::minstrel);
  EXPECT_EQ(delivery->throughput, mbps(500));
}

TEST(Estimate, HowADriverCountsIsKnownWhenTheStationAssociatesAnew) {
  Kernel kernel;
  kernel.read_on(10, mbps(780));
  kernel.read_on(10, mbps(650));

  kernel.restart();
  kernel.packets = 0;

  EXPECT_FALSE(kernel.read_on(1, mbps(780))) << "there is no reading before it";
  EXPECT_EQ(kernel.read_on(1, mbps(780))->provenance, Provenance::estimated);
}

TEST(Estimate, TheTopRateMayBeAFiftiethBelowTheFastest) {
  const auto is_top = [](std::int64_t next_mbps) {
    Kernel kernel;
    kernel.rate.rate = mbps(800);
    kernel.read(0);
    kernel.packets = 100;
    kernel.read(50);
    kernel.packets = 200;
    kernel.rate.rate = mbps(next_mbps);
    return kernel.read(100)->is_top_rate;
  };

  EXPECT_TRUE(is_top(784));
  EXPECT_FALSE(is_top(783));
}

TEST(Estimate, TheTopRateIsTheFastestSeenAndHasNoFasterMcs) {
  Kernel kernel;
  kernel.read(0);
  kernel.packets = 100;
  EXPECT_TRUE(kernel.read(50)->is_top_rate);

  kernel.rate.mcs = 8;
  kernel.rate.rate = mbps(702);
  kernel.packets = 200;

  EXPECT_FALSE(kernel.read(100)->is_top_rate);
}

TEST(Throughput, OfARetryIsThatOfAnotherFirstTry) {
  EXPECT_NEAR(throughput_of(mbps(300), 0.5).mbps(), 0.5 * throughput_of(mbps(300), 1).mbps(), 1e-3);
}

TEST(Throughput, OfTwiceTheRateIsLessThanTwice) {
  const double half = throughput_of(mbps(390), 1).mbps();
  const double whole = throughput_of(mbps(780), 1).mbps();

  EXPECT_GT(whole, 1.2 * half);
  EXPECT_LT(whole, 1.8 * half);
  EXPECT_TRUE(throughput_of({}, 1).is_zero());
}

TEST(Throughput, IsThatOfAFrameAndItsShareOfTheExchange) {
  // 9600 bits at 300 Mbit/s, and a 32nd of 203 us.
  EXPECT_NEAR(throughput_of(mbps(300), 1).mbps(), 9'600 / (32 + 203.0 / 32), 1e-3);
}

TEST(TopMcs, DependsOnTheFormat) {
  const auto is_top = [](RateFormat format, std::uint8_t mcs, std::uint32_t width) {
    return is_top_mcs({.rate = {}, .format = format, .mcs = mcs, .nss = {}, .width = Mhz{width}});
  };

  EXPECT_TRUE(is_top(RateFormat::ht, 15, 40));
  EXPECT_FALSE(is_top(RateFormat::ht, 14, 40));
  EXPECT_TRUE(is_top(RateFormat::vht, 8, 20));
  EXPECT_FALSE(is_top(RateFormat::vht, 7, 20));
  EXPECT_TRUE(is_top(RateFormat::vht, 9, 80));
  EXPECT_FALSE(is_top(RateFormat::vht, 8, 80));
  EXPECT_FALSE(is_top(RateFormat::he, 10, 80));
  EXPECT_FALSE(is_top(RateFormat::eht, 12, 80));
  EXPECT_FALSE(is_top(RateFormat::legacy, 13, 20));
  EXPECT_TRUE(is_top(RateFormat::he, 11, 80));
  EXPECT_TRUE(is_top(RateFormat::eht, 13, 80));
  EXPECT_FALSE(is_top_mcs({.rate = mbps(54)}));
}

}  // namespace
}  // namespace pianissimo
