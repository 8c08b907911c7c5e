#include "controller/journal/file.hpp"

#include <gmock/gmock.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <csignal>
#include <random>

#include "tests/unit/journal/folder.hpp"

namespace pianissimo::journal {
namespace {

namespace fs = std::filesystem;
using namespace test;
using testing::Each;
using testing::ElementsAre;

// 27 bytes with its newline.
const std::string header = R"({"t_ns":0,"type":"header"})";
const std::string new_header = R"({"t_ns":1,"type":"header"})";

// So many bytes that begin as a journal does.
std::string journal_of(std::size_t bytes) {
  return header + '\n' + std::string(bytes - header.size() - 1, 'a');
}

class RotatingFileTest : public testing::Test {
 protected:
  // From the newest to the oldest.
  std::vector<std::string> files() const {
    std::vector<std::string> names{path};
    for (const char* const age : {".1", ".2", ".3", ".4"}) names.push_back(path + age);
    std::erase_if(names, [](const std::string& name) { return !fs::exists(name); });
    return names;
  }
  std::uint64_t sum() const {
    std::uint64_t bytes = 0;
    for (const std::string& name : files()) bytes += fs::file_size(name);
    return bytes;
  }

  Folder folder;
  std::string path = folder / "journal.jsonl";
};

TEST_F(RotatingFileTest, OpensNothingBeforeTheFirstLine) {
  const RotatingFile file{path, 4'000};

  EXPECT_FALSE(fs::exists(path));
}

TEST_F(RotatingFileTest, BeginsWithTheHeader) {
  RotatingFile file{path, 4'000};

  EXPECT_FALSE(file.write("one", header));
  EXPECT_FALSE(file.write("two", header));

  EXPECT_EQ(text_of(path), header + "\none\ntwo\n");
}

TEST_F(RotatingFileTest, IsNotForEverybody) {
  RotatingFile file{path, 4'000};

  ASSERT_FALSE(file.write("one", header));

  EXPECT_EQ(fs::status(path).permissions() & fs::perms::others_all, fs::perms::none);
}

TEST_F(RotatingFileTest, MakesTheFolderItNeeds) {
  RotatingFile file{folder / "a/b/journal.jsonl", 4'000};

  EXPECT_FALSE(file.write("one", header));

  EXPECT_THAT(lines_of(folder / "a/b/journal.jsonl"), ElementsAre(header, "one"));
}

TEST_F(RotatingFileTest, SaysWhyItCannotOpen) {
  write_text(folder / "file", "");
  RotatingFile file{folder / "file/journal.jsonl", 4'000};

  EXPECT_EQ(file.write("one", header), std::errc::not_a_directory);
}

// A share of 46 bytes holds the header and one line of 11 to 18.
TEST_F(RotatingFileTest, TheOldestGoesFirst) {
  RotatingFile file{path, 4 * 46};
  for (const char letter : std::string{"abcdef"}) {
    ASSERT_FALSE(file.write(std::string(15, letter), header));
  }

  EXPECT_THAT(files(), ElementsAre(path, path + ".1", path + ".2", path + ".3"));
  EXPECT_THAT(lines_of(path), ElementsAre(header, std::string(15, 'f')));
  EXPECT_THAT(lines_of(path + ".1"), ElementsAre(header, std::string(15, 'e')));
  EXPECT_THAT(lines_of(path + ".2"), ElementsAre(header, std::string(15, 'd')));
  EXPECT_THAT(lines_of(path + ".3"), ElementsAre(header, std::string(15, 'c')));
}

// At all times: the sum within the budget, every file begun by the header, every line whole, and
// all of them together the end of what was written.
TEST_F(RotatingFileTest, KeepsItsBudgetAndTheLatestLines) {
  constexpr std::uint64_t budget = 4'000;
  std::mt19937 random{7};
  std::vector<std::string> written;
  RotatingFile file{path, budget};
  for (int i = 0; i < 500; ++i) {
    written.push_back(std::to_string(i) + std::string(random() % 400, '.'));
    ASSERT_FALSE(file.write(written.back(), header));

    ASSERT_LE(sum(), budget);
    std::vector<std::string> kept;
    for (const std::string& name : files()) {
      std::vector<std::string> lines = lines_of(name);
      ASSERT_EQ(lines.at(0), header);
      kept.insert(kept.begin(), lines.begin() + 1, lines.end());
    }
    ASSERT_LE(kept.size(), written.size());
    ASSERT_TRUE(std::equal(kept.rbegin(), kept.rend(), written.rbegin()));
  }
  // Three full files of 1000 bytes lack less than one line each.
  EXPECT_GE(sum(), 3 * (1'000 - 404));
}

TEST_F(RotatingFileTest, ALineMayFillItsShareButNotMore) {
  const std::size_t longest = 1'000 - (header.size() + 1) - 1;
  RotatingFile file{path, 4'000};

  EXPECT_FALSE(file.write(std::string(longest, 'x'), header));
  EXPECT_EQ(fs::file_size(path), 1'000u);

  EXPECT_EQ(file.write(std::string(longest + 1, 'x'), header), std::errc::message_size);
  EXPECT_EQ(sum(), 1'000u);
}

// The header takes 27 bytes of a share of 46, the first line 9: 10 are left.
TEST_F(RotatingFileTest, AFileIsFilledToTheLastByte) {
  RotatingFile file{path, 4 * 46};
  ASSERT_FALSE(file.write("12345678", header));

  ASSERT_FALSE(file.write("123456789", header));

  EXPECT_THAT(lines_of(path), ElementsAre(header, "12345678", "123456789"));
  EXPECT_EQ(fs::file_size(path), 46u);
}

TEST_F(RotatingFileTest, AFileIsNotFilledBeyondTheLastByte) {
  RotatingFile file{path, 4 * 46};
  ASSERT_FALSE(file.write("12345678", header));

  ASSERT_FALSE(file.write("1234567890", header));

  EXPECT_THAT(lines_of(path), ElementsAre(header, "1234567890"));
  EXPECT_THAT(lines_of(path + ".1"), ElementsAre(header, "12345678"));
}

TEST_F(RotatingFileTest, ANewHeaderIsForTheNextFile) {
  RotatingFile file{path, 4 * 46};
  ASSERT_FALSE(file.write("0123456789012345", header));
  ASSERT_FALSE(file.write("0123456789012345", new_header));

  EXPECT_THAT(lines_of(path), ElementsAre(new_header, "0123456789012345"));
  EXPECT_THAT(lines_of(path + ".1"), ElementsAre(header, "0123456789012345"));
}

TEST_F(RotatingFileTest, WhatAnEarlierRunLeftIsRotatedAway) {
  write_text(path, new_header + "\n");
  RotatingFile file{path, 4'000};

  ASSERT_FALSE(file.write("one", header));

  EXPECT_THAT(lines_of(path), ElementsAre(header, "one"));
  EXPECT_THAT(lines_of(path + ".1"), ElementsAre(new_header));
}

TEST_F(RotatingFileTest, WhatALargerBudgetLeftIsDeletedToKeepThisOne) {
  write_text(path, journal_of(1'500));
  write_text(path + ".1", journal_of(1'500));
  write_text(path + ".2", journal_of(10'000));
  RotatingFile file{path, 4'000};

  ASSERT_FALSE(file.write("one", header));

  EXPECT_LE(sum(), 4'000u);
  EXPECT_EQ(fs::file_size(path + ".1"), 1'500u);
}

// What a wrong journal.path names: it must not be moved away and, after three more rotations, be
// gone.
TEST_F(RotatingFileTest, LeavesWhatIsNoJournalWhereItIs) {
  const std::string precious = "root:x:0:0:root:/root:/bin/bash\n";
  write_text(path, precious);
  RotatingFile file{path, 4'000};

  EXPECT_EQ(file.write("one", header), not_a_journal());

  EXPECT_EQ(text_of(path), precious);
  EXPECT_THAT(files(), ElementsAre(path));
}

TEST_F(RotatingFileTest, LeavesWhatIsNoJournalAtItsOlderNames) {
  for (const char* const age : {".1", ".2", ".3"}) {
    write_text(path, journal_of(100));
    write_text(path + age, "my notes\n");
    RotatingFile file{path, 4'000};

    EXPECT_EQ(file.write("one", header), not_a_journal()) << age;

    EXPECT_EQ(text_of(path + age), "my notes\n");
    EXPECT_EQ(text_of(path), journal_of(100));
    fs::remove(path + age);
  }
}

TEST_F(RotatingFileTest, WritesWhereAnEmptyFileIs) {
  write_text(path, "");
  RotatingFile file{path, 4'000};

  EXPECT_FALSE(file.write("one", header));

  EXPECT_THAT(lines_of(path), ElementsAre(header, "one"));
  EXPECT_THAT(files(), ElementsAre(path));
}

TEST_F(RotatingFileTest, ADeviceHasNoOlderSelves) {
  fs::create_symlink("/dev/null", path);
  RotatingFile file{path, 400};
  for (int i = 0; i < 100; ++i) ASSERT_FALSE(file.write("one line of many", header));

  EXPECT_THAT(files(), ElementsAre(path));
  EXPECT_TRUE(fs::is_symlink(path));
}

TEST_F(RotatingFileTest, SaysThatTheDiskIsFull) {
  fs::create_symlink("/dev/full", path);
  RotatingFile file{path, 4'000};

  EXPECT_EQ(file.write("one", header), std::errc::no_space_on_device);
  EXPECT_EQ(file.write("two", header), std::errc::no_space_on_device);
  EXPECT_THAT(files(), ElementsAre(path));
}

// Folders where its older selves should be: nothing is moved away, and nothing more is written than
// fits.
TEST_F(RotatingFileTest, KeepsItsBudgetWhenItCannotRotate) {
  for (const char* const age : {".1", ".2", ".3"}) fs::create_directories(path + age + "/full");
  RotatingFile file{path, 400};
  std::error_code last;
  for (int i = 0; i < 100; ++i) last = file.write("one line of many", header);

  EXPECT_EQ(last, not_a_journal());
  EXPECT_LE(fs::file_size(path), 100u);
  EXPECT_THAT(lines_of(path), Each(testing::AnyOf(header, "one line of many")));
}

// No file of this process may grow beyond `bytes`.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) : handler_{std::signal(SIGXFSZ, SIG_IGN)} {
    ::getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit limit{bytes, before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FileSizeLimit() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, handler_);
  }
  FileSizeLimit(const FileSizeLimit&) = delete;
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;

 private:
  void (*handler_)(int);
  rlimit before_{};
};

TEST_F(RotatingFileTest, ALineThatFitsOnlyInPartIsNotThereAtAll) {
  RotatingFile file{path, 40'000};
  ASSERT_FALSE(file.write(std::string(1'000, 'a'), header));
  {
    const FileSizeLimit limit{1'500};
    EXPECT_EQ(file.write(std::string(1'000, 'b'), header), std::errc::file_too_large);
    EXPECT_THAT(lines_of(path), ElementsAre(header, std::string(1'000, 'a')));
  }

  EXPECT_FALSE(file.write("c", header));
  EXPECT_THAT(lines_of(path), ElementsAre(header, std::string(1'000, 'a'), "c"));
}

TEST_F(RotatingFileTest, AHeaderThatFitsOnlyInPartLeavesNoFile) {
  RotatingFile file{path, 40'000};
  const FileSizeLimit limit{4};

  EXPECT_EQ(file.write("a", header), std::errc::file_too_large);

  EXPECT_FALSE(fs::exists(path));
}

TEST(RotatingFileOnATinyDisk, KeepsLinesWholeAndGoesOnWhenThereIsRoom) {
  const TinyDisk disk;
  if (!disk.is_mounted()) GTEST_SKIP() << "a file system may not be mounted here";
  const std::string path = disk / "journal.jsonl";
  write_text(disk / "other", std::string(20'000, 'x'));
  RotatingFile file{path, 1'000'000};
  std::size_t written = 0;
  std::error_code error;
  while (!(error = file.write(std::string(999, 'a'), header))) ++written;

  EXPECT_EQ(error, std::errc::no_space_on_device);
  EXPECT_GT(written, 30u);
  std::vector<std::string> lines = lines_of(path);
  EXPECT_EQ(lines.size(), 1 + written);
  EXPECT_EQ(lines.back(), std::string(999, 'a'));

  fs::remove(disk / "other");
  EXPECT_FALSE(file.write(std::string(999, 'b'), header));
  lines = lines_of(path);
  EXPECT_EQ(lines.size(), 2 + written);
  EXPECT_EQ(lines.back(), std::string(999, 'b'));
}

TEST_F(RotatingFileTest, DoesNotWaitForTheReaderOfAPipe) {
  ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
  RotatingFile file{path, 65'536};

  EXPECT_EQ(file.write("a line", header), std::errc::no_such_device_or_address);
}

}  // namespace
}  // namespace pianissimo::journal
