#include "experiments/traffic/schedule.hpp"

#include <gmock/gmock.h>

#include <chrono>
#include <limits>
#include <map>

namespace pianissimo::traffic {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;

Flow packets(std::uint64_t per_second) { return {.rate = {per_second}, .sizes = {1200}}; }

std::vector<Departure> all(Schedule schedule) {
  std::vector<Departure> departures;
  while (const auto next = schedule.next()) departures.push_back(*next);
  return departures;
}

std::vector<Duration> times(Schedule schedule) {
  std::vector<Duration> times;
  while (const auto next = schedule.next()) times.push_back(next->at);
  return times;
}

TEST(Schedule, SpacesPacketsEvenly) {
  EXPECT_THAT(times(Schedule{{packets(4)}, 1s}), ElementsAre(0ms, 250ms, 500ms, 750ms));
}

TEST(Schedule, DoesNotDriftWhenTheSpacingIsNoWholeNanosecond) {
  const Flow thirds = packets(3);

  for (const std::uint64_t second : {1U, 1'000U, 1'000'000U}) {
    EXPECT_EQ(departure(thirds, 3 * second), std::chrono::seconds{second});
  }
}

TEST(Schedule, TakesSizesInTurns) {
  Flow flow = packets(1000);
  flow.sizes = {60, 1200, 300};

  EXPECT_THAT(all(Schedule{{flow}, 5ms}),
              ElementsAre(Departure{0ms, 0, 60}, Departure{1ms, 0, 1200}, Departure{2ms, 0, 300},
                          Departure{3ms, 0, 60}, Departure{4ms, 0, 1200}));
}

TEST(Schedule, KeepsARateInBitsWhateverTheSizes) {
  // 8000 bit/s: one byte per millisecond.
  const Flow flow{.rate = {8000, RateUnit::bits}, .sizes = {100, 400}};

  EXPECT_THAT(times(Schedule{{flow}, 1001ms}), ElementsAre(0ms, 100ms, 500ms, 600ms, 1000ms));
}

TEST(Schedule, IsSilentWhileThePatternIsOff) {
  Flow flow = packets(100);
  flow.pattern = {.on = 30ms, .off = 70ms};

  EXPECT_THAT(times(Schedule{{flow}, 200ms}), ElementsAre(0ms, 10ms, 20ms, 100ms, 110ms, 120ms));
}

TEST(Schedule, KeepsTheSpacingOverSilencesThatItDoesNotFit) {
  Flow flow = packets(100);
  flow.pattern = {.on = 25ms, .off = 5ms};

  EXPECT_THAT(times(Schedule{{flow}, 60ms}), ElementsAre(0ms, 10ms, 20ms, 35ms, 45ms));
}

TEST(Schedule, AShortPatternStillCarriesASlowFlow) {
  // On for 1 ms of 10: a packet per 100 ms of being on.
  Flow flow = packets(10);
  flow.pattern = {.on = 1ms, .off = 9ms};

  EXPECT_THAT(times(Schedule{{flow}, 2500ms}), ElementsAre(0ms, 1000ms, 2000ms));
}

TEST(Schedule, BeginsAtThePhase) {
  Flow flow = packets(100);
  flow.pattern = {.on = 20ms, .off = 20ms};
  flow.phase = 7ms;

  EXPECT_THAT(times(Schedule{{flow}, 60ms}), ElementsAre(7ms, 17ms, 47ms, 57ms));
}

TEST(Schedule, MergesFlowsInTheOrderOfTimeAndThenOfFlows) {
  Flow late = packets(100);
  late.phase = 5ms;

  EXPECT_THAT(all(Schedule{{packets(100), late, packets(50)}, 21ms}),
              ElementsAre(Departure{0ms, 0, 1200}, Departure{0ms, 2, 1200}, Departure{5ms, 1, 1200},
                          Departure{10ms, 0, 1200}, Departure{15ms, 1, 1200},
                          Departure{20ms, 0, 1200}, Departure{20ms, 2, 1200}));
}

TEST(Schedule, WithoutAnEndGoesOn) {
  Schedule schedule{{packets(1000)}, 0s};
  std::optional<Departure> last;

  for (int i = 0; i <= 100'000; ++i) last = schedule.next();

  EXPECT_EQ(last, (Departure{100s, 0, 1200}));
}

TEST(Schedule, ItsLastPacketLeavesBeforeTheEnd) {
  EXPECT_THAT(times(Schedule{{packets(10)}, 100ms}), ElementsAre(0ms));
  EXPECT_THAT(times(Schedule{{packets(10)}, 100ms + 1ns}), ElementsAre(0ms, 100ms));
}

TEST(Schedule, TimesNeverGoBackAtTheEdgesOfItsRange) {
  for (const std::uint64_t rate : {1'000ULL, 7'777ULL, 9'999'999'999ULL, 10'000'000'000ULL}) {
    Flow flow{.rate = {rate, RateUnit::bits}, .sizes = {1, 65'507}};
    flow.pattern = {.on = 3ms, .off = 11ms};
    ASSERT_TRUE(check(flow));

    Duration last{-1};
    for (std::uint64_t number = 0; number < 10'000; ++number) {
      const Duration at = departure(flow, number);
      ASSERT_GE(at, last) << rate << " bit/s, packet " << number;
      last = at;
    }
  }
}

TEST(OnOff, IsOnAtTheBeginningOfEachTurn) {
  const OnOff pattern{.on = 20ms, .off = 80ms};

  EXPECT_EQ(next_on(pattern, 0ms), 0ms);
  EXPECT_EQ(next_on(pattern, 20ms - 1ns), 20ms - 1ns);
  EXPECT_EQ(next_on(pattern, 20ms), 100ms);
  EXPECT_EQ(next_on(pattern, 99ms), 100ms);
  EXPECT_EQ(next_on(pattern, 110ms), 110ms);
}

TEST(OnOff, WithoutATimeOffIsAlwaysOn) {
  for (const Duration at : {Duration{0}, Duration{1ms}, Duration{24h}}) {
    EXPECT_EQ(next_on({}, at), at);
    EXPECT_EQ(elapsed_after({.on = 5ms}, at), at);
  }
}

TEST(OnOff, EveryDepartureIsWhileItIsOn) {
  Flow flow = packets(977);
  flow.pattern = {.on = 13ms, .off = 29ms};

  for (std::uint64_t number = 0; number < 100'000; ++number) {
    const Duration at = departure(flow, number);
    ASSERT_EQ(next_on(flow.pattern, at), at) << "packet " << number;
  }
}

TEST(Spread, IsTheSameForASeedAndAnotherForAnother) {
  const auto phases = [](std::uint64_t seed) {
    std::vector<Duration> found;
    for (const Flow& flow : spread(packets(10), 20, seed)) found.push_back(flow.phase);
    return found;
  };

  EXPECT_EQ(phases(1), phases(1));
  EXPECT_NE(phases(1), phases(2));
}

TEST(Spread, TheFirstFlowBeginsAtOnceAndNoneAfterTheFirstTurn) {
  Flow in_pattern = packets(1000);
  in_pattern.pattern = {.on = 200ms, .off = 300ms};
  const std::map<Duration, Flow> by_turn{{100ms, packets(10)}, {500ms, in_pattern}};

  for (const auto& [turn, flow] : by_turn) {
    const std::vector<Flow> flows = spread(flow, 200, 7);

    EXPECT_EQ(flows.front().phase, 0ms);
    Duration latest{0};
    for (const Flow& one : flows) {
      EXPECT_LT(one.phase, turn);
      latest = std::max(latest, one.phase);
    }
    EXPECT_GT(latest, turn / 2) << "they are not spread";
  }
}

struct BadFlow {
  const char* name;
  Flow flow;
  const char* complaint;
};

class FlowCheck : public testing::TestWithParam<BadFlow> {};

TEST_P(FlowCheck, SaysWhichValueCannotBe) {
  const auto checked = check(GetParam().flow);

  ASSERT_FALSE(checked);
  EXPECT_THAT(checked.error().message, HasSubstr(GetParam().complaint));
  EXPECT_EQ(checked.error().exit_status, ExitStatus::usage);
}

INSTANTIATE_TEST_SUITE_P(
    Values, FlowCheck,
    testing::Values(
        BadFlow{"NoRate", packets(0), "rate: expected 1 to 10000000000 packets/s, not 0"},
        BadFlow{"TooFast", {.rate = {10'000'000'001, RateUnit::bits}, .sizes = {1}}, "bit/s"},
        BadFlow{"Overflow", packets(std::numeric_limits<std::uint64_t>::max()), "rate"},
        BadFlow{"NoSize", {.rate = {1}, .sizes = {}}, "size"},
        BadFlow{
            "Empty", {.rate = {1}, .sizes = {1200, 0}}, "size: expected 1 to 65507 bytes, not 0"},
        BadFlow{"TooLarge", {.rate = {1}, .sizes = {65'508}}, "size"},
        BadFlow{"NeverOn", {.rate = {1}, .sizes = {1}, .pattern = {0ms, 5ms}}, "time on"},
        BadFlow{"BackInTime", {.rate = {1}, .sizes = {1}, .pattern = {5ms, -5ms}}, "negative"},
        BadFlow{"EarlyPhase", {.rate = {1}, .sizes = {1}, .pattern = {}, .phase = -1ms}, "phase"}),
    [](const auto& test) { return std::string{test.param.name}; });

}  // namespace
}  // namespace pianissimo::traffic
