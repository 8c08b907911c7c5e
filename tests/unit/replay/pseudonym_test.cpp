// A journal whose stations were given pseudonyms afterwards: what a replay makes of it.
#include "controller/journal/pseudonym.hpp"

#include "tests/unit/replay/journals.hpp"

namespace pianissimo::replay {
namespace {

using journal::Pseudonyms;

std::string hidden(const std::string& text, StationIds ids) {
  Pseudonyms names{ids, {1, 2, 3}};
  std::string out;
  for (const std::string& line : lines_of(text)) {
    auto record = std::get<journal::Record>(journal::from_line(line));
    names.hide(record);
    out += to_line(record) + '\n';
  }
  return out;
}

// Each needs another level and loses another share, so that nothing is decided by the order of
// addresses.
std::string of_unequal_stations(PolicyName policy) {
  test::RecordedRun::Start start = test::two_stations();
  start.config.policy = policy;
  for (std::uint8_t i = 3; i < 9; ++i) start.stations.push_back({{2, 0, 0, 0, i, 0}});
  start.capacity = [](const MacAddress& station, Dbm level) {
    const Dbm edge = dbm(18 - station.octets[4]);
    const std::int64_t lost = std::max(0, (edge - level).mb() / 100);
    const std::int64_t slope = 10 * station.octets[4] * ((dbm(20) - level).mb() / 100);
    return Throughput::from_kbps(70'000 - slope - 9'000 * lost);
  };
  test::RecordedRun run{start};
  run.run(2'000);
  return run.take_text();
}

TEST(PseudonymisedJournal, OfUnequalStationsReplaysExactly) {
  const Folder folder;
  for (const PolicyName policy : {PolicyName::descend, PolicyName::fixed}) {
    for (const StationIds ids : {StationIds::hmac, StationIds::none}) {
      const auto file = folder.write("journal.jsonl", hidden(of_unequal_stations(policy), ids));

      const Summary summary = replayed(file);

      EXPECT_EQ(summary.exit_status(), 0) << summary_text(summary);
      EXPECT_GT(summary.decisions_equal, 0U);
    }
  }
}

TEST(PseudonymisedJournal, HasTheSameDecisionsButForWhoTheStationsAre) {
  const std::string plain = of_unequal_stations(PolicyName::descend);

  const auto before = lines_of(plain);
  const auto after = lines_of(hidden(plain, StationIds::hmac));

  ASSERT_EQ(before.size(), after.size());
  for (std::size_t i = 1; i < before.size(); ++i) {
    EXPECT_EQ(before[i].size(), after[i].size());
    EXPECT_EQ(after[i].find("02:00:00:00:"), std::string::npos);
  }
}

}  // namespace
}  // namespace pianissimo::replay
