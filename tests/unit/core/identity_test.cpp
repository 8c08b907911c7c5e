#include "controller/core/identity.hpp"

#include <gtest/gtest.h>

namespace pianissimo {
namespace {

TEST(MacAddress, IsPrintedInLowerCase) {
  EXPECT_EQ(to_string(MacAddress{{0x02, 0x00, 0xab, 0xCD, 0xef, 0x09}}), "02:00:ab:cd:ef:09");
}

TEST(MacAddress, EveryOctetSurvivesPrintingAndReading) {
  for (int octet = 0; octet < 256; ++octet) {
    for (std::size_t place = 0; place < 6; ++place) {
      MacAddress address{{1, 2, 3, 4, 5, 6}};
      address.octets[place] = static_cast<std::uint8_t>(octet);

      EXPECT_EQ(mac_from_string(to_string(address)), address);
    }
  }
}

TEST(MacAddress, IsReadInEitherCase) {
  const MacAddress address{{0x02, 0xab, 0xcd, 0xef, 0x00, 0xff}};

  EXPECT_EQ(mac_from_string("02:AB:CD:EF:00:FF"), address);
  EXPECT_EQ(mac_from_string("02:aB:Cd:eF:00:fF"), address);
}

class NotAMacAddress : public testing::TestWithParam<std::string_view> {};

TEST_P(NotAMacAddress, IsRefused) { EXPECT_EQ(mac_from_string(GetParam()), std::nullopt); }

INSTANTIATE_TEST_SUITE_P(Texts, NotAMacAddress,
                         testing::Values("", "02", "02:00:00:00:01", "02:00:00:00:01:0",
                                         "02:00:00:00:01:00:", "02:00:00:00:01:000",
                                         "02:00:00:00:01:0g", "02:00:00:00:01: 0",
                                         "02-00-00-00-01-00", "0200:00:00:01:00:", "020000000100",
                                         " 02:00:00:00:01:0", "02:00:00:00:01:+1",
                                         std::string_view{"02:00:00:00:01:0\0", 17}));

// Wiphy 0 and interface 0 are numbers like any other; what is not one of a kind must differ.
TEST(Knob, IsItsKindAndAllItsIndices) {
  const MacAddress station{{2, 0, 0, 0, 0, 1}};
  const Knob knob{KnobKind::station, WiphyIndex{0}, InterfaceIndex{3}, station};

  EXPECT_EQ(knob, (Knob{KnobKind::station, WiphyIndex{0}, InterfaceIndex{3}, station}));
  EXPECT_NE(knob, (Knob{KnobKind::interface, WiphyIndex{0}, InterfaceIndex{3}, station}));
  EXPECT_NE(knob, (Knob{KnobKind::station, WiphyIndex{1}, InterfaceIndex{3}, station}));
  EXPECT_NE(knob, (Knob{KnobKind::station, WiphyIndex{0}, InterfaceIndex{4}, station}));
  EXPECT_NE(knob, (Knob{KnobKind::station, WiphyIndex{0}, InterfaceIndex{3}, {}}));
}

}  // namespace
}  // namespace pianissimo
