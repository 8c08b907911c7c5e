// The key of the pseudonyms on disk: made once, kept from others, never guessed.
#include "controller/journal/privacy_key.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/unit/journal/folder.hpp"

namespace pianissimo::journal {
namespace {

using test::Folder;
using test::TinyDisk;
using ::testing::EndsWith;
using ::testing::HasSubstr;

class PrivacyKeyTest : public ::testing::Test {
 protected:
  std::string trouble() { return privacy_key(path).trouble; }
  void write(const std::string& text, mode_t mode) {
    std::ofstream{path} << text;
    ASSERT_EQ(::chmod(path.c_str(), mode), 0);
  }

  Folder folder;
  std::string path = folder / "salt";
};

TEST_F(PrivacyKeyTest, IsMadeAtFirstUseForItsOwnerAlone) {
  path = folder / "lib/pianissimo/salt";

  const KeyFound first = privacy_key(path);
  const KeyFound second = privacy_key(path);

  EXPECT_EQ(first.trouble, "");
  EXPECT_EQ(second.trouble, "");
  EXPECT_EQ(first.key, second.key);
  EXPECT_NE(first.key, PrivacyKey{});
  struct stat status {};
  ASSERT_EQ(::stat(path.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777, 0600U);
  EXPECT_EQ(status.st_size, 32);
  EXPECT_FALSE(std::filesystem::exists(path + ".new"));
}

TEST_F(PrivacyKeyTest, OfAnotherInstallationIsAnother) {
  EXPECT_NE(privacy_key(path).key, privacy_key(folder / "other").key);
}

TEST_F(PrivacyKeyTest, IsReadAsItIs) {
  write(std::string(32, '\x0b'), 0400);

  PrivacyKey wanted;
  wanted.fill(0x0b);
  EXPECT_EQ(privacy_key(path).key, wanted);
}

TEST_F(PrivacyKeyTest, ThatOthersCanReadIsNotUsed) {
  for (const mode_t mode : {0640U, 0604U, 0610U, 0602U}) {
    write(std::string(32, '\x0b'), mode);

    const KeyFound found = privacy_key(path);

    EXPECT_THAT(found.trouble, HasSubstr(path + ": others can read it")) << mode;
    PrivacyKey in_the_file;
    in_the_file.fill(0x0b);
    EXPECT_NE(found.key, in_the_file);
  }
  EXPECT_EQ(test::text_of(path), std::string(32, '\x0b'));
}

TEST_F(PrivacyKeyTest, OfAnotherLengthIsNone) {
  for (const std::size_t length : {0U, 31U, 33U}) {
    write(std::string(length, 'k'), 0600);

    EXPECT_THAT(trouble(), EndsWith("is no key: it has to have 32 bytes")) << length;
  }
}

TEST_F(PrivacyKeyTest, IsNoLinkFolderOrPipe) {
  std::ofstream{folder / "real"} << std::string(32, 'k');
  std::filesystem::permissions(folder / "real", std::filesystem::perms::owner_read);
  std::filesystem::create_symlink(folder / "real", path);
  EXPECT_THAT(trouble(), HasSubstr("symbolic links"));

  std::filesystem::remove(path);
  std::filesystem::create_directory(path);
  EXPECT_THAT(trouble(), EndsWith("is no regular file"));

  std::filesystem::remove(path);
  ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
  EXPECT_THAT(trouble(), EndsWith("is no regular file"));
}

TEST_F(PrivacyKeyTest, ThatCannotBeMadeIsForThisRunOnly) {
  std::ofstream{folder / "file"} << "in the way";
  path = folder / "file/salt";

  const KeyFound first = privacy_key(path);

  EXPECT_EQ(first.trouble, path + ": Not a directory");
  EXPECT_NE(first.key, privacy_key(path).key);
}

TEST(InRam, IsWhatIsOnTmpfsAndNothingElse) {
  const TinyDisk disk;
  if (!disk.is_mounted()) GTEST_SKIP() << "may not mount";
  const Folder folder;

  EXPECT_TRUE(is_in_ram(disk / "journal.jsonl"));
  EXPECT_TRUE(is_in_ram(disk / "not/there/yet/journal.jsonl"));
  std::ofstream{disk / "file"} << "text";
  EXPECT_TRUE(is_in_ram(disk / "file"));
  // Its reader may be anywhere.
  ASSERT_EQ(::mkfifo((disk / "pipe").c_str(), 0600), 0);
  EXPECT_FALSE(is_in_ram(disk / "pipe"));
  // A link from RAM to a disk.
  std::filesystem::create_symlink(folder / "real", disk / "link");
  std::ofstream{folder / "real"} << "text";
  EXPECT_FALSE(is_in_ram(disk / "link"));
  EXPECT_FALSE(is_in_ram(std::string{"/proc/self/status"}));

  const int on_it = ::open((disk / "file").c_str(), O_RDONLY | O_CLOEXEC);
  EXPECT_TRUE(is_in_ram(on_it));
  ::close(on_it);
  int ends[2];
  ASSERT_EQ(::pipe2(ends, O_CLOEXEC), 0);
  EXPECT_FALSE(is_in_ram(ends[1]));
  ::close(ends[0]);
  ::close(ends[1]);
}

}  // namespace
}  // namespace pianissimo::journal
