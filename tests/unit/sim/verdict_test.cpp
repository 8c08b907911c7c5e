// Verdicts on lasting changes in simulated runs: a law that takes too much is found out, and one
// that keeps what it should is left alone, whatever happens to its stations.
#include <gmock/gmock.h>

#include "controller/policy/anchor.hpp"
#include "experiments/sim/run.hpp"

namespace pianissimo::sim {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

/// The ceiling for 70 s, and then the same low level for ever.
class DropsAfterAMinute final : public Policy {
 public:
  Advice start(Instant at, const Box& box, Reason reason) override {
    box_ = box;
    if (!began_) began_ = at;
    return {.level = wanted(at), .because = Because{reason, {}}};
  }
  Advice on_applied(Instant at) override { return {.level = wanted(at)}; }
  Advice on_wake(Instant at) override { return {.level = wanted(at)}; }
  Advice on_reading(Instant at, std::span<const StationView>) override {
    return {.level = wanted(at)};
  }
  Advice on_station_left(Instant at, const MacAddress&) override { return {.level = wanted(at)}; }

 private:
  Dbm wanted(Instant at) const { return at - *began_ < 70s ? box_.ceiling() : box_.clamp(dbm(5)); }

  Box box_{Dbm{}, Dbm{}};
  std::optional<Instant> began_;
};

// The doubts and verdicts of a run, in order.
std::vector<Reason> told_in(const std::string& name, int duration_s, PolicyFactory law) {
  auto loaded = load_scenario(std::string{PIANISSIMO_SCENARIOS} + '/' + name + ".yaml");
  auto scenario = std::get<Scenario>(std::move(loaded));
  scenario.duration_s = duration_s;
  std::vector<Reason> told;
  RunOptions options{.seed = 1, .policy = std::move(law), .verdict = VerdictParams{}, .record = {}};
  options.record = [&told](int, const journal::Record& record) {
    const auto* const decision = std::get_if<Decision>(&record.what);
    if (decision != nullptr &&
        (verdict_of(decision->reason) || decision->reason == Reason::change_doubted)) {
      told.push_back(decision->reason);
    }
  };
  run(scenario, options);
  return told;
}

TEST(SimulatedVerdict, TooLowAPowerIsFoundToHurt) {
  const auto law = [] { return std::make_unique<DropsAfterAMinute>(); };
  for (const char* const name : {"rooms-10m", "across-the-room", "interference"}) {
    EXPECT_THAT(told_in(name, 200, law), ElementsAre(Reason::change_doubted, Reason::change_hurt))
        << name;
  }
}

TEST(SimulatedVerdict, ALowPowerThatIsEnoughIsLeftAlone) {
  EXPECT_THAT(told_in("table-2m", 200, [] { return std::make_unique<DropsAfterAMinute>(); }),
              ElementsAre(Reason::change_neutral));
}

TEST(SimulatedVerdict, NothingIsSaidOfAStationThatWalksMeanwhile) {
  EXPECT_THAT(told_in("walk-away", 300, [] { return std::make_unique<DropsAfterAMinute>(); }),
              IsEmpty());
}

TEST(SimulatedVerdict, AnchorIsNeverDoubted) {
  for (const char* const name : {"across-the-room", "app-limited", "busy-channel", "door",
                                 "interference", "no-signal", "walk-away", "web"}) {
    for (const Reason reason : told_in(name, 240, [] { return make_anchor({}); })) {
      EXPECT_TRUE(reason == Reason::change_neutral || reason == Reason::change_helped)
          << name << ": " << to_string(reason);
    }
  }
}

}  // namespace
}  // namespace pianissimo::sim
