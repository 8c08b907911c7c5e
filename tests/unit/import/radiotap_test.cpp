// Radiotap headers built by hand, byte by byte.
#include "experiments/import/radiotap.hpp"

#include <gmock/gmock.h>

#include "experiments/import/frame.hpp"
#include "tests/unit/import/packets.hpp"

namespace pianissimo::capture {
namespace {

using namespace test;

TEST(Radiotap, TellsTheLegacyRateAndTheSignal) {
  const Bytes bytes =
      radiotap({.rate = 108, .signal = -61}, data_frame({.receiver = alice, .from_ds = true}, 100));

  const auto frame = read_frame(LinkType::radiotap, bytes, size_of(bytes));

  ASSERT_TRUE(frame);
  EXPECT_EQ(speed(frame->rate), Throughput::from_kbps(54'000));
  EXPECT_EQ(frame->signal, dbm(-61));
  EXPECT_EQ(frame->payload, 100U);
}

TEST(Radiotap, TellsThatTheFrameEndsWithItsFcs) {
  Bytes frame = data_frame({.receiver = alice, .from_ds = true}, 100);
  frame.insert(frame.end(), 4, 0);
  const Bytes good = radiotap({.flags = 0x10}, frame);
  const Bytes bad = radiotap({.flags = 0x50}, frame);

  EXPECT_EQ(read_frame(LinkType::radiotap, good, size_of(good))->payload, 100U);
  EXPECT_FALSE(read_frame(LinkType::radiotap, bad, size_of(bad)));
}

// Fields in their order, each at its alignment; the present word has a successor.
TEST(Radiotap, TellsTheRateOfVhtBehindOtherFields) {
  const Bytes bytes{
      0,    0,    50,   0,     // version, pad, length
      0x2b, 0x48, 0x20, 0x80,  // TSFT, flags, channel, signal, antenna, rx flags, VHT, another word
      0,    0,    0,    0,     // the other word
      0,    0,    0,    0,     // to a multiple of 8
      1,    2,    3,    4,    5, 6, 7, 8,        // TSFT
      0,    0,                                   // flags, pad
      0x3c, 0x14, 0,    0,                       // channel
      0xc4,                                      // signal: -60
      1,                                         // antenna
      0,    0,                                   // rx flags
      0x44, 0x00,                                // VHT: guard interval and width are known
      0x04, 4,    0x92, 0,    0, 0, 0, 0, 0, 0,  // short, 80 MHz, MCS 9 with two streams
      0,    0,    0,    0,                       // what is not known here
  };
  const auto radio = read_radiotap(bytes);

  ASSERT_TRUE(radio);
  EXPECT_EQ(radio->length, 50U);
  EXPECT_EQ(speed(radio->rate), Throughput::from_kbps(866'666));
  EXPECT_EQ(radio->signal, dbm(-60));
}

TEST(Radiotap, TellsTheRateOfHt) {
  // MCS: width, index and guard interval are known; 40 MHz, short; index 15.
  const Bytes bytes{0, 0, 11, 0, 0x00, 0x00, 0x08, 0x00, 0x07, 0x05, 15};

  EXPECT_EQ(speed(read_radiotap(bytes)->rate), Throughput::from_kbps(300'000));
}

// The pad (flag 0x20) lies between the 26 bytes of header and the payload.
TEST(Radiotap, TellsOfThePadBeforeThePayload) {
  const Bytes frame = data_frame({.receiver = alice, .sender = access_point, .from_ds = true}, 102);
  const Bytes four_addresses =
      data_frame({.receiver = alice, .sender = bob, .from_ds = true, .to_ds = true}, 100);
  const Bytes padded = radiotap({.flags = 0x20}, frame);
  const Bytes even = radiotap({.flags = 0x20}, four_addresses);

  EXPECT_EQ(read_frame(LinkType::radiotap, padded, size_of(padded))->payload, 100U);
  EXPECT_EQ(read_frame(LinkType::radiotap, even, size_of(even))->payload, 100U);  // 32 bytes
}

// The kernel has a word of presence for each antenna; the signal of all of them comes first.
TEST(Radiotap, TellsTheSignalOfAllAntennasTogether) {
  const Bytes bytes = radiotap_of(0xa0000020,
                                  {0x20, 0x08, 0, 0xa0, 0x20, 0x08, 0, 0,  // words
                                   0xc4, 0xc0, 0, 0xbe, 1},
                                  {});

  EXPECT_EQ(read_radiotap(bytes)->signal, dbm(-60));
}

TEST(Radiotap, StepsOverAVendorsFields) {
  const Bytes vendor{1, 2, 3, 0, 4, 0, 9, 9, 9, 9};
  Bytes bytes{0, 0, 0, 0};
  append_little(bytes, 0xc0000000, 4);  // a vendor's namespace, and another word
  append_little(bytes, 0xa0000001, 4);  // the vendor's, then radiotap's again, and another word
  append_little(bytes, 0x00000020, 4);  // signal
  bytes.insert(bytes.end(), vendor.begin(), vendor.end());
  bytes.push_back(0xc4);
  bytes[2] = static_cast<std::uint8_t>(bytes.size());

  EXPECT_EQ(read_radiotap(bytes)->signal, dbm(-60));
}

// IEEE 802.11ax-2021, tables of 27.5: 1201.0, 143.4, 8.6 and 0.9 Mbit/s.
TEST(Radiotap, TellsTheRateOfHe) {
  const auto rate_of = [](const std::vector<std::uint32_t>& data) {
    return speed(read_radiotap(radiotap_of(1U << 23U, words(data, 2), {}))->rate);
  };
  constexpr std::uint32_t known = 0x4020;  // MCS and width

  // MCS 11, two streams, 80 MHz, 0.8 us
  EXPECT_EQ(rate_of({known, 2, 0x0b00, 0, 0x02, 2}), Throughput::from_kbps(1'200'980));
  // MCS 11, one stream, 20 MHz, 0.8 us
  EXPECT_EQ(rate_of({known, 2, 0x0b00, 0, 0x00, 1}), Throughput::from_kbps(143'382));
  // MCS 0, one stream, 20 MHz, 0.8 us
  EXPECT_EQ(rate_of({known, 2, 0x0000, 0, 0x00, 1}), Throughput::from_kbps(8'602));
  // MCS 0, one stream, 26 tones, 0.8 us, on two carriers: 0.4
  EXPECT_EQ(rate_of({known, 2, 0x1000, 0, 0x04, 1}), Throughput::from_kbps(441));
  // MCS 11, eight streams, 160 MHz, 3.2 us: 8166.7
  EXPECT_EQ(rate_of({known, 2, 0x0b00, 0, 0x23, 8}), Throughput::from_kbps(8'166'666));
  // Two space-time streams of one stream (STBC): half
  EXPECT_EQ(rate_of({known | 0x200, 2, 0x8b00, 0, 0x02, 2}), Throughput::from_kbps(600'490));
}

TEST(Radiotap, TellsNoRateOfHeThatIsNotKnown) {
  const auto rate_of = [](const std::vector<std::uint32_t>& data) {
    return speed(read_radiotap(radiotap_of(1U << 23U, words(data, 2), {}))->rate);
  };

  EXPECT_EQ(rate_of({0x4000, 2, 0x0b00, 0, 0x02, 2}), std::nullopt);  // the MCS
  EXPECT_EQ(rate_of({0x0020, 2, 0x0b00, 0, 0x02, 2}), std::nullopt);  // the width
  EXPECT_EQ(rate_of({0x4020, 2, 0x0b00, 0, 0x02, 0}), std::nullopt);  // the streams
  EXPECT_EQ(rate_of({0x4020, 2, 0x0c00, 0, 0x02, 2}), std::nullopt);  // no such MCS
  EXPECT_EQ(rate_of({0x4020, 2, 0x0b00, 0, 0x0f, 2}), std::nullopt);  // no such width
  EXPECT_EQ(rate_of({0x4020, 2, 0x0b00, 0, 0x32, 2}), std::nullopt);  // no such interval
}

TEST(Radiotap, TellsTheRateOfHeOneWordLateWhereNothingElseIsMeant) {
  const auto rate_of = [](const std::vector<std::uint32_t>& data) {
    return speed(read_radiotap(radiotap_of(1U << 23U, words(data, 2), {}))->rate);
  };

  EXPECT_EQ(rate_of({0x4020, 2, 0, 0x0b00, 0x02, 2}), Throughput::from_kbps(1'200'980));
  // A STA-ID is there: MCS 0 is meant.
  EXPECT_EQ(rate_of({0x4822, 2, 0, 0x0b00, 0x02, 2}), Throughput::from_kbps(72'058));
}

// A signal, then at a multiple of 4 the TLVs U-SIG (33) and EHT (34).
Bytes eht_fields(std::uint32_t usig_common, std::uint32_t known, std::uint32_t data0,
                 std::uint32_t data1, const std::vector<std::uint32_t>& users) {
  Bytes fields{0xc4, 0, 0, 0, 33, 0, 12, 0};
  const Bytes usig = words({usig_common, 0, 0}, 4);
  fields.insert(fields.end(), usig.begin(), usig.end());
  append_little(fields, 34, 2);
  append_little(fields, 40 + 4 * users.size(), 2);
  std::vector<std::uint32_t> eht{known, data0, data1, 0, 0, 0, 0, 0, 0, 0};
  eht.insert(eht.end(), users.begin(), users.end());
  const Bytes bytes = words(eht, 4);
  fields.insert(fields.end(), bytes.begin(), bytes.end());
  return fields;
}

// IEEE 802.11be: MCS 13, two streams, 320 MHz, 0.8 us: 5764.7 Mbit/s.
TEST(Radiotap, TellsTheRateOfEht) {
  constexpr std::uint32_t present = 1U << 28U | 1U << 5U;
  constexpr std::uint32_t wide = 2U | 4U << 15U;                  // 320 MHz
  constexpr std::uint32_t user = 0x92U | 13U << 20U | 1U << 24U;  // streams from 0 on
  constexpr std::uint32_t other = 0x12U | 1U << 20U;
  const auto rate_of = [](const Bytes& fields) {
    return speed(read_radiotap(radiotap_of(present, fields, {}))->rate);
  };

  EXPECT_EQ(rate_of(eht_fields(wide, 4, 0, 0, {user})), Throughput::from_kbps(5'764'705));
  // The frame's user is the second.
  EXPECT_EQ(rate_of(eht_fields(wide, 4, 0, 0, {other, user})), Throughput::from_kbps(5'764'705));
  // 3.2 us: 4900.0
  EXPECT_EQ(rate_of(eht_fields(wide, 4, 2U << 7U, 0, {user})), Throughput::from_kbps(4'900'000));
  // A unit of 484 + 242 tones (702 carriers): 1032.3
  EXPECT_EQ(rate_of(eht_fields(wide, 0x400004, 0, 10, {user})), Throughput::from_kbps(1'032'352));
  EXPECT_EQ(rate_of(eht_fields(0, 4, 0, 0, {user})), std::nullopt);      // no width
  EXPECT_EQ(rate_of(eht_fields(wide, 4, 0, 0, {0x80U})), std::nullopt);  // no MCS
  EXPECT_EQ(rate_of(eht_fields(wide, 4, 0, 0, {})), std::nullopt);       // no user
}

TEST(Radiotap, ThatClaimsMoreThanThereIsIsNone) {
  EXPECT_FALSE(read_radiotap(Bytes{0, 0, 9, 0, 0, 0, 0, 0}));     // longer than what there is
  EXPECT_FALSE(read_radiotap(Bytes{0, 0, 7, 0, 0, 0, 0, 0}));     // shorter than itself
  EXPECT_FALSE(read_radiotap(Bytes{1, 0, 8, 0, 0, 0, 0, 0}));     // another version
  EXPECT_FALSE(read_radiotap(Bytes{0, 0, 8, 0, 1, 0, 0, 0}));     // a field beyond the end
  EXPECT_FALSE(read_radiotap(Bytes{0, 0, 8, 0, 0, 0, 0, 0x80}));  // a word beyond the end
}

constexpr std::uint32_t power_present = 1U << 10U;

std::optional<Dbm> power_of(int dbm) {
  return read_radiotap(radiotap_of(power_present, {static_cast<std::uint8_t>(dbm)}, {}))->power;
}

TEST(Radiotap, TellsThePowerBesideOtherFields) {
  // Signal, power, antenna.
  const auto radio = read_radiotap(radiotap_of(0xc20, {0xc4, 17, 1}, {}));

  ASSERT_TRUE(radio);
  EXPECT_EQ(radio->signal, dbm(-60));
  EXPECT_EQ(radio->power, dbm(17));
}

TEST(Radiotap, TellsPowersOfNoughtAndBelow) {
  EXPECT_EQ(power_of(0), dbm(0));
  EXPECT_EQ(power_of(-12), dbm(-12));
}

TEST(Radiotap, LeavesOutAPowerThatIsNotPlausible) {
  EXPECT_EQ(power_of(100), dbm(100));
  EXPECT_EQ(power_of(-100), dbm(-100));
  for (const int beyond : {101, 127, -101, -128}) {
    const auto radio =
        read_radiotap(radiotap_of(power_present, {static_cast<std::uint8_t>(beyond)}, {}));
    EXPECT_EQ(radio->power, std::nullopt) << beyond;
    EXPECT_TRUE(radio->has_impossible_power) << beyond;
  }
}

TEST(Radiotap, WhosePowerIsCutOffIsNone) {
  EXPECT_FALSE(read_radiotap(radiotap_of(power_present, {}, {})));
  EXPECT_FALSE(read_radiotap(radiotap_of(0x420, {0xc4}, {})));
}

// Both are distances from a power that nobody knows.
TEST(Radiotap, TakesNoAttenuationForAPower) {
  const auto radio = read_radiotap(radiotap_of(1U << 8U | 1U << 9U, {10, 0, 10, 0}, {}));

  ASSERT_TRUE(radio);
  EXPECT_EQ(radio->power, std::nullopt);
}

// ieee80211_add_tx_radiotap_header(): rate, pad, TX flags, data retries.
TEST(Radiotap, TellsWhatBecameOfAFrameThatWasSent) {
  constexpr std::uint32_t present = 1U << 2U | 1U << 15U | 1U << 17U;
  const auto status = [](std::uint8_t flags) {
    return *read_radiotap(radiotap_of(present, {108, 0, flags, 0, 3}, {}));
  };

  EXPECT_EQ(speed(status(0).rate), Throughput::from_kbps(54'000));
  EXPECT_EQ(status(0).data_retries, 3);
  EXPECT_EQ(status(0).has_failed, false);
  EXPECT_EQ(status(1).has_failed, true);
  EXPECT_FALSE(status(1).is_without_ack);
  EXPECT_TRUE(status(9).is_without_ack);
}

TEST(Radiotap, SaysNothingOfTheFateOfAFrameThatWasReceived) {
  const auto radio = read_radiotap(radiotap_of(1U << 5U, {0xc4}, {}));

  EXPECT_EQ(radio->data_retries, std::nullopt);
  EXPECT_EQ(radio->has_failed, std::nullopt);
}

// The same as above for the families that have a field of their own: TX flags and data retries
// first, then MCS, VHT or HE.
TEST(Radiotap, TellsTheRatesThatLinuxSaysOfItsOwnFrames) {
  const auto rate_of = [](std::uint32_t field, const Bytes& value) {
    Bytes fields{0, 0, 2};
    if (field != 19) fields.push_back(0);
    fields.insert(fields.end(), value.begin(), value.end());
    return read_radiotap(radiotap_of(1U << 15U | 1U << 17U | 1U << field, fields, {}))->rate;
  };

  EXPECT_EQ(rate_of(19, {0x07, 0x05, 15}), (BitRate{.rate = Throughput::from_kbps(300'000),
                                                    .format = RateFormat::ht,
                                                    .mcs = 15,
                                                    .width = Mhz{40},
                                                    .short_gi = true}));
  EXPECT_EQ(rate_of(21, {0x44, 0, 0, 4, 0x92, 0, 0, 0, 0, 0, 0, 0}),
            (BitRate{.rate = Throughput::from_kbps(780'000),
                     .format = RateFormat::vht,
                     .mcs = 9,
                     .nss = 2,
                     .width = Mhz{80}}));
  EXPECT_EQ(rate_of(23, words({0x6020, 2, 0x0b00, 0, 0x02, 2}, 2)),
            (BitRate{.rate = Throughput::from_kbps(1'200'980),
                     .format = RateFormat::he,
                     .mcs = 11,
                     .nss = 2,
                     .width = Mhz{80}}));
}

// Codes that say of a wide channel which part of it was used: MCS 0 of one stream.
TEST(Radiotap, TellsTheRateOfTheWidthThatVhtWasSentIn) {
  const auto rate_of = [](int code) {
    return speed(read_radiotap(radiotap_of(1U << 21U,
                                           {0x44, 0, 0, static_cast<std::uint8_t>(code), 0x01, 0, 0,
                                            0, 0, 0, 0, 0},
                                           {}))
                     ->rate);
  };

  for (const int mhz20 : {0, 2, 3, 7, 10, 18, 25}) {
    EXPECT_EQ(rate_of(mhz20), Throughput::from_kbps(6'500)) << mhz20;
  }
  for (const int mhz40 : {1, 5, 6, 14, 17}) {
    EXPECT_EQ(rate_of(mhz40), Throughput::from_kbps(13'500)) << mhz40;
  }
  for (const int mhz80 : {4, 12, 13}) {
    EXPECT_EQ(rate_of(mhz80), Throughput::from_kbps(29'250)) << mhz80;
  }
  EXPECT_EQ(rate_of(11), Throughput::from_kbps(58'500));
  EXPECT_EQ(rate_of(26), std::nullopt);
}

TEST(Radiotap, TellsNoRateOfHtOrVhtWhoseWidthIsNotKnown) {
  EXPECT_EQ(read_radiotap(radiotap_of(1U << 19U, {0x06, 0, 7}, {}))->rate, std::nullopt);
  EXPECT_EQ(
      read_radiotap(radiotap_of(1U << 21U, {0x04, 0, 0, 4, 0x92, 0, 0, 0, 0, 0, 0, 0}, {}))->rate,
      std::nullopt);
}

// FreeBSD: an MCS with bit 7.
TEST(Radiotap, TellsNoLegacyRateBeyondThoseThatThereAre) {
  EXPECT_EQ(read_radiotap(radiotap_of(1U << 2U, {0x87}, {}))->rate, std::nullopt);
  EXPECT_EQ(read_radiotap(radiotap_of(1U << 2U, {0}, {}))->rate, std::nullopt);
}

}  // namespace
}  // namespace pianissimo::capture
