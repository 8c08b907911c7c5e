// What the tracepoint's program sends, and where tracefs says that it finds it.
#include "bpf/power_set.hpp"

#include <gmock/gmock.h>
#include <linux/nl80211.h>

#include <algorithm>
#include <cstring>

#include "bpf/power_set.h"

namespace pianissimo::bpf {
namespace {

// Linux 6.1, /sys/kernel/tracing/events/cfg80211/rdev_set_tx_power/format.
constexpr std::string_view of_linux_6_1 =
    "name: rdev_set_tx_power\n"
    "ID: 1234\n"
    "format:\n"
    "\tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;\n"
    "\tfield:unsigned char common_flags;\toffset:2;\tsize:1;\tsigned:0;\n"
    "\tfield:unsigned char common_preempt_count;\toffset:3;\tsize:1;\tsigned:0;\n"
    "\tfield:int common_pid;\toffset:4;\tsize:4;\tsigned:1;\n"
    "\n"
    "\tfield:char wiphy_name[32];\toffset:8;\tsize:32;\tsigned:1;\n"
    "\tfield:u32 id;\toffset:40;\tsize:4;\tsigned:0;\n"
    "\tfield:enum nl80211_tx_power_setting type;\toffset:44;\tsize:4;\tsigned:0;\n"
    "\tfield:int mbm;\toffset:48;\tsize:4;\tsigned:1;\n"
    "\n"
    "print fmt: \"%s, wdev(%u), type: %u, mbm: %d\", REC->wiphy_name, (REC->id), REC->type, "
    "REC->mbm\n";

std::string with(std::string_view from, std::string_view to) {
  std::string text{of_linux_6_1};
  text.replace(text.find(from), from.size(), to);
  return text;
}

std::vector<std::byte> bytes_of(const power_set& raw) {
  std::vector<std::byte> bytes(sizeof raw + 4);  // as perf pads it
  std::memcpy(bytes.data(), &raw, sizeof raw);
  return bytes;
}

power_set iw_sets(std::uint32_t setting, std::int32_t mbm) {
  power_set raw{.process = 812, .setting = setting, .mbm = mbm, .comm = "iw", .wiphy = "phy0"};
  return raw;
}

TEST(PowerSetPlaces, AreWhereTheKernelSays) {
  EXPECT_EQ(power_set_places(of_linux_6_1), (PowerSetPlaces{8, 44, 48}));
}

// Linux 6.17 tells the radio of a wiphy, too.
TEST(PowerSetPlaces, MayMoveWithAnotherKernel) {
  const std::string later = with("\tfield:enum nl80211_tx_power_setting type;\toffset:44;",
                                 "\tfield:int radio_idx;\toffset:44;\tsize:4;\tsigned:1;\n"
                                 "\tfield:enum nl80211_tx_power_setting type;\toffset:52;");

  EXPECT_EQ(power_set_places(later), (PowerSetPlaces{8, 52, 48}));
}

TEST(PowerSetPlaces, WhatIsMissingOrOfAnotherSizeIsNotGuessed) {
  EXPECT_EQ(power_set_places(""), std::nullopt);
  EXPECT_EQ(power_set_places(with("int mbm;", "int millibel;")), std::nullopt);
  EXPECT_EQ(power_set_places(with("wiphy_name[32];\toffset:8;\tsize:32;",
                                  "wiphy_name[64];\toffset:8;\tsize:64;")),
            std::nullopt);
  EXPECT_EQ(power_set_places(with("offset:48;\tsize:4;", "offset:48;\tsize:8;")), std::nullopt);
  EXPECT_EQ(power_set_places(with("offset:48;", "offset:x;")), std::nullopt);
}

TEST(PowerSetPlaces, LieWithinTheRecord) {
  EXPECT_EQ(power_set_places(with("offset:48;", "offset:252;"))->mbm, 252u);
  EXPECT_EQ(power_set_places(with("offset:48;", "offset:253;")), std::nullopt);
  EXPECT_EQ(power_set_places(with("offset:48;", "offset:4294967295;")), std::nullopt);
}

TEST(PowerSet, SaysWhoHasSetWhatWhere) {
  EXPECT_EQ(decode_power_set(bytes_of(iw_sets(NL80211_TX_POWER_FIXED, 500))),
            (PowerSet{812, "iw", "phy0", PowerSet::Setting::fixed, dbm(5)}));
  EXPECT_EQ(decode_power_set(bytes_of(iw_sets(NL80211_TX_POWER_LIMITED, -300)))->level, dbm(-3));
  EXPECT_EQ(decode_power_set(bytes_of(iw_sets(NL80211_TX_POWER_AUTOMATIC, 0)))->setting,
            PowerSet::Setting::automatic);
}

TEST(PowerSet, TextsMayFillTheirPlace) {
  power_set raw = iw_sets(NL80211_TX_POWER_FIXED, 500);
  std::ranges::fill(raw.comm, 'c');
  std::ranges::fill(raw.wiphy, 'w');

  const auto set = decode_power_set(bytes_of(raw));

  EXPECT_EQ(set->comm, std::string(16, 'c'));
  EXPECT_EQ(set->wiphy, std::string(32, 'w'));
}

TEST(PowerSet, NoLevelIsBeyondWhatALevelCanBe) {
  for (const auto& [mbm, level] :
       {std::pair{2'147'483'647, dbm(300)}, {-2'147'483'647, dbm(-300)}}) {
    EXPECT_EQ(decode_power_set(bytes_of(iw_sets(NL80211_TX_POWER_FIXED, mbm)))->level, level);
  }
}

TEST(PowerSet, WhatIsTooShortOrUnknownIsNone) {
  std::vector<std::byte> bytes = bytes_of(iw_sets(NL80211_TX_POWER_FIXED, 500));
  EXPECT_EQ(decode_power_set(std::span{bytes}.first(sizeof(power_set) - 1)), std::nullopt);
  EXPECT_EQ(decode_power_set({}), std::nullopt);
  EXPECT_EQ(decode_power_set(bytes_of(iw_sets(3, 500))), std::nullopt);
}

}  // namespace
}  // namespace pianissimo::bpf
