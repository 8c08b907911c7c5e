// An external controller's limit: what its file says, and what becomes of a bad one.
#include "controller/service/ceiling_file.hpp"

#include <gmock/gmock.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace pianissimo::service {
namespace {

using testing::HasSubstr;
using testing::Optional;
using testing::StartsWith;

std::string why_not(std::string_view text) {
  const auto parsed = parse_ceilings(text, "/run/c");
  const auto* const why = std::get_if<std::string>(&parsed);
  return why ? *why : "";
}

TEST(CeilingFileText, IsANumberForEveryInterface) {
  EXPECT_EQ(std::get<Ceilings>(parse_ceilings("17\n", "f")), (Ceilings{.all = dbm(17)}));
}

TEST(CeilingFileText, IsALineForEachInterface) {
  EXPECT_EQ(
      std::get<Ceilings>(parse_ceilings("# EasyMesh\nwlan0 17\n\n wlan1\t12.9 # 5 GHz\n", "f")),
      (Ceilings{.alone = {{"wlan0", dbm(17)}, {"wlan1", dbm(12)}}}));
}

TEST(CeilingFileText, ThatIsNoLimitIsRefusedWithItsLine) {
  EXPECT_THAT(why_not(""), StartsWith("/run/c:1: no limit"));
  EXPECT_THAT(why_not("# nothing\n\n"), HasSubstr("no limit"));
  EXPECT_THAT(why_not("wlan1 9\nwlan0 0\n"), StartsWith("/run/c:2: '0' is no number within 1..36"));
  for (const char* const text : {"0\n", "-3\n", "37\n", "nan\n", "inf\n", "12dBm\n", "0x10\n",
                                 "auto\n", "wlan0\n", "wlan0 -1\n"}) {
    EXPECT_THAT(why_not(text), HasSubstr("is no number within 1..36 dBm")) << text;
  }
  EXPECT_THAT(why_not("wlan0 12 dBm\n"), HasSubstr("more than an interface and a number"));
  EXPECT_THAT(why_not("12\n13\n"), StartsWith("/run/c:2: there was a limit for that before"));
  EXPECT_THAT(why_not("wlan0 12\nwlan0 13\n"), HasSubstr("there was a limit for that before"));
}

TEST(CeilingFileText, WithoutItsLastNewlineMayBeHalfWritten) {
  EXPECT_THAT(why_not("1"), HasSubstr("may not be whole"));
}

TEST(CeilingFileText, ShowsNoControlCharacters) {
  EXPECT_EQ(why_not("\x1b[2J\n").find('\x1b'), std::string::npos);
}

class CeilingFileTest : public testing::Test {
 protected:
  CeilingFileTest() {
    path = std::filesystem::temp_directory_path() /
           ("pianissimo-ceiling-" + std::to_string(::getpid()) +
            testing::UnitTest::GetInstance()->current_test_info()->name());
  }
  ~CeilingFileTest() override { std::filesystem::remove(path); }
  void write(std::string_view text) { std::ofstream{path} << text; }
  std::optional<std::string> look() { return file.look(path); }

  std::filesystem::path path;
  CeilingFile file;
};

TEST_F(CeilingFileTest, IsToldWhenItComesAndWhenItChangesAndNotElse) {
  EXPECT_EQ(look(), std::nullopt) << "there is none yet";
  write("17\n");
  EXPECT_THAT(look(), Optional(HasSubstr("its limit is in force")));
  EXPECT_EQ(look(), std::nullopt);
  EXPECT_EQ(file.at("wlan0"), dbm(17));

  write("12\n");

  EXPECT_THAT(look(), Optional(HasSubstr("its limit is in force")));
  EXPECT_EQ(file.at("wlan0"), dbm(12));
}

TEST_F(CeilingFileTest, ABadOneLeavesTheLastGoodLimit) {
  write("12\n");
  look();

  write("0\n");

  EXPECT_THAT(look(), Optional(HasSubstr(":1: '0' is no number within 1..36 dBm; the last good")));
  EXPECT_EQ(look(), std::nullopt) << "it is told once";
  EXPECT_EQ(file.at("wlan0"), dbm(12));
  EXPECT_THAT(file.trouble(), HasSubstr(path.string() + ":1:"));
  write("12\n");
  EXPECT_THAT(look(), Optional(HasSubstr("in force")));
  EXPECT_EQ(file.trouble(), "");
}

TEST_F(CeilingFileTest, ABadFirstOneIsNoLimit) {
  write("-1\n");

  EXPECT_THAT(look(), Optional(HasSubstr("no limit of it is known")));
  EXPECT_EQ(file.at("wlan0"), std::nullopt);
}

TEST_F(CeilingFileTest, ARemovedOneLiftsItsLimit) {
  write("12\n");
  look();

  std::filesystem::remove(path);

  EXPECT_THAT(look(), Optional(HasSubstr("gone; its limit is lifted")));
  EXPECT_EQ(file.at("wlan0"), std::nullopt);
}

TEST_F(CeilingFileTest, OfBothLimitsTheLowerCounts) {
  write("14\nwlan0 17\nwlan1 9\n");
  look();

  EXPECT_EQ(file.at("wlan0"), dbm(14));
  EXPECT_EQ(file.at("wlan1"), dbm(9));
  EXPECT_EQ(file.at("wlan2"), dbm(14));
}

}  // namespace
}  // namespace pianissimo::service
