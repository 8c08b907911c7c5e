// Random lives, drawn from seeds: nothing that can be told may make the core break a promise.
#include <gmock/gmock.h>

#include <algorithm>
#include <array>
#include <tuple>

#include "controller/core/controller.hpp"
#include "controller/policy/anchor.hpp"
#include "controller/policy/descend.hpp"
#include "controller/policy/fixed.hpp"
#include "tests/property/law.hpp"
#include "tests/property/world.hpp"
#include "tests/unit/core/print.hpp"

namespace pianissimo {
namespace {

using namespace test;
using namespace std::chrono_literals;
using testing::IsEmpty;

struct Setting {
  const char* name;
  PolicyFactory policy;
  Duration dwell;  // the shortest that the policy keeps a level for
  bool explains_all = true;
  int events = 1200;
  std::uint32_t seeds = 15;
};

// Parked again after it was parked before, it goes there without a word.
Setting descending(const char* name, const DescendParams& params) {
  return {name, [params] { return make_descend(params); },
          std::min({params.step_dwell, params.watch_dwell, params.probe_dwell}),
          params.idle == WhenIdle::hold};
}

// It answers a collapse at the next reading, whenever that is.
Setting anchored(const char* name, const AnchorParams& params) {
  return {name, [params] { return make_anchor(params); }, Duration{0}, true, 10'000, 5};
}

Setting fixed_at(const char* name, const FixedParams& params) {
  return {name, [params] { return make_fixed(params); }, 1h};
}

const std::vector<Setting>& settings() {
  static const std::vector<Setting> all{
      descending("descend", {}),
      descending("descend_ceiling", {.idle = WhenIdle::ceiling}),
      descending("descend_floor_often", {.probe_every = 2, .idle = WhenIdle::floor}),
      descending("descend_slow", {.keep = 1.0,
                                  .step_dwell = 500ms,
                                  .watch_dwell = 400ms,
                                  .probe_every = 1,
                                  .probe_dwell = 300ms}),
      fixed_at("fixed_max", {FixedParams::Edge::max}),
      fixed_at("fixed_min", {FixedParams::Edge::min}),
      fixed_at("fixed_level", {dbm(12)}),
      anchored("anchor", {}),
      anchored("anchor_alone", {.coarse = false,
                                .watchman = false,
                                .emergency = false,
                                .feed_forward = false,
                                .places = false,
                                .visits = false,
                                .memory = false,
                                .effect_test = false}),
      anchored("anchor_hasty", {.keep = 1.0,
                                .step_dwell = 1ms,
                                .climb = 1ms,
                                .retry_first = 1ms,
                                .retry_longest = 1ms,
                                .say = 1ms,
                                .visit_every = 1s,
                                .visit_dwell = 1ms}),
  };
  return all;
}

BoxParams operator_wishes(std::uint32_t seed) {
  return {.floor = dbm(static_cast<std::int32_t>(seed % 7)),
          .ceiling = seed % 3 == 0 ? std::optional{dbm(static_cast<std::int32_t>(seed % 23))}
                                   : std::nullopt};
}

class Property : public testing::TestWithParam<std::tuple<std::size_t, KnobKind>> {
 protected:
  const Setting& setting() const { return settings()[std::get<0>(GetParam())]; }
  KnobKind path() const { return std::get<1>(GetParam()); }
  Controller controller(std::uint32_t seed) const {
    return {operator_wishes(seed), setting().policy};
  }
  std::vector<Event> life(std::uint32_t seed) const {
    World world{seed, path()};
    Controller told = controller(seed);
    std::vector<Event> all;
    for (int i = 0; i < setting().events; ++i) {
      all.push_back(world.next());
      world.take(told.on(all.back()));
    }
    return all;
  }

  /// One life, in which no promise is broken; `see` is shown each event and its outcome.
  template <class See>
  void live(std::uint32_t seed, World& world, See see) const {
    Controller told = controller(seed);
    Law law{operator_wishes(seed), setting().dwell, setting().explains_all};
    for (int i = 0; i < setting().events; ++i) {
      const Event event = world.next();

      const Outcome outcome = told.on(event);

      ASSERT_THAT(law.broken_by(event, outcome), IsEmpty())
          << "seed " << seed << ", event " << i << ": " << testing::PrintToString(outcome);
      ASSERT_NO_FATAL_FAILURE(see(event, outcome));
      world.take(outcome);
    }
  }
};

TEST_P(Property, NoPromiseIsBroken) {
  for (std::uint32_t seed = 1; seed <= setting().seeds; ++seed) {
    World world{seed, path()};
    ASSERT_NO_FATAL_FAILURE(live(seed, world, [](const Event&, const Outcome&) {}));
  }
}

// Whatever operators wish, and whenever: it leads outside no box, what is held stays, and nothing
// goes down that nobody lets.
TEST_P(Property, NoWishOfAnOperatorBreaksAPromise) {
  for (std::uint32_t seed = 1; seed <= setting().seeds; ++seed) {
    World world{seed, path()};
    world.let_operators_speak();
    Controller again = controller(seed);
    ASSERT_NO_FATAL_FAILURE(live(seed, world, [&](const Event& event, const Outcome& outcome) {
      ASSERT_EQ(again.on(event), outcome) << "seed " << seed;
    }));
  }
}

TEST_P(Property, TheSameEventsHaveTheSameAnswers) {
  for (std::uint32_t seed = 1; seed <= setting().seeds; ++seed) {
    const std::vector<Event> all = life(seed);
    Controller once = controller(seed);
    Controller again = controller(seed);
    for (const Event& event : all) ASSERT_EQ(once.on(event), again.on(event)) << "seed " << seed;
  }
}

// In which order the kernel lists the stations means nothing.
TEST_P(Property, TheOrderOfStationsInAReportChangesNothing) {
  const auto sorted = [](Outcome outcome) {
    std::ranges::stable_sort(outcome.decisions, {}, &Decision::knob);
    std::ranges::stable_sort(outcome.commands, {}, &SetPower::knob);
    return outcome;
  };
  for (std::uint32_t seed = 1; seed <= setting().seeds; ++seed) {
    std::mt19937 random{seed};
    Controller listed = controller(seed);
    Controller shuffled = controller(seed);
    for (Event event : life(seed)) {
      const Outcome outcome = listed.on(event);
      if (auto* const report = std::get_if<StationReport>(&event)) {
        std::shuffle(report->stations.begin(), report->stations.end(), random);
      }

      ASSERT_EQ(sorted(shuffled.on(event)), sorted(outcome)) << "seed " << seed;
    }
  }
}

std::string name_of(const testing::TestParamInfo<std::tuple<std::size_t, KnobKind>>& chosen) {
  constexpr std::array<const char*, 3> paths{"wiphy", "interface", "station"};
  const auto [setting, path] = chosen.param;
  return std::string{settings()[setting].name} + "_through_" +
         paths[static_cast<std::size_t>(path)];
}

INSTANTIATE_TEST_SUITE_P(Lives, Property,
                         testing::Combine(testing::Range<std::size_t>(0, settings().size()),
                                          testing::Values(KnobKind::wiphy, KnobKind::interface,
                                                          KnobKind::station)),
                         name_of);

class Recovery : public testing::TestWithParam<KnobKind> {};

// What a station has shown is remembered of it, so these are others: the law itself is not stuck.
// How fast it goes down depends on how long the knob took to obey.
TEST_P(Recovery, GoesDownAgainWhateverHasHappened) {
  for (std::uint32_t seed = 1; seed <= 40; ++seed) {
    World world{seed, GetParam()};
    Controller controller{BoxParams{}, [] { return make_anchor({.effect_test = false}); }};
    for (int i = 0; i < 1000; ++i) world.take(controller.on(world.next()));
    std::set<Knob> lowered;

    world.calm_down(true);
    for (const Instant end = world.now() + 120s; world.now() < end;) {
      const Outcome outcome = controller.on(world.next());
      world.take(outcome);
      for (const Decision& decision : outcome.decisions) {
        if (mark_of(decision.reason) == Mark::down) lowered.insert(decision.knob);
      }
    }

    const std::size_t knobs = GetParam() == KnobKind::wiphy ? 1 : 2;
    ASSERT_EQ(lowered.size(), knobs) << "seed " << seed;
  }
}

// Whatever has happened, once all is well again the descent comes to its visits: nothing is stuck.
TEST_P(Recovery, DescendsAgainWhateverHasHappened) {
  for (std::uint32_t seed = 1; seed <= 40; ++seed) {
    World world{seed, GetParam()};
    Controller controller{BoxParams{}, [] { return make_descend({}); }};
    for (int i = 0; i < 300; ++i) world.take(controller.on(world.next()));
    std::set<Knob> descended;
    std::set<Knob> visited;

    world.calm_down();
    for (const Instant end = world.now() + 15s; world.now() < end;) {
      const Outcome outcome = controller.on(world.next());
      world.take(outcome);
      for (const Decision& decision : outcome.decisions) {
        if (decision.reason == Reason::floor_reached) descended.insert(decision.knob);
        if (decision.reason == Reason::visit_passed) visited.insert(decision.knob);
      }
    }

    const std::size_t knobs = GetParam() == KnobKind::wiphy ? 1 : 2;
    ASSERT_EQ(descended.size(), knobs) << "seed " << seed;
    ASSERT_EQ(visited.size(), knobs) << "seed " << seed;
  }
}

INSTANTIATE_TEST_SUITE_P(Paths, Recovery,
                         testing::Values(KnobKind::wiphy, KnobKind::interface, KnobKind::station));

}  // namespace
}  // namespace pianissimo
