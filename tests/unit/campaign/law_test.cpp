#include <gmock/gmock.h>

#include "config/config.hpp"
#include "experiments/campaign/law.hpp"

namespace pianissimo::campaign {
namespace {

using testing::HasSubstr;

TEST(Law, IsKnownByItsName) {
  EXPECT_EQ(parse_law("anchor")->kind, Law::Kind::anchor);
  EXPECT_EQ(parse_law("descend")->kind, Law::Kind::descend);
  EXPECT_EQ(parse_law("fixed-max")->level, std::nullopt);
  EXPECT_EQ(parse_law("fixed-12")->level, 12);
  EXPECT_EQ(parse_law("rate-slowest")->bit_rate, "slowest");
  EXPECT_EQ(parse_law("rate-9")->bit_rate, "9");
  EXPECT_EQ(parse_law("rate-7x2")->bit_rate, "7x2");
}

TEST(Law, NothingElseIsOne) {
  for (const char* const name :
       {"", "Anchor", "fixed", "fixed-", "fixed-37", "fixed--1", "fixed-07", "fixed-1.5", "rate-",
        "rate-10", "rate-7x", "rate-7x0", "rate-7x3", "rate-x2", "rate-7x2x1", "oracle"}) {
    EXPECT_FALSE(parse_law(name)) << name;
  }
}

TEST(Law, ItsConfigurationIsOneThatTheDaemonTakes) {
  for (const char* const name : {"anchor", "descend", "fixed-max", "fixed-12", "rate-7x2"}) {
    const std::string text =
        daemon_config(*parse_law(name), {.keep = 0.9, .floor_dbm = 2, .ceiling = 18}, "wlan0",
                      "/tmp/x/journal.jsonl");

    const auto parsed = parse_config(text);

    ASSERT_TRUE(std::holds_alternative<Config>(parsed)) << text;
    EXPECT_THAT(text, HasSubstr("dry_run: false"));
  }
}

TEST(Law, ALevelAndTheKeepReachTheDaemon) {
  EXPECT_THAT(daemon_config(*parse_law("fixed-12"), {}, "wlan0", "/x"),
              HasSubstr("policy: fixed\nfixed: {level: 12}\n"));
  EXPECT_THAT(
      daemon_config(*parse_law("anchor"), {.keep = 0.9}, "wlan0", "/x"),
      HasSubstr("policy: anchor\nanchor: {keep: 0.9}\nbox: {floor_dbm: 1, ceiling_dbm: auto}"));
  EXPECT_THAT(daemon_config(*parse_law("rate-3"), {}, "wlan0", "/x"), HasSubstr("level: max"));
}

}  // namespace
}  // namespace pianissimo::campaign
