// Recorded journals: their events are told again, and the decisions must be those in the file. A
// change of behaviour shows as a difference between lines that can be read. README.md says what
// each shows, and how to record anew.
#include <gmock/gmock.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <variant>

#include "controller/core/controller.hpp"
#include "controller/journal/record.hpp"
#include "controller/policy/anchor.hpp"
#include "controller/policy/descend.hpp"

namespace pianissimo {
namespace {

namespace fs = std::filesystem;

/// A journal, and the parameters that it was recorded with; `config` is what its header says.
struct Golden {
  std::string name;
  std::string config;
  BoxParams box;
  std::variant<DescendParams, AnchorParams> params;

  fs::path path() const { return fs::path{GOLDEN_FOLDER} / (name + ".jsonl"); }
};

const std::vector<Golden>& journals() {
  static const std::vector<Golden> all{
      {"anchor_in_fading", R"({"policy":"anchor"})", {}, AnchorParams{}},
      {"channel_switch_and_back", R"({"policy":"descend"})", {}, {}},
      {"descends_and_visits",
       R"({"policy":"descend","box":{"floor_dbm":17}})",
       {.floor = dbm(17)},
       {}},
      {"idle_and_no_estimate",
       R"({"policy":"descend","box":{"floor_dbm":17},"descend":{"idle":"ceiling"}})",
       {.floor = dbm(17)},
       DescendParams{.idle = WhenIdle::ceiling}},
      {"kernel_refuses_and_clamps", R"({"policy":"descend"})", {}, {}},
      {"radio_with_two_interfaces",
       R"({"policy":"descend","descend":{"probe":{"every":4}}})",
       {},
       DescendParams{.probe_every = 4}},
      {"visit_fails", R"({"policy":"descend","box":{"floor_dbm":16}})", {.floor = dbm(16)}, {}},
      {"weakest_station_decides",
       R"({"policy":"descend","descend":{"probe":{"every":5}}})",
       {},
       DescendParams{.probe_every = 5}},
  };
  return all;
}

std::vector<std::string> lines_of(const fs::path& path) {
  std::ifstream file{path};
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) lines.push_back(line);
  return lines;
}

std::vector<journal::Record> records_of(const Golden& golden) {
  std::vector<journal::Record> records;
  for (const std::string& line : lines_of(golden.path())) {
    auto result = journal::from_line(line);
    if (const auto* const error = std::get_if<journal::ParseError>(&result)) {
      ADD_FAILURE() << error->message << " in " << line;
      return {};
    }
    records.push_back(std::get<journal::Record>(std::move(result)));
  }
  return records;
}

std::unique_ptr<Policy> make(const AnchorParams& params) { return make_anchor(params); }
std::unique_ptr<Policy> make(const DescendParams& params) { return make_descend(params); }

// The journal as it would be written today: every event, and after it what is decided now.
std::vector<std::string> told_again(const Golden& golden) {
  Controller controller{
      golden.box,
      [&] { return std::visit([](const auto& params) { return make(params); }, golden.params); }};
  std::vector<std::string> lines;
  for (const journal::Record& record : records_of(golden)) {
    if (std::holds_alternative<Decision>(record.what)) continue;
    lines.push_back(journal::to_line(record));
    const auto* const event = std::get_if<Event>(&record.what);
    if (!event) continue;
    for (const Decision& decision : controller.on(*event).decisions) {
      lines.push_back(journal::to_line({decision.at, record.wall_ms, decision}));
    }
  }
  return lines;
}

bool is_recording() {
  const char* const wish = std::getenv("PIANISSIMO_GOLDEN");
  return wish && std::string_view{wish} == "record";
}

class GoldenJournal : public testing::TestWithParam<Golden> {};

TEST_P(GoldenJournal, IsDecidedAsItWas) {
  const std::vector<std::string> now = told_again(GetParam());
  if (is_recording()) {
    std::ofstream file{GetParam().path()};
    for (const std::string& line : now) file << line << '\n';
  }

  const std::vector<std::string> then = lines_of(GetParam().path());

  ASSERT_FALSE(then.empty());
  for (std::size_t i = 0; i < std::min(now.size(), then.size()); ++i) {
    ASSERT_EQ(now[i], then[i]) << GetParam().path().string() << ":" << i + 1;
  }
  EXPECT_EQ(now.size(), then.size());
}

TEST_P(GoldenJournal, BeginsWithItsHeader) {
  const std::vector<journal::Record> records = records_of(GetParam());
  ASSERT_FALSE(records.empty());

  const auto* const header = std::get_if<journal::Header>(&records[0].what);

  ASSERT_TRUE(header);
  EXPECT_EQ(header->config, GetParam().config);
}

// A journal without a decision would pin down nothing.
TEST_P(GoldenJournal, HoldsDecisions) {
  const std::vector<journal::Record> records = records_of(GetParam());

  EXPECT_GE(std::ranges::count_if(records,
                                  [](const journal::Record& record) {
                                    return std::holds_alternative<Decision>(record.what);
                                  }),
            5);
}

INSTANTIATE_TEST_SUITE_P(Journals, GoldenJournal, testing::ValuesIn(journals()),
                         [](const auto& chosen) { return chosen.param.name; });

TEST(GoldenFolder, HoldsNoJournalThatNobodyTells) {
  std::vector<std::string> known;
  for (const Golden& golden : journals()) known.push_back(golden.path().string());
  std::vector<std::string> found;
  for (const auto& entry : fs::directory_iterator{GOLDEN_FOLDER}) {
    if (entry.path().extension() == ".jsonl") found.push_back(entry.path().string());
  }

  EXPECT_THAT(found, testing::UnorderedElementsAreArray(known));
}

}  // namespace
}  // namespace pianissimo
