#include "experiments/evaluate/run_log.hpp"

#include <gmock/gmock.h>
#include <unistd.h>

#include <fstream>
#include <iterator>
#include <thread>
#include <vector>

namespace pianissimo::evaluate {
namespace {

using testing::HasSubstr;

std::string row_of(const std::string& id) {
  return R"({"id":")" + id + R"(","version":"1","settings":{},"x":1})";
}

class RunLogTest : public testing::Test {
 protected:
  void SetUp() override {
    path_ = std::filesystem::temp_directory_path() /
            ("run_log_" + std::to_string(::getpid()) + "_" +
             testing::UnitTest::GetInstance()->current_test_info()->name());
    std::filesystem::remove(path_);
  }
  void TearDown() override { std::filesystem::remove(path_); }

  void holds(const std::string& text) const { std::ofstream{path_} << text; }
  std::string text() const {
    std::ifstream in{path_};
    return {std::istreambuf_iterator<char>{in}, {}};
  }

  std::filesystem::path path_;
};

TEST_F(RunLogTest, KnowsTheRunsOfAnEarlierOne) {
  RunLog{path_}.append(row_of("a"));

  const RunLog log{path_};

  EXPECT_TRUE(log.has("a"));
  EXPECT_FALSE(log.has("b"));
  EXPECT_EQ(text(), row_of("a") + '\n');
}

TEST_F(RunLogTest, CutsOffARowThatWasNeverFinished) {
  holds(row_of("a") + '\n' + row_of("b").substr(0, 25));

  RunLog log{path_};
  EXPECT_TRUE(log.has("a"));
  EXPECT_FALSE(log.has("b"));
  log.append(row_of("b"));

  EXPECT_EQ(text(), row_of("a") + '\n' + row_of("b") + '\n');
}

TEST_F(RunLogTest, LeavesAFileAloneThatIsNotItsOwn) {
  const std::string notes = row_of("a") + "\nmy notes\n" + row_of("b");
  holds(notes);

  try {
    RunLog{path_};
    FAIL() << "it was taken";
  } catch (const RunLogError& error) {
    EXPECT_EQ(error.kind, RunLogError::Kind::bad_data);
    EXPECT_THAT(error.what(), HasSubstr(":2: left alone: not a row of a sweep"));
  }
  EXPECT_EQ(text(), notes);
}

// The last line, without its end, is not the trace of a process that was killed.
TEST_F(RunLogTest, CutsOffNothingThatDoesNotBeginAsARow) {
  for (const std::string& precious :
       {std::string{"my only copy, no newline at the end"}, row_of("a") + "\nmy notes",
        std::string{R"({"id":"thesis","data":[1,2,3)"}, std::string{R"({"id":"0a","name":"x"})"},
        std::string{"{}"}, std::string{"[1]\n"}, std::string{R"({"id":"0a","x":1})"} + '\n',
        std::string{"\0\0", 2}}) {
    holds(precious);

    EXPECT_THROW(RunLog{path_}, RunLogError) << precious;

    EXPECT_EQ(text(), precious);
  }
}

TEST_F(RunLogTest, CutsOffARowWhereverItWasTorn) {
  const std::string row = row_of("b");
  for (std::size_t size = 1; size <= row.size(); ++size) {
    holds(row_of("a") + '\n' + row.substr(0, size));

    const RunLog log{path_};

    EXPECT_TRUE(log.has("a"));
    EXPECT_EQ(text(), row_of("a") + '\n') << size;
  }
}

TEST_F(RunLogTest, IsARegularFile) { EXPECT_THROW(RunLog{"/dev/null"}, RunLogError); }

TEST_F(RunLogTest, SaysWhyItCannotBeWritten) {
  try {
    RunLog{path_ / "no" / "such" / "folder"};
    FAIL() << "it was opened";
  } catch (const RunLogError& error) {
    EXPECT_EQ(error.kind, RunLogError::Kind::cannot_write);
    EXPECT_THAT(error.what(), HasSubstr("No such file or directory"));
  }
}

TEST_F(RunLogTest, RefusesAFileThatHasARunTwice) {
  const std::string rows = row_of("a") + '\n' + row_of("b") + '\n' + row_of("a") + '\n';
  holds(rows);

  try {
    RunLog{path_};
    FAIL() << "it was taken";
  } catch (const RunLogError& error) {
    EXPECT_EQ(error.kind, RunLogError::Kind::bad_data);
    EXPECT_THAT(error.what(), HasSubstr(":3: left alone: the run a is there twice"));
  }
  EXPECT_EQ(text(), rows);
}

// Two processes that were given the same runs.
TEST_F(RunLogTest, HasARunOnceWhoeverDoesItToo) {
  RunLog one{path_};
  RunLog other{path_};

  one.append(row_of("a"));
  other.append(row_of("b"));
  other.append(row_of("a"));
  one.append(row_of("b"));
  one.append(row_of("c"));

  EXPECT_EQ(text(), row_of("a") + '\n' + row_of("b") + '\n' + row_of("c") + '\n');
}

TEST_F(RunLogTest, KeepsRowsWholeWhenManyWriteAtOnce) {
  std::vector<std::string> wanted;
  {
    RunLog one{path_};
    RunLog other{path_};
    std::vector<std::jthread> writers;
    for (int writer = 0; writer < 4; ++writer) {
      std::vector<std::string> rows;
      for (int i = 0; i < 200; ++i) {
        const auto length = static_cast<std::size_t>(50 * (writer % 2 + 1));
        rows.push_back(row_of(std::string(length, 'a') + std::to_string(1000 * (writer + 1) + i)));
      }
      wanted.insert(wanted.end(), rows.begin(), rows.end());
      RunLog& log = writer < 2 ? one : other;
      writers.emplace_back([&log, rows = std::move(rows)] {
        for (const std::string& row : rows) log.append(row);
      });
    }
  }

  std::ifstream in{path_};
  std::vector<std::string> found;
  for (std::string line; std::getline(in, line);) found.push_back(line);
  EXPECT_THAT(found, testing::UnorderedElementsAreArray(wanted));
}

}  // namespace
}  // namespace pianissimo::evaluate
