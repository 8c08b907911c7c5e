// Frames built by hand, byte by byte.
#include "experiments/import/frame.hpp"

#include <gmock/gmock.h>

#include "experiments/import/radiotap.hpp"
#include "tests/unit/import/packets.hpp"

namespace pianissimo::capture {
namespace {

using namespace test;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

TEST(Frame, OnEthernetIsOfBothEnds) {
  const Bytes bytes = ethernet(alice, bob, 100);

  const auto frame = read_frame(LinkType::ethernet, bytes, size_of(bytes));

  ASSERT_TRUE(frame);
  EXPECT_THAT(frame->crossings, ElementsAre(Crossing{alice, Direction::to_station},
                                            Crossing{bob, Direction::from_station}));
  EXPECT_EQ(frame->payload, 100U);
  EXPECT_FALSE(frame->is_retry);
  EXPECT_EQ(frame->rate, std::nullopt);
}

TEST(Frame, OnEthernetWithTagsIsShorter) {
  const Bytes bytes = ethernet(alice, bob, 100, {0x81, 0x00, 0x00, 0x07, 0x88, 0xa8, 0x00, 0x08});
  const Bytes tagged = ethernet(alice, bob, 100, {0x88, 0xa8, 0x00, 0x07, 0x81, 0x00, 0x00, 0x08});

  EXPECT_EQ(read_frame(LinkType::ethernet, tagged, size_of(tagged))->payload, 100U);
  EXPECT_EQ(read_frame(LinkType::ethernet, bytes, size_of(bytes))->payload, 100U);
}

TEST(Frame, ToAGroupIsOnlyOfItsSender) {
  const Bytes bytes = ethernet(broadcast, bob, 60);

  EXPECT_THAT(read_frame(LinkType::ethernet, bytes, size_of(bytes))->crossings,
              ElementsAre(Crossing{bob, Direction::from_station}));
}

TEST(Frame, OverTheAirIsOfTheStationAlone) {
  const Bytes down = data_frame({.receiver = alice, .sender = access_point, .from_ds = true}, 200);
  const Bytes up = data_frame({.receiver = access_point, .sender = alice, .to_ds = true}, 300);

  const auto down_frame = read_frame(LinkType::ieee80211, down, size_of(down));
  const auto up_frame = read_frame(LinkType::ieee80211, up, size_of(up));

  ASSERT_TRUE(down_frame && up_frame);
  EXPECT_THAT(down_frame->crossings, ElementsAre(Crossing{alice, Direction::to_station}));
  EXPECT_THAT(up_frame->crossings, ElementsAre(Crossing{alice, Direction::from_station}));
  EXPECT_EQ(down_frame->payload, 200U);
  EXPECT_EQ(up_frame->payload, 300U);
}

TEST(Frame, HasItsRetryBitAndItsSequenceNumber) {
  const Bytes bytes = data_frame({.receiver = alice,
                                  .sender = access_point,
                                  .from_ds = true,
                                  .is_retry = true,
                                  .sequence = 0x1230,
                                  .traffic_class = 5},
                                 200);

  const auto frame = read_frame(LinkType::ieee80211, bytes, size_of(bytes));

  EXPECT_TRUE(frame->is_retry);
  EXPECT_EQ(frame->sequence, 0x1230);
  EXPECT_EQ(frame->traffic_class, 5);
  EXPECT_EQ(frame->sender, access_point);
}

TEST(Frame, CutByTheSnapshotLengthHasItsLengthOnTheWire) {
  Bytes bytes = data_frame({.receiver = alice, .sender = access_point, .from_ds = true}, 1400);
  const std::uint32_t length = size_of(bytes);
  bytes.resize(64);

  EXPECT_EQ(read_frame(LinkType::ieee80211, bytes, length)->payload, 1400U);
}

TEST(Frame, ThatIsNoDataOfAStationIsNone) {
  const Header down{.receiver = alice, .sender = access_point, .from_ds = true};
  Bytes beacon = data_frame(down, 100);
  beacon[0] = 0x80;
  Bytes null_data = data_frame(down, 0);
  null_data[0] = 0xc8;
  const Bytes direct = data_frame({.receiver = alice, .sender = bob}, 100);
  const Bytes group =
      data_frame({.receiver = broadcast, .sender = access_point, .from_ds = true}, 9);

  for (const Bytes& bytes : {null_data, direct, Bytes{}}) {
    EXPECT_FALSE(read_frame(LinkType::ieee80211, bytes, size_of(bytes)));
  }
  // These two tell who the access point is.
  for (const Bytes& bytes : {beacon, group}) {
    const auto frame = read_frame(LinkType::ieee80211, bytes, size_of(bytes));
    ASSERT_TRUE(frame);
    EXPECT_THAT(frame->crossings, IsEmpty());
    EXPECT_EQ(frame->access_point, access_point);
  }
}

// A 4-address station (WDS): neither of the two ends is marked as the access point.
TEST(Frame, WithFourAddressesIsOfBothEnds) {
  const Bytes bytes =
      data_frame({.receiver = alice, .sender = access_point, .from_ds = true, .to_ds = true}, 108);

  const auto frame = read_frame(LinkType::ieee80211, bytes, size_of(bytes));

  ASSERT_TRUE(frame);
  EXPECT_THAT(frame->crossings, ElementsAre(Crossing{alice, Direction::to_station},
                                            Crossing{access_point, Direction::from_station}));
  EXPECT_EQ(frame->payload, 108U);  // behind 30 bytes of addresses and 2 of QoS
}

TEST(Ends, LeaveTheAccessPointOutOnceABeaconHasToldIt) {
  const Bytes wds =
      data_frame({.receiver = alice, .sender = access_point, .from_ds = true, .to_ds = true}, 108);
  Bytes beacon = data_frame({.receiver = broadcast, .sender = access_point}, 100);
  beacon[0] = 0x80;
  Ends ends;
  const auto settled = [&](const Bytes& bytes) {
    auto frame = read_frame(LinkType::ieee80211, bytes, size_of(bytes));
    ends.settle(*frame);
    return frame->crossings;
  };

  EXPECT_THAT(settled(wds), SizeIs(2));
  EXPECT_THAT(settled(beacon), IsEmpty());
  EXPECT_THAT(settled(wds), ElementsAre(Crossing{alice, Direction::to_station}));
}

// An A-MSDU (bit 7 of QoS control) of 100, 61 and 7 bytes, with the paddings between.
Bytes amsdu() {
  Bytes bytes = data_frame(
      {.receiver = alice, .sender = access_point, .from_ds = true, .traffic_class = 0x80}, 0);
  append_subframe(bytes, 100);
  append_subframe(bytes, 61);
  append_subframe(bytes, 7, true);
  return bytes;
}

TEST(Frame, CountsTheMsdusOfAnAMsduAndTheirBytes) {
  const Bytes bytes = amsdu();

  const auto frame = read_frame(LinkType::ieee80211, bytes, size_of(bytes));

  ASSERT_TRUE(frame);
  EXPECT_EQ(frame->packets, 3U);
  EXPECT_EQ(frame->payload, 168U);
  EXPECT_FALSE(frame->is_opaque);
}

TEST(Frame, CountsTheRestOfACutAMsduAsOne) {
  Bytes bytes = amsdu();
  const std::uint32_t length = size_of(bytes);
  bytes.resize(26 + 116 + 5);  // behind the first subframe and its padding

  const auto frame = read_frame(LinkType::ieee80211, bytes, length);

  ASSERT_TRUE(frame);
  EXPECT_EQ(frame->packets, 2U);
  EXPECT_EQ(frame->payload, 100U + 76U + 21U);  // the subframes of 61 and 7 with their headers
  EXPECT_TRUE(frame->is_opaque);
}

TEST(Frame, CountsAnEncryptedAMsduAsOne) {
  Bytes bytes = amsdu();
  bytes[1] |= 0x40U;

  const auto frame = read_frame(LinkType::ieee80211, bytes, size_of(bytes));

  EXPECT_EQ(frame->packets, 1U);
  EXPECT_EQ(frame->payload, 116U + 76U + 21U);
  EXPECT_TRUE(frame->is_opaque);
}

TEST(Frame, OfALyingAMsduIsNotReadBeyondItsEnd) {
  Bytes bytes = amsdu();
  bytes[26 + 12] = 0xff;  // the first subframe claims 65380 bytes

  const auto frame = read_frame(LinkType::ieee80211, bytes, size_of(bytes));

  EXPECT_EQ(frame->packets, 1U);
  EXPECT_EQ(frame->payload, size_of(bytes) - 26U);
}

TEST(CookedFrame, IsOfWhoeverSentIt) {
  const Bytes first = cooked(0, alice, 100);
  const Bytes second = cooked2(7, 0, alice, 100);

  for (const auto& frame : {read_frame(LinkType::cooked, first, size_of(first)),
                            read_frame(LinkType::cooked2, second, size_of(second))}) {
    ASSERT_TRUE(frame);
    EXPECT_THAT(frame->crossings, ElementsAre(Crossing{alice, Direction::from_station}));
    EXPECT_EQ(frame->payload, 100U);
    EXPECT_FALSE(frame->is_own);
  }
}

TEST(CookedFrame, ThatThisMachineSentDoesNotTellItsStation) {
  const Bytes first = cooked(4, access_point, 100);
  const Bytes second = cooked2(7, 4, access_point, 100);

  for (const auto& frame : {read_frame(LinkType::cooked, first, size_of(first)),
                            read_frame(LinkType::cooked2, second, size_of(second))}) {
    ASSERT_TRUE(frame);
    EXPECT_THAT(frame->crossings, IsEmpty());
    EXPECT_TRUE(frame->is_own);
  }
}

// The same frame on wlan0 (7) and on the bridge (9).
TEST(CookedFrame, IsCountedOnTheInterfaceThatItsStationWasFirstSeenOn) {
  Ends ends;
  const auto seen_on = [&](std::uint32_t interface) {
    const Bytes bytes = cooked2(interface, 0, alice, 100);
    auto frame = read_frame(LinkType::cooked2, bytes, size_of(bytes));
    ends.settle(*frame);
    return frame->crossings.size();
  };

  EXPECT_EQ(seen_on(7), 1U);
  EXPECT_EQ(seen_on(9), 0U);
  EXPECT_EQ(seen_on(7), 1U);
}

TEST(CookedFrame, OfAMonitorInterfaceHasItsRadiotapHeader) {
  const Bytes inner = radiotap({.rate = 108}, data_frame({.receiver = alice, .from_ds = true}, 50));
  Bytes bytes = cooked(0, access_point, 0, 803);
  bytes.insert(bytes.end(), inner.begin(), inner.end());

  const auto frame = read_frame(LinkType::cooked, bytes, size_of(bytes));

  ASSERT_TRUE(frame);
  EXPECT_THAT(frame->crossings, ElementsAre(Crossing{alice, Direction::to_station}));
  EXPECT_EQ(frame->rate, Throughput::from_kbps(54'000));
}

// Version, flags, length 32, link type 105, then the field 802.11-Common of 20 bytes.
TEST(PpiFrame, HasTheRateAndTheSignalOfItsCommonField) {
  Bytes bytes{0, 0, 32, 0, 105, 0, 0, 0, 2, 0, 20, 0};
  append_little(bytes, 1234, 8);  // timer
  append_little(bytes, 1, 2);     // flags: the FCS is there
  append_little(bytes, 108, 2);   // 54 Mbit/s
  append_little(bytes, 5180, 2);
  append_little(bytes, 0x140, 2);
  append_little(bytes, 0, 2);
  append_little(bytes, 0xc4, 1);  // -60 dBm
  append_little(bytes, 0xa0, 1);
  const Bytes inner = data_frame({.receiver = alice, .sender = access_point, .from_ds = true}, 104);
  bytes.insert(bytes.end(), inner.begin(), inner.end());

  const auto frame = read_frame(LinkType::ppi, bytes, size_of(bytes));

  ASSERT_TRUE(frame);
  EXPECT_THAT(frame->crossings, ElementsAre(Crossing{alice, Direction::to_station}));
  EXPECT_EQ(frame->payload, 100U);
  EXPECT_EQ(frame->rate, Throughput::from_kbps(54'000));
  EXPECT_EQ(frame->signal, dbm(-60));
}

TEST(Frame, WithTooLittleOfItCapturedIsNone) {
  const Bytes air = radiotap({}, data_frame({.receiver = alice, .from_ds = true}, 0));
  const Bytes wire = ethernet(alice, bob, 0);
  for (std::size_t size = 0; size < air.size(); ++size) {
    EXPECT_FALSE(
        read_frame(LinkType::radiotap, {air.data(), size}, static_cast<std::uint32_t>(size)))
        << size;
  }
  for (const auto& [type, bytes] :
       {std::pair{LinkType::cooked, cooked(0, alice, 0)},
        std::pair{LinkType::cooked2, cooked2(7, 0, alice, 0)},
        std::pair{LinkType::ppi, Bytes{0, 0, 12, 0, 105, 0, 0, 0, 2, 0, 0, 0}}}) {
    for (std::size_t size = 0; size < bytes.size(); ++size) {
      EXPECT_FALSE(read_frame(type, {bytes.data(), size}, static_cast<std::uint32_t>(size)))
          << size;
    }
  }
  for (std::size_t size = 0; size < wire.size(); ++size) {
    EXPECT_FALSE(
        read_frame(LinkType::ethernet, {wire.data(), size}, static_cast<std::uint32_t>(size)))
        << size;
  }
}

TEST(Frame, OfWhichTooLittleWasCapturedIsKnownToBeCut) {
  const Bytes air = data_frame({.receiver = alice, .from_ds = true}, 100);
  const Bytes wire = ethernet(alice, bob, 100);
  Bytes beacon = air;
  beacon[0] = 0x80;

  const auto is_cut = [](LinkType type, const Bytes& bytes, std::size_t captured) {
    const auto frame = read_frame(type, {bytes.data(), captured}, size_of(bytes));
    EXPECT_TRUE(!frame || !frame->is_cut || frame->crossings.empty());
    return frame && frame->is_cut;
  };

  EXPECT_TRUE(is_cut(LinkType::ieee80211, air, 20));
  EXPECT_TRUE(is_cut(LinkType::ieee80211, air, 24));  // QoS control is behind
  EXPECT_FALSE(is_cut(LinkType::ieee80211, air, 26));
  EXPECT_FALSE(is_cut(LinkType::ieee80211, beacon, 20));
  EXPECT_TRUE(is_cut(LinkType::ethernet, wire, 13));
  EXPECT_FALSE(is_cut(LinkType::ethernet, wire, 14));
}

TEST(Radiotap, TellsTheLegacyRateAndTheSignal) {
  const Bytes bytes =
      radiotap({.rate = 108, .signal = -61}, data_frame({.receiver = alice, .from_ds = true}, 100));

  const auto frame = read_frame(LinkType::radiotap, bytes, size_of(bytes));

  ASSERT_TRUE(frame);
  EXPECT_EQ(frame->rate, Throughput::from_kbps(54'000));
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
  EXPECT_EQ(radio->rate, Throughput::from_kbps(866'666));
  EXPECT_EQ(radio->signal, dbm(-60));
}

TEST(Radiotap, TellsTheRateOfHt) {
  // MCS: width, index and guard interval are known; 40 MHz, short; index 15.
  const Bytes bytes{0, 0, 11, 0, 0x00, 0x00, 0x08, 0x00, 0x07, 0x05, 15};

  EXPECT_EQ(read_radiotap(bytes)->rate, Throughput::from_kbps(300'000));
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
    return read_radiotap(radiotap_of(1U << 23U, words(data, 2), {}))->rate;
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
    return read_radiotap(radiotap_of(1U << 23U, words(data, 2), {}))->rate;
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
    return read_radiotap(radiotap_of(1U << 23U, words(data, 2), {}))->rate;
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
    return read_radiotap(radiotap_of(present, fields, {}))->rate;
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

}  // namespace
}  // namespace pianissimo::capture
