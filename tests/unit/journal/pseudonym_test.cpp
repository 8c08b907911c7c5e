// What leaves RAM does not tell who a station is, and is still a journal.
#include "controller/journal/pseudonym.hpp"

#include <gmock/gmock.h>

#include <set>

#include "tests/unit/journal/samples.hpp"

namespace pianissimo::journal {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

PrivacyKey key_of(std::uint8_t octet) {
  PrivacyKey key;
  key.fill(octet);
  return key;
}

MacAddress mac(std::string_view text) { return mac_from_string(text).value(); }

MacAddress numbered(int number) {
  return {{0, 0x1b, 0x21, static_cast<std::uint8_t>(number >> 16),
           static_cast<std::uint8_t>(number >> 8), static_cast<std::uint8_t>(number)}};
}

Pseudonyms hashed() { return {StationIds::hmac, key_of(0x0b)}; }

// By Python: hmac.new(b"\x0b" * 32, bytes.fromhex("001b21c0ffee"), "sha256").hexdigest()[:12] is
// a30a5182df59; the first octet's two lowest bits are made 10.
TEST(Pseudonym, IsTheBeginningOfTheHmacOfTheAddress) {
  EXPECT_EQ(to_string(hashed().of(mac("00:1b:21:c0:ff:ee"))), "a2:0a:51:82:df:59");
}

TEST(Pseudonym, IsTheSameForTheSameStationAndAnotherUnderAnotherKey) {
  Pseudonyms ours = hashed();
  Pseudonyms again = hashed();
  Pseudonyms others{StationIds::hmac, key_of(0x0c)};

  EXPECT_EQ(ours.of(numbered(1)), ours.of(numbered(1)));
  EXPECT_EQ(ours.of(numbered(1)), again.of(numbered(1)));
  EXPECT_NE(ours.of(numbered(1)), others.of(numbered(1)));
}

TEST(Pseudonym, IsALocallyAdministeredUnicastAddressOfItsOwn) {
  Pseudonyms names = hashed();
  std::set<MacAddress> seen;

  // More than it remembers.
  for (int i = 0; i < 20'000; ++i) {
    const MacAddress pseudonym = names.of(numbered(i));
    EXPECT_EQ(pseudonym.octets[0] & 0x03, 0x02);
    seen.insert(pseudonym);
  }

  EXPECT_EQ(seen.size(), 20'000U);
  EXPECT_EQ(names.of(numbered(0)), hashed().of(numbered(0)));
}

TEST(Pseudonym, OfNobodyIsNobody) {
  EXPECT_EQ(hashed().of(MacAddress{}), MacAddress{});
  EXPECT_EQ((Pseudonyms{StationIds::none, {}}.of(MacAddress{})), MacAddress{});
}

TEST(Numbers, FollowTheOrderOfAppearance) {
  Pseudonyms names{StationIds::none, {}};

  EXPECT_EQ(names.of(numbered(7)), mac("0a:00:00:00:00:01"));
  EXPECT_EQ(names.of(numbered(3)), mac("0a:00:00:00:00:02"));
  EXPECT_EQ(names.of(numbered(7)), mac("0a:00:00:00:00:01"));
}

// Then there are hashes, and the numbers stay who they are.
TEST(Numbers, HaveAnEnd) {
  Pseudonyms names{StationIds::none, key_of(0x0b)};
  for (int i = 0; i < 20'000; ++i) static_cast<void>(names.of(numbered(i)));

  EXPECT_EQ(names.of(numbered(16'382)), mac("0a:00:00:00:3f:ff"));
  EXPECT_EQ(names.of(numbered(16'383)), hashed().of(numbered(16'383)));
  EXPECT_EQ(names.of(numbered(19'999)), hashed().of(numbered(19'999)));
  EXPECT_EQ(names.of(numbered(0)), mac("0a:00:00:00:00:01"));
}

TEST(Pseudonym, OfAPseudonymIsItself) {
  for (const StationIds ids : {StationIds::hmac, StationIds::none}) {
    Pseudonyms names{ids, key_of(0x0b)};
    const MacAddress first = names.of(numbered(1));

    EXPECT_EQ(names.of(first), first);
    EXPECT_EQ(names.in_text(to_string(first)), to_string(first));
    EXPECT_NE(names.of(numbered(2)), first);
  }
}

TEST(PseudonymInText, TakesThePlaceOfEveryAddressAndOfNothingElse) {
  Pseudonyms names{StationIds::none, {}};

  EXPECT_EQ(names.in_text("00:1b:21:00:00:01, 00:1B:21:00:00:02 and wlx001b21000001: 3 dBm."),
            "0a:00:00:00:00:01, 0a:00:00:00:00:02 and wlx0a0000000001: 3 dBm.");
  // Rather one too many: what is around it may be anything.
  EXPECT_EQ(names.in_text("from:00:1b:21:00:00:01: left"), "from:0a:00:00:00:00:01: left");
  for (const char* const text :
       {"", "12:30:45", "f00:1b:21:00:00:01", "a00:1b:21:00:00:01", "00:1b:21:00:00:011",
        "00:1b:21:00:00", "wlx001b2100000", "wlan0"}) {
    EXPECT_EQ(names.in_text(text), text);
  }
}

// Every field of every record of the format.
TEST(PseudonymsInARecord, LeaveNoAddressAndChangeNothingElse) {
  const std::string address = "02:00:00:00:0";  // so the samples' begin
  Pseudonyms names = hashed();
  for (const auto& sample : test::samples()) {
    Record record = sample.record;

    names.hide(record);

    EXPECT_THAT(to_line(record), Not(HasSubstr(address))) << sample.type;
    // The same with the addresses put back: nothing else has moved, but for what a header says.
    if (auto* const header = std::get_if<Header>(&record.what)) header->stations.reset();
    Record again = sample.record;
    Pseudonyms twice = hashed();
    const std::string wanted = twice.in_text(to_line(again));
    EXPECT_EQ(to_line(record), wanted) << sample.type;
    EXPECT_TRUE(std::holds_alternative<Record>(from_line(to_line(record)))) << sample.type;
  }
}

TEST(PseudonymsInARecord, AreSaidInTheHeaderWithTheInterfacesNames) {
  Record record{Instant{}, 0,
                Header{.config = R"({"interfaces":["wlx001b21c0ffee"]})",
                       .interfaces = {{.name = "wlx001b21c0ffee"}}}};

  Pseudonyms{StationIds::none, {}}.hide(record);

  const auto& header = std::get<Header>(record.what);
  EXPECT_EQ(header.stations, "none");
  EXPECT_EQ(header.config, R"({"interfaces":["wlx0a0000000001"]})");
  EXPECT_EQ(header.interfaces[0].name, "wlx0a0000000001");
  EXPECT_EQ(std::get<Record>(from_line(to_line(record))), record);
}

TEST(PseudonymsInARecord, AreNoneWhereAddressesAreWanted) {
  for (const auto& sample : test::samples()) {
    Record record = sample.record;

    Pseudonyms{StationIds::mac, key_of(1)}.hide(record);

    EXPECT_EQ(record, sample.record) << sample.type;
  }
}

}  // namespace
}  // namespace pianissimo::journal
