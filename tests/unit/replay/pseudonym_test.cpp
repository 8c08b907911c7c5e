// A journal whose stations were given pseudonyms afterwards: what the core makes of its events.
// (One that was written with them is exact: tests/unit/service/daemon_privacy_test.cpp.)
#include "controller/journal/pseudonym.hpp"

#include <gmock/gmock.h>

#include <deque>
#include <sstream>

#include "tests/unit/replay/recorded_run.hpp"

namespace pianissimo {
namespace {

std::string eight_stations(PolicyName policy, KnobKind path) {
  test::RecordedRun::Start start = test::two_stations(path);
  start.config.policy = policy;
  for (std::uint8_t i = 3; i < 9; ++i) start.stations.push_back({{2, 0, 0, 0, i, 0}});
  start.capacity = [](const MacAddress& station, Dbm level) {
    const Dbm edge = dbm(18 - station.octets[4]);
    const int lost = std::clamp((edge - level).mb() / 100, 0, 6);
    return Throughput::from_kbps(70'000 - 9'000 * lost);
  };
  test::RecordedRun run{start};
  run.run(2'000);
  return run.take_text();
}

struct Compared {
  std::size_t decisions = 0;
  std::size_t of_another_level_or_reason = 0;
  std::size_t different = 0;
};

Compared compare(PolicyName policy, KnobKind path, StationIds ids) {
  journal::Pseudonyms names{ids, {1, 2, 3}};
  Config config;
  config.policy = policy;
  Controller core{config.box, policy_of(config)};
  Compared compared;
  std::deque<Decision> due;
  std::istringstream lines{eight_stations(policy, path)};
  for (std::string line; std::getline(lines, line);) {
    auto record = std::get<journal::Record>(journal::from_line(line));
    names.hide(record);
    if (const auto* const event = std::get_if<Event>(&record.what)) {
      const Outcome outcome = core.on(*event);
      due.assign(outcome.decisions.begin(), outcome.decisions.end());
    } else if (const auto* const decision = std::get_if<Decision>(&record.what)) {
      ++compared.decisions;
      const bool is_same =
          !due.empty() && due.front().to == decision->to && due.front().reason == decision->reason;
      if (!is_same) ++compared.of_another_level_or_reason;
      if (due.empty() || due.front() != *decision) ++compared.different;
      if (!due.empty()) due.pop_front();
    }
  }
  return compared;
}

// Between stations that need the same, the order of their addresses decides who is named: but not
// what is done.
TEST(PseudonymsAfterwards, LeadToTheSameLevelsForTheSameReasons) {
  for (const PolicyName policy : {PolicyName::anchor, PolicyName::descend, PolicyName::fixed}) {
    for (const KnobKind path : {KnobKind::interface, KnobKind::station}) {
      const Compared compared = compare(policy, path, StationIds::hmac);

      EXPECT_EQ(compared.of_another_level_or_reason, 0U);
      EXPECT_GT(compared.decisions, 5U);
    }
  }
}

// Where the order stays, everything does.
TEST(PseudonymsAfterwards, ThatKeepTheOrderAreExact) {
  for (const PolicyName policy : {PolicyName::anchor, PolicyName::descend, PolicyName::fixed}) {
    for (const KnobKind path : {KnobKind::interface, KnobKind::station}) {
      EXPECT_EQ(compare(policy, path, StationIds::none).different, 0U);
    }
  }
}

}  // namespace
}  // namespace pianissimo
