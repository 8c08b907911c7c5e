// Minstrel-HT's arithmetic and rhythm against figures that were computed from the kernel's source
// and read from real rc_stats, not against what this code puts out.
#include "experiments/sim/minstrel_ht.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace pianissimo::sim {
namespace {

using namespace std::chrono_literals;
using ::testing::DoubleNear;
using ::testing::Each;

constexpr std::uint32_t fraction(double p) { return static_cast<std::uint32_t>(p * minstrel_one); }

// From old_in to new_in; what share of the way the filter has gone after each update.
std::vector<double> step_response(double from, double to, const std::vector<double>& inputs) {
  SuccessFilter filter;
  for (int i = 0; i < 100; ++i) filter.add(fraction(from));
  const double settled = filter.out;
  std::vector<double> out;
  for (const double input : inputs) {
    filter.add(fraction(from + input * (to - from)));
    out.push_back((filter.out - settled) / (minstrel_one * (to - from)));
  }
  return out;
}

TEST(SuccessFilter, OvershootsAStepByAFifth) {
  const std::vector<double> expected{.29, .66, .97, 1.15, 1.22, 1.19, 1.12, 1.05, .99, .96};

  const auto seen = step_response(.2, .6, std::vector<double>(expected.size(), 1));

  EXPECT_THAT(seen, ::testing::Pointwise(DoubleNear(.01), expected));
}

TEST(SuccessFilter, OvershootsAsMuchWithTwoWindowsButLater) {
  // The change came in the middle of an interval: the first two inputs hold a part of it.
  const std::vector<double> expected{.14, .47, .81, 1.06, 1.19, 1.20, 1.16, 1.09, 1.02, .98};
  std::vector<double> inputs(expected.size(), 1);
  inputs[0] = .5;

  const auto seen = step_response(.2, .6, inputs);

  EXPECT_THAT(seen, ::testing::Pointwise(DoubleNear(.015), expected));
}

TEST(SuccessFilter, ShowsAVisitOfOneIntervalMostTwoUpdatesAfterItsEnd) {
  const std::vector<double> expected{.14, .33, .34, .25, .13, .02, -.05, -.07};

  // 60 ms across two intervals of two windows: half of it in each of the two inputs.
  const auto seen = step_response(.3, .7, {.5, .5, 0, 0, 0, 0, 0, 0});

  EXPECT_THAT(seen, ::testing::Pointwise(DoubleNear(.02), expected));
}

TEST(SuccessFilter, StaysBetweenNearlyNothingAndOne) {
  SuccessFilter filter;
  for (int i = 0; i < 20; ++i) filter.add(minstrel_one);
  EXPECT_EQ(filter.out, minstrel_one);

  for (int i = 0; i < 20; ++i) {
    filter.add(0);
    EXPECT_LE(filter.out, minstrel_one);
    EXPECT_GE(filter.out, 0);
  }
}

TEST(MinstrelThroughput, IsThatOfRealRateStatistics) {
  // (SGI, 80 MHz, 2 streams, MCS 9), MCS 8, and (SGI, 40 MHz HT, 1 stream, MCS 4), one by one on
  // the air, as ORCA's documentation and recordings show them.
  const RateSet vht{{.streams = 2, .width_mhz = 80}};
  const RateSet ht{{.standard = Capability::Standard::ht, .streams = 1, .width_mhz = 40}};
  const RateId mcs9 = RateSet::id_of(vht.groups() - 1, 9);
  const RateId mcs8 = RateSet::id_of(vht.groups() - 1, 8);
  const RateId ht4 = RateSet::id_of(ht.groups() - 1, 4);

  EXPECT_EQ(vht.duration_ns(mcs9), 11300U);
  EXPECT_EQ(minstrel_throughput(minstrel_one, 1, vht.duration_ns(mcs9)), 754U);
  EXPECT_EQ(minstrel_throughput(minstrel_one, 1, vht.duration_ns(mcs8)), 747U);
  EXPECT_EQ(minstrel_throughput(minstrel_one, 1, ht.duration_ns(ht4)), 418U);
}

TEST(MinstrelThroughput, BecomesTheKernelsKilobits) { EXPECT_EQ(minstrel_kbps(754), 70'687U); }

TEST(MinstrelThroughput, CountsNoMoreThanNineTenthsAndNothingBelowOneTenth) {
  EXPECT_EQ(minstrel_throughput(fraction(.95), 16, 20'000),
            minstrel_throughput(fraction(.901), 16, 20'000));
  EXPECT_EQ(minstrel_throughput(fraction(.099), 16, 20'000), 0U);
}

TEST(RateSet, LeavesOutTheRatesThatDoNotExist) {
  const RateSet narrow{{.streams = 1, .width_mhz = 20, .short_gi = false}};
  EXPECT_EQ(narrow.groups(), 1);
  EXPECT_FALSE(narrow.exists(9));
  EXPECT_TRUE(narrow.exists(8));

  const RateSet wide{{.streams = 3, .width_mhz = 80}};
  EXPECT_FALSE(wide.exists(RateSet::id_of(wide.groups() - 1, 6)));
  EXPECT_TRUE(wide.exists(RateSet::id_of(wide.groups() - 1, 9)));
}

// A link on which every rate up to a number of bits per symbol works and no other does.
class PerfectLink {
 public:
  PerfectLink(const RateSet& rates, std::uint32_t fastest_ns)
      : rates_{rates}, fastest_{fastest_ns} {}

  void exchange(MinstrelHt& minstrel, Instant now) const {
    const Chain chain = minstrel.next_chain(now);
    TxStatus status{.used = {}, .mpdus = 16, .acked = 0};
    for (std::size_t i = 0; i < chain.size() && status.acked == 0; ++i) {
      const bool works = rates_.duration_ns(chain[i].rate) >= fastest_;
      status.used[i] = {.rate = chain[i].rate, .tries = works ? 1 : chain[i].tries};
      if (works) status.acked = status.mpdus;
    }
    minstrel.on_status(now, status);
  }

 private:
  const RateSet& rates_;
  std::uint32_t fastest_;
};

class UpdateGrid : public ::testing::TestWithParam<std::pair<int, Duration>> {};

TEST_P(UpdateGrid, IsOneTickMoreThanATwentiethOfASecond) {
  const auto [hz, period] = GetParam();
  const RateSet rates{{.streams = 1, .width_mhz = 20}};
  MinstrelHt minstrel{rates, {.hz = hz}, 7};
  const PerfectLink link{rates, 0};

  // The average length of aggregates, and so the estimate, moves at each of the first updates.
  std::vector<Duration> between;
  Instant last{};
  std::uint32_t before = minstrel.expected_kbps();
  for (Instant now{}; now < Instant{} + 310ms; now += 1ms) {
    link.exchange(minstrel, now);
    if (minstrel.expected_kbps() == before) continue;
    before = minstrel.expected_kbps();
    if (last != Instant{}) between.push_back(now - last);
    last = now;
  }

  ASSERT_GE(between.size(), 4U);
  EXPECT_THAT(between, Each(period));
}

INSTANTIATE_TEST_SUITE_P(MinstrelHt, UpdateGrid,
                         ::testing::Values(std::pair{1000, 51ms}, std::pair{250, 52ms},
                                           std::pair{100, 60ms}),
                         [](const auto& given) { return std::to_string(given.param.first); });

TEST(MinstrelHt, HasNoUpdateWithoutTraffic) {
  const RateSet rates{{.streams = 2, .width_mhz = 80}};
  MinstrelHt minstrel{rates, {}, 1};
  const PerfectLink link{rates, 20'000};
  for (Instant now{}; now < Instant{} + 1s; now += 1ms) link.exchange(minstrel, now);
  const std::uint32_t before = minstrel.expected_kbps();

  // An hour without a frame.
  minstrel.next_chain(Instant{} + 1h);

  EXPECT_EQ(minstrel.expected_kbps(), before);
}

TEST(MinstrelHt, FindsTheFastestRateThatWorks) {
  const RateSet rates{{.streams = 2, .width_mhz = 80}};
  MinstrelHt minstrel{rates, {}, 1};
  const PerfectLink link{rates, 18'000};

  for (Instant now{}; now < Instant{} + 5s; now += 1ms) link.exchange(minstrel, now);

  const std::uint32_t found = rates.duration_ns(minstrel.best_throughput());
  EXPECT_GE(found, 18'000U);
  for (RateId id = 0; id < rates.size(); ++id) {
    if (rates.exists(id) && rates.duration_ns(id) >= 18'000) {
      EXPECT_LE(found, rates.duration_ns(id));
    }
  }
}

TEST(MinstrelHt, SamplesOneFrameIn20Milliseconds) {
  const RateSet rates{{.streams = 2, .width_mhz = 80}};
  MinstrelHt minstrel{rates, {.hz = 1000}, 1};
  const PerfectLink link{rates, 18'000};
  for (Instant now{}; now < Instant{} + 2s; now += 1ms) link.exchange(minstrel, now);

  // A sampling chain begins with another rate than the best, tried once.
  int samples = 0;
  for (Instant now = Instant{} + 2s; now < Instant{} + 4s; now += 1ms) {
    const Chain chain = minstrel.next_chain(now);
    const bool sampled = chain[0].rate != minstrel.best_throughput() && chain[0].tries == 1;
    samples += sampled ? 1 : 0;
    TxStatus status{.used = {}, .mpdus = 16, .acked = 16};
    const bool works = rates.duration_ns(chain[0].rate) >= 18'000;
    status.used[0] = {.rate = chain[0].rate, .tries = 1};
    if (!works) status.used[1] = {.rate = chain[1].rate, .tries = 1};
    minstrel.on_status(now, status);
  }

  // 100 in two seconds; an update (every 51 ms) begins the 20 ms anew.
  EXPECT_GE(samples, 80);
  EXPECT_LE(samples, 120);
}

TEST(MinstrelHt, KnowsTheAggregatesItSawUnlessTheDriverHidesThem) {
  const RateSet rates{{.streams = 2, .width_mhz = 80}};
  const PerfectLink link{rates, 18'000};
  MinstrelHt knows{rates, {.knows_aggregate_length = true}, 1};
  MinstrelHt guesses{rates, {.knows_aggregate_length = false}, 1};
  for (Instant now{}; now < Instant{} + 5s; now += 1ms) {
    link.exchange(knows, now);
    link.exchange(guesses, now);
  }

  // The average stalls below 16 in integer arithmetic: 15. The guess for such a rate is 16.
  const std::uint32_t duration = rates.duration_ns(knows.best_throughput());
  EXPECT_EQ(knows.expected_kbps(), minstrel_kbps(minstrel_throughput(minstrel_one, 15, duration)));
  EXPECT_EQ(guesses.expected_kbps(),
            minstrel_kbps(minstrel_throughput(minstrel_one, 16, duration)));
}

}  // namespace
}  // namespace pianissimo::sim
