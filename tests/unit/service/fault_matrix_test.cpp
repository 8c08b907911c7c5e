// Every request of the daemon fails in every way at every step, one (step, request, failure) after
// the other; then nothing fails any more. The invariants are those of FaultWorld.
#include <gtest/gtest.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <functional>
#include <limits>
#include <map>
#include <ostream>
#include <utility>
#include <vector>

#include "tests/unit/service/fault_world.hpp"

namespace pianissimo::service {
namespace {

using namespace std::chrono_literals;
using nl80211::Asked;
using nl80211::Errc;
using nl80211::Error;

struct Step {
  friend void PrintTo(const Step& step, std::ostream* out) { *out << step.name; }

  std::string name;
  FoundRadio radio;
  std::function<void(FaultWorld&)> before;  ///< with nothing failing
  std::function<void(FaultWorld&)> act;
};

void reach_the_floor(FaultWorld& world) { world.start_and_reach_the_floor(); }
void be_killed(FaultWorld& world) {
  world.start_and_reach_the_floor();
  world.kill();
}
void stop(FaultWorld& world) { world.stop(); }
void put_back(FaultWorld& world) { world.put_back_what_is_noted(); }

constexpr FoundRadio shared{.path = KnobKind::wiphy, .interfaces = 2, .channel_maximum = dbm(23)};
constexpr FoundRadio automatic{.channel_maximum = FaultWorld::found};

const std::vector<Step>& steps() {
  static const std::vector<Step> all{
      {"Start",
       {},
       [](FaultWorld&) {},
       [](FaultWorld& world) {
         world.start();
         world.time.advance(2600ms);
       }},
      {"Tick",
       {},
       reach_the_floor,
       [](FaultWorld& world) {
         nl80211::radio.happen(nl80211::RegulatoryChanged{});
         world.time.advance(3500ms);
       }},
      {"SetPower",
       {},
       reach_the_floor,
       [](FaultWorld& world) {
         world.station_joins();
         world.time.advance(2600ms);
       }},
      {"SetPowerOfASharedRadio", shared, reach_the_floor,
       [](FaultWorld& world) {
         world.station_joins();
         world.time.advance(2600ms);
       }},
      {"Reattach",
       {},
       [](FaultWorld& world) {
         world.start_and_reach_the_floor();
         world.vanish();
       },
       [](FaultWorld& world) {
         world.return_anew();
         world.time.advance(2600ms);
       }},
      {"Reload",
       {},
       reach_the_floor,
       [](FaultWorld& world) {
         world.reload();
         world.time.advance(2600ms);
       }},
      {"Stop", {}, reach_the_floor, stop},
      {"StopOfASharedRadio", shared, reach_the_floor, stop},
      {"StopWhereItWasAutomatic", automatic, reach_the_floor, stop},
      {"StartAfterAKill",
       {},
       be_killed,
       [](FaultWorld& world) {
         world.start();
         world.time.advance(2600ms);
       }},
      {"Restore", {}, be_killed, put_back},
      {"RestoreOfASharedRadio", shared, be_killed, put_back},
      {"RestoreWhereItWasAutomatic", automatic, be_killed, put_back},
  };
  return all;
}

constexpr std::array all_asked{std::pair{Asked::interfaces, "interfaces"},
                               std::pair{Asked::interface, "interface"},
                               std::pair{Asked::wiphys, "wiphys"},
                               std::pair{Asked::regulatory_domain, "domain"},
                               std::pair{Asked::stations, "stations"},
                               std::pair{Asked::set_power, "set power"},
                               std::pair{Asked::set_automatic, "set automatic"},
                               std::pair{Asked::read_back, "read back"}};

const std::vector<Failure>& failures() {
  static const std::vector<Failure> all = [] {
    std::vector<Failure> made;
    for (const int number : {EPERM, ENOENT, EINTR, EIO, EAGAIN, ENOMEM, EACCES, EBUSY, ENODEV,
                             EINVAL, EOPNOTSUPP, ENETDOWN, ENOBUFS}) {
      made.push_back({std::strerror(number), {.error = Error::from_errno(number)}});
    }
    made.push_back({"malformed", {.error = Error{Errc::malformed}}});
    made.push_back({"truncated", {.error = Error{Errc::truncated}}});
    made.push_back({"no answer", {.error = Error{Errc::timed_out}}, 2s});
    made.push_back(
        {"its answer is lost", {.error = Error{Errc::timed_out}, .is_in_force = true}, 2s});
    made.push_back({"late", {}, 1900ms});
    made.push_back({"short", {.is_short = true}});
    return made;
  }();
  return all;
}

// What it changes nothing to know, as it is asked for again at once: an interface that is gone is
// found so by the next look, a power after a write by the next reading, and who puts a power back
// tries again where the kernel was busy, and gives the level where there is no "automatic".
bool may_be_silent(const Fault& fault) {
  const Error& error = *fault.how.fate.error;
  const PowerAnswer answer = answer_to(error);
  switch (fault.what) {
    case Asked::read_back:
      return true;
    case Asked::interface:
      return answer == PowerAnswer::gone || error.as_errno() == ENETDOWN;
    case Asked::set_automatic:
      if (answer == PowerAnswer::unsupported) return true;
      [[fallthrough]];
    case Asked::set_power:
      return answer == PowerAnswer::busy && !fault.stays;
    default:
      return false;
  }
}

// A list without an interface is a way to say that there is none: nobody could tell.
bool can_be(const Asked what, const Failure& failure) {
  return what != Asked::interfaces || !failure.fate.is_short;
}

class FaultMatrix : public ::testing::TestWithParam<Step> {
 protected:
  // With nothing failing.
  static std::map<Asked, int> what_is_asked(const Step& step) {
    FaultWorld world{step.radio};
    step.before(world);
    world.arm({.first = std::numeric_limits<int>::max()});
    step.act(world);
    std::map<Asked, int> asked;
    for (const auto& [what, word] : all_asked) asked[what] = world.asked(what);
    world.must_have_done_no_harm();
    return asked;
  }

