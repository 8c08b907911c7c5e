#include "experiments/lab/output_file.hpp"

#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include <iterator>

namespace pianissimo::lab {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr Signature table{"a table of ours", "t_s,station\n", {"end of our table"}};
const std::string old_table = "t_s,station\n1,a\nend of our table\n";
const std::string new_table = "t_s,station\n2,b\nend of our table\n";

class OutputFileTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "output-XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    folder_ = name;
  }
  void TearDown() override { fs::remove_all(folder_); }

  fs::path holds(const std::string& name, const std::string& text) const {
    std::ofstream{folder_ / name, std::ios::binary} << text;
    return folder_ / name;
  }
  static std::string text_of(const fs::path& path) {
    std::ifstream in{path, std::ios::binary};
    return {std::istreambuf_iterator<char>{in}, {}};
  }
  std::vector<std::string> names() const {
    std::vector<std::string> out;
    for (const auto& entry : fs::directory_iterator{folder_})
      out.push_back(entry.path().filename());
    return out;
  }
  static void write(const fs::path& path, const std::string& text) {
    OutputFile file{path, table};
    file.stream() << text;
    file.commit();
  }
  // The exit status of what it throws; 0 without.
  static int status_of_writing(const fs::path& path) {
    try {
      write(path, new_table);
    } catch (const OutputError& error) {
      return error.exit_status();
    }
    return 0;
  }

  fs::path folder_;
};

TEST_F(OutputFileTest, IsThereAsAWhole) {
  {
    OutputFile file{folder_ / "f", table};
    file.stream() << new_table;
    EXPECT_FALSE(fs::exists(folder_ / "f"));
    file.commit();
  }
  EXPECT_EQ(text_of(folder_ / "f"), new_table);
  EXPECT_THAT(names(), ElementsAre("f"));
}

TEST_F(OutputFileTest, IsNotThereWithoutCommit) {
  { OutputFile{folder_ / "f", table}.stream() << new_table; }

  EXPECT_THAT(names(), IsEmpty());
}

TEST_F(OutputFileTest, ReplacesItsLikeAndAnEmptyFile) {
  EXPECT_EQ(status_of_writing(holds("f", old_table)), 0);
  EXPECT_EQ(status_of_writing(holds("g", "")), 0);

  EXPECT_EQ(text_of(folder_ / "f"), new_table);
  EXPECT_EQ(text_of(folder_ / "g"), new_table);
}

TEST_F(OutputFileTest, LeavesAloneWhatItDoesNotKnow) {
  for (const std::string& precious :
       {std::string{"my only copy"}, std::string{"\n"}, std::string{"t_s,station\nbut not its end"},
        ' ' + old_table}) {
    const fs::path path = holds("f", precious);

    EXPECT_EQ(status_of_writing(path), 65) << precious;

    EXPECT_EQ(text_of(path), precious);
    EXPECT_THAT(names(), ElementsAre("f"));
  }
}

TEST_F(OutputFileTest, SaysWhatItLeavesAloneAndWhatToDo) {
  const fs::path path = holds("f", "my only copy");
  try {
    require_ours(path, table);
    FAIL() << "it was taken";
  } catch (const OutputError& error) {
    EXPECT_EQ(error.what(), path.string() +
                                ": left alone: it is not a table of ours; name another file, or "
                                "remove this one first");
  }
}

// The mark at the end of a large file is found, too.
TEST_F(OutputFileTest, KnowsALargeFileByBothOfItsEnds) {
  const std::string middle(1'000'000, 'x');

  EXPECT_EQ(status_of_writing(holds("f", "t_s,station\n" + middle + "\nend of our table\n")), 0);
  EXPECT_EQ(status_of_writing(holds("g", "t_s,station\n" + middle)), 65);
}

TEST_F(OutputFileTest, LeavesAloneWhatCameMeanwhile) {
  OutputFile file{folder_ / "f", table};
  file.stream() << new_table;
  holds("f", "my only copy");

  EXPECT_THROW(file.commit(), OutputError);

  EXPECT_EQ(text_of(folder_ / "f"), "my only copy");
}

TEST_F(OutputFileTest, WritesToWhereALinkLeads) {
  holds("target", old_table);
  fs::create_symlink("target", folder_ / "link");

  EXPECT_EQ(status_of_writing(folder_ / "link"), 0);

  EXPECT_TRUE(fs::is_symlink(folder_ / "link"));
  EXPECT_EQ(text_of(folder_ / "target"), new_table);
}

TEST_F(OutputFileTest, WritesDirectlyToADevice) {
  EXPECT_EQ(status_of_writing("/dev/null"), 0);
  EXPECT_TRUE(fs::is_character_file("/dev/null"));
}

TEST_F(OutputFileTest, SaysThatAFolderCannotBeWritten) {
  EXPECT_EQ(status_of_writing(folder_), 73);
  EXPECT_EQ(status_of_writing(folder_ / "no" / "such"), 73);
}

TEST_F(OutputFileTest, HasAsLongANameAsTheSystemAllows) {
  EXPECT_EQ(status_of_writing(folder_ / std::string(255, 'f')), 0);
  EXPECT_EQ(text_of(folder_ / std::string(255, 'f')), new_table);
}

TEST_F(OutputFileTest, SaysThatANameIsTooLongBeforeAnythingIsWritten) {
  try {
    OutputFile{folder_ / std::string(256, 'f'), table};
    FAIL() << "it was opened";
  } catch (const OutputError& error) {
    EXPECT_EQ(error.exit_status(), 73);
    EXPECT_THAT(error.what(), HasSubstr("cannot be written: File name too long"));
  }
  EXPECT_THAT(names(), IsEmpty());
}

TEST_F(OutputFileTest, SaysThatAFolderCannotBeMade) {
  EXPECT_EQ(make_folder(folder_ / "a" / "b"), folder_ / "a" / "b");
  EXPECT_TRUE(fs::is_directory(folder_ / "a" / "b"));
  EXPECT_THROW(make_folder(holds("f", "") / "x\x1b"), OutputError);
}

}  // namespace
}  // namespace pianissimo::lab
