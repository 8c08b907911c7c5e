#include "nl80211/attributes.hpp"

#include <gtest/gtest.h>

#include <limits>

#include "tests/unit/nl80211/wire.hpp"

namespace pianissimo::nl80211 {
namespace {

using namespace wire;

TEST(Attributes, ReadsNumbersOfEachSize) {
  const Buffer bytes = join({attribute(1, u8(200)), attribute(2, u16(40000)),
                             attribute(3, u32(4000000000)), attribute(4, u64(1ULL << 40))});
  const Attributes attributes{bytes};

  EXPECT_EQ(attributes.get<std::uint8_t>(1), 200);
  EXPECT_EQ(attributes.get<std::uint16_t>(2), 40000);
  EXPECT_EQ(attributes.get<std::uint32_t>(3), 4000000000);
  EXPECT_EQ(attributes.get<std::uint64_t>(4), 1ULL << 40);
  EXPECT_TRUE(attributes.well_formed());
}

TEST(Attributes, ReadsSignedNumbers) {
  const Buffer bytes = join({attribute(1, u8(0xc4)), attribute(2, u32(0xffffff9c))});

  EXPECT_EQ(Attributes{bytes}.get<std::int8_t>(1), -60);
  EXPECT_EQ(Attributes{bytes}.get<std::int32_t>(2), -100);
}

TEST(Attributes, AreReadWhereverTheyLie) {
  for (std::size_t shift = 0; shift < 8; ++shift) {
    Buffer bytes(shift);
    const Buffer list = join({attribute(1, u8(1)), attribute(2, u64(0x0102030405060708))});
    bytes.insert(bytes.end(), list.begin(), list.end());

    const Attributes attributes{Bytes{bytes}.subspan(shift)};

    EXPECT_EQ(attributes.get<std::uint64_t>(2), 0x0102030405060708U) << shift;
  }
}

TEST(Attributes, AbsentOnesAreNothing) {
  const Attributes nothing;

  EXPECT_FALSE(nothing.has(1));
  EXPECT_EQ(nothing.get<std::uint32_t>(1), std::nullopt);
  EXPECT_EQ(nothing.text(1), std::nullopt);
  EXPECT_FALSE(nothing.nested(1).has_value());
  EXPECT_TRUE(nothing.well_formed());
}

TEST(Attributes, ANumberOfAnotherSizeIsAbsent) {
  const Buffer bytes = join({attribute(1, u32(7)), attribute(2, u8(7)), flag(3)});
  const Attributes attributes{bytes};

  EXPECT_EQ(attributes.get<std::uint64_t>(1), std::nullopt);
  EXPECT_EQ(attributes.get<std::uint16_t>(1), std::nullopt);
  EXPECT_EQ(attributes.get<std::uint32_t>(2), std::nullopt);
  EXPECT_EQ(attributes.get<std::uint32_t>(3), std::nullopt);
}

TEST(Attributes, FlagsAreThereOrNot) {
  const Buffer bytes = flag(9);

  EXPECT_TRUE(Attributes{bytes}.has(9));
  EXPECT_FALSE(Attributes{bytes}.has(8));
}

TEST(Attributes, TheFirstOfEqualOnesCounts) {
  const Buffer bytes = join({attribute(1, u32(10)), attribute(1, u32(20))});

  EXPECT_EQ(Attributes{bytes}.get<std::uint32_t>(1), 10U);
}

TEST(Attributes, NestsAreFoundWithAndWithoutTheirMark) {
  const Buffer bytes =
      join({nest(1, {attribute(5, u32(50))}), marked_nest(2, {nest(6, {flag(7)})})});
  const Attributes attributes{bytes};

  EXPECT_EQ(attributes.nested(1)->get<std::uint32_t>(5), 50U);
  EXPECT_TRUE(attributes.nested(2)->nested(6)->has(7));
}

TEST(Attributes, TextsEndAtTheFirstNulOrAtTheEnd) {
  const Buffer with = attribute(1, text("wlan0"));
  const Buffer without = attribute(1, join({u8('U'), u8('S')}));
  const Buffer within = attribute(1, join({text("ab"), text("cd")}));
  const Buffer empty = flag(1);

  EXPECT_EQ(Attributes{with}.text(1), "wlan0");
  EXPECT_EQ(Attributes{without}.text(1), "US");
  EXPECT_EQ(Attributes{within}.text(1), "ab");
  EXPECT_EQ(Attributes{empty}.text(1), "");
}

TEST(Attributes, TheLastOneNeedsNoPadding) {
  Buffer bytes = attribute(1, u8(5));
  bytes.resize(5);

  EXPECT_EQ(Attributes{bytes}.get<std::uint8_t>(1), 5);
  EXPECT_TRUE(Attributes{bytes}.well_formed());
}

TEST(Attributes, AListThatBreaksOffIsNotWellFormed) {
  const Buffer whole = join({attribute(1, u32(1)), attribute(2, u32(2))});
  for (const std::size_t length : {1U, 3U, 4U, 7U, 9U, 12U, 15U}) {
    const Attributes attributes{Bytes{whole}.first(length)};
    EXPECT_FALSE(attributes.well_formed()) << length;
  }
  EXPECT_TRUE(Attributes{Bytes{whole}.first(8)}.well_formed());
}

TEST(Attributes, ImpossibleLengthsEndTheList) {
  for (const unsigned length : {0U, 1U, 3U, 9U, 0xffffU}) {
    const Buffer bytes = join({u16(length), u16(1), u32(1)});
    EXPECT_FALSE(Attributes{bytes}.well_formed()) << length;
    EXPECT_FALSE(Attributes{bytes}.has(1)) << length;
  }
}

}  // namespace
}  // namespace pianissimo::nl80211
