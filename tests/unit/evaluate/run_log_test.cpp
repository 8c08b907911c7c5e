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
  RunLog{path_}.append(R"({"id":"a","x":1})");

  const RunLog log{path_};

  EXPECT_TRUE(log.has("a"));
  EXPECT_FALSE(log.has("b"));
  EXPECT_EQ(text(), "{\"id\":\"a\",\"x\":1}\n");
}

TEST_F(RunLogTest, CutsOffARowThatWasNeverFinished) {
  holds("{\"id\":\"a\"}\n{\"id\":\"b\",\"sav");

  RunLog log{path_};
  EXPECT_TRUE(log.has("a"));
  EXPECT_FALSE(log.has("b"));
  log.append(R"({"id":"b"})");

  EXPECT_EQ(text(), "{\"id\":\"a\"}\n{\"id\":\"b\"}\n");
}

TEST_F(RunLogTest, LeavesAFileAloneThatIsNotItsOwn) {
  const std::string notes = "{\"id\":\"a\"}\nmy notes\n{\"id\":\"b\"";
  holds(notes);

  try {
    RunLog{path_};
    FAIL() << "it was taken";
  } catch (const RunLogError& error) {
    EXPECT_EQ(error.kind, RunLogError::Kind::bad_data);
    EXPECT_THAT(error.what(), HasSubstr(":2: not a row of a sweep"));
  }
  EXPECT_EQ(text(), notes);
}

TEST_F(RunLogTest, SaysWhyItCannotBeWritten) {
  try {
    RunLog{path_ / "no" / "such" / "folder"};
    FAIL() << "it was opened";
  } catch (const RunLogError& error) {
    EXPECT_EQ(error.kind, RunLogError::Kind::cannot_write);
    EXPECT_THAT(error.what(), HasSubstr("No such file or directory"));
  }
}

TEST_F(RunLogTest, KeepsRowsWholeWhenManyWriteAtOnce) {
  {
    RunLog one{path_};
    RunLog other{path_};
    std::vector<std::jthread> writers;
    for (RunLog* const log : {&one, &other}) {
      for (int thread = 0; thread < 2; ++thread) {
        writers.emplace_back([log, thread] {
          for (int i = 0; i < 200; ++i) {
            log->append("{\"id\":\"" +
                        std::string(static_cast<std::size_t>(50 * (thread + 1)), 'x') + "\"}");
          }
        });
      }
    }
  }

  std::ifstream in{path_};
  std::string line;
  int lines = 0;
  for (; std::getline(in, line); ++lines) {
    EXPECT_TRUE(line.size() == 59 || line.size() == 109) << line;
  }
  EXPECT_EQ(lines, 800);
}

}  // namespace
}  // namespace pianissimo::evaluate