  // False: no such request was made.
  static bool try_one(const Step& step, const Fault& fault) {
    FaultWorld world{step.radio};
    step.before(world);
    world.arm(fault);
    step.act(world);
    if (world.hits() == 0) return false;

    const bool is_error = fault.how.fate.error.has_value();
    if (is_error && !may_be_silent(fault)) {
      EXPECT_TRUE(world.is_said(fault)) << "not said";
    }
    const bool is_blind = fault.what == Asked::stations && fault.stays && is_error;
    if (is_blind && world.runs()) {
      EXPECT_TRUE(world.is_at(FaultWorld::found)) << "nobody sees who loses what";
    }
    world.disarm();
    if (world.runs()) {
      EXPECT_TRUE(world.reaches_the_floor_within(15s)) << "it does not go on";
    }
    world.must_have_done_no_harm();
    static bool is_shown = false;
    if (HasFailure() && !std::exchange(is_shown, true)) std::printf("%s\n", world.said().c_str());
    return true;
  }
};

// The second request of a kind, or all that follow, fail in these ways only: the others show
// nothing new there.
bool is_typical(const Failure& failure) {
  const auto& error = failure.fate.error;
  const int number = error ? error->as_errno() : 0;
  return failure.after > 0s || number == EBUSY || number == ENODEV;
}

TEST_P(FaultMatrix, DoesNoHarmWhateverFails) {
  const Step& step = GetParam();
  const auto asked = what_is_asked(step);
  int pairs = 0;
  for (const auto& [what, word] : all_asked) {
    for (const Failure& failure : failures()) {
      for (const auto& [first, stays] : {std::pair{1, false}, {1, true}, {2, false}}) {
        const bool is_first_alone = first == 1 && !stays;
        if (asked.at(what) < first || !can_be(what, failure)) continue;
        if (!is_first_alone && !is_typical(failure)) continue;
        SCOPED_TRACE(step.name + ": " + word + ' ' + std::to_string(first) +
                     (stays ? " and all that follow: " : ": ") + failure.name);
        if (try_one(step, {what, first, stays, failure})) ++pairs;
      }
    }
  }
  std::printf("%s: %d pairs of a step and a failure\n", step.name.c_str(), pairs);
  EXPECT_GE(pairs, 40);
}

INSTANTIATE_TEST_SUITE_P(At, FaultMatrix, ::testing::ValuesIn(steps()),
                         [](const auto& step) { return step.param.name; });

}  // namespace
}  // namespace pianissimo::service
