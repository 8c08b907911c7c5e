// The writer has a thread of its own. No test waits for it: the destructor writes what waits, and
// the lost line is made at the one moment when something was lost and the next line comes.
#include "controller/journal/writer.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/stat.h>

#include <memory>

#include "tests/unit/journal/folder.hpp"

namespace pianissimo::journal {
namespace {

namespace fs = std::filesystem;
using namespace test;
using testing::ElementsAre;
using testing::HasSubstr;

const std::string header = R"({"t_ns":0,"type":"header"})";
const std::string new_header = R"({"t_ns":1,"type":"header"})";

std::string lost_line(std::uint64_t lines) { return "lost " + std::to_string(lines); }

class WriterTest : public testing::Test {
 protected:
  std::unique_ptr<Writer> open(std::size_t queue_bytes = 1'048'576,
                               Writer::LostLine say_lost = lost_line) {
    return std::make_unique<Writer>(
        Writer::Options{.path = path, .budget_bytes = 400'000, .queue_bytes = queue_bytes}, header,
        std::move(say_lost));
  }

  Folder folder;
  std::string path = folder / "journal.jsonl";
};

TEST_F(WriterTest, WritesWhatWaitsBeforeItEnds) {
  auto writer = open();
  std::vector<std::string> expected{header};
  for (int i = 0; i < 1'000; ++i) {
    expected.push_back("line " + std::to_string(i));
    writer->append(expected.back());
  }

  writer.reset();

  EXPECT_EQ(lines_of(path), expected);
}

TEST_F(WriterTest, WithoutALineThereIsNoFile) {
  open().reset();

  EXPECT_FALSE(fs::exists(path));
}

TEST_F(WriterTest, WithoutTroubleNothingIsLost) {
  const auto writer = open();
  writer->append("one");

  EXPECT_EQ(writer->lost(), 0u);
  EXPECT_EQ(writer->trouble(), "");
}

TEST_F(WriterTest, AHeaderThatIsSetInTimeBeginsTheFile) {
  auto writer = open();
  writer->set_header(new_header);
  writer->append("one");

  writer.reset();

  EXPECT_THAT(lines_of(path), ElementsAre(new_header, "one"));
}

TEST_F(WriterTest, CountsAndTellsWhatItsQueueCannotHold) {
  auto writer = open(10);
  writer->append("longer than that");
  writer->append("much longer than that");

  EXPECT_EQ(writer->lost(), 2u);
  EXPECT_THAT(writer->trouble(), HasSubstr(path));

  writer->append("short");
  writer.reset();
  EXPECT_THAT(lines_of(path), ElementsAre(header, "lost 2", "short"));
}

// The reader is there and does not read: what the pipe holds is kept, in whole lines, and neither
// append() nor the end waits for the rest.
TEST_F(WriterTest, NeverWaitsForAReader) {
  ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
  const int pipe = ::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  ASSERT_GE(pipe, 0);
  ASSERT_GE(::fcntl(pipe, F_SETPIPE_SZ, 4'096), 0);
  auto writer = open(1'048'576);

  for (int i = 0; i < 1'000; ++i) writer->append("0123456789");
  writer.reset();

  std::string text(65'536, '\0');
  const ssize_t size = ::read(pipe, text.data(), text.size());
  ::close(pipe);
  ASSERT_GT(size, 0);
  write_text(folder / "read", text.substr(0, static_cast<std::size_t>(size)));
  const std::vector<std::string> lines = lines_of(folder / "read");
  EXPECT_EQ(lines.front(), header);
  EXPECT_GT(std::ranges::count(lines, "0123456789"), 300);
  EXPECT_LT(std::ranges::count(lines, "0123456789"), 400);
  EXPECT_TRUE(text.substr(0, static_cast<std::size_t>(size)).ends_with('\n'));
}

TEST_F(WriterTest, OnAFullDiskEveryLineIsLostAndCounted) {
  fs::create_symlink("/dev/full", path);
  std::vector<std::uint64_t> told;
  std::string trouble;
  const Writer* asked = nullptr;
  auto writer = open(1'048'576, [&](std::uint64_t lines) {
    told.push_back(lines);
    trouble = asked->trouble();
    return lost_line(lines);
  });
  asked = writer.get();
  for (const char* const line : {"a", "b", "c"}) writer->append(line);

  // The lost line of "b" is lost as well, so that the one of "c" tells of both.
  writer.reset();

  EXPECT_THAT(told, ElementsAre(1u, 2u));
  EXPECT_THAT(trouble, testing::AllOf(HasSubstr(path), HasSubstr("No space left on device")));
}

TEST_F(WriterTest, GoesOnWithALostLineWhenThereIsRoomAgain) {
  fs::create_symlink("/dev/full", path);
  auto writer = open(1'048'576, [&](std::uint64_t lines) {
    fs::remove(path);
    return lost_line(lines);
  });
  for (const char* const line : {"a", "b", "c"}) writer->append(line);

  writer.reset();

  EXPECT_THAT(lines_of(path), ElementsAre(header, "lost 1", "b", "c"));
}

TEST(WriterOnATinyDisk, LosesWholeLinesAndTellsHowMany) {
  const TinyDisk disk;
  if (!disk.is_mounted()) GTEST_SKIP() << "a file system may not be mounted here";
  const std::string path = disk / "journal.jsonl";
  write_text(disk / "other", std::string(40'000, 'x'));
  // The first lost line is lost too: the disk is still full. Then there is room.
  const auto say_lost = [&](std::uint64_t lines) {
    if (lines == 2) fs::remove(disk / "other");
    return "lost " + std::to_string(lines) + std::string(2'000, '.');
  };
  {
    Writer writer{{.path = path, .budget_bytes = 1'000'000}, header, say_lost};
    for (int i = 0; i < 40; ++i) writer.append(std::string(999, 'a'));
  }

  const std::vector<std::string> lines = lines_of(path);
  EXPECT_EQ(std::ranges::count(lines, std::string(999, 'a')), 38);
  EXPECT_EQ(std::ranges::count(lines, "lost 2" + std::string(2'000, '.')), 1);
  EXPECT_EQ(lines.size(), 1u + 1 + 38);
}

TEST_F(WriterTest, TakesLinesFromManyThreads) {
  auto writer = open();
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 500; ++i) {
        writer->append("a line");
        if (i % 100 == 0) writer->set_header(header);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(writer->lost(), 0u);

  writer.reset();

  EXPECT_EQ(std::ranges::count(lines_of(path), "a line"), 2'000);
}

}  // namespace
}  // namespace pianissimo::journal
