// Frames built by hand, byte by byte.
#include "experiments/import/frame.hpp"

#include <gmock/gmock.h>

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

TEST(Frame, WantsAnAcknowledgementFromOneReceiverAlone) {
  const auto wants_ack = [](const Header& header) {
    const Bytes bytes = data_frame(header, 50);
    return read_frame(LinkType::ieee80211, bytes, size_of(bytes))->wants_ack;
  };
  constexpr std::uint8_t no_ack = 1U << 5U;
  constexpr std::uint8_t block_ack = 3U << 5U;

  EXPECT_TRUE(wants_ack({.receiver = alice, .from_ds = true}));
  EXPECT_TRUE(wants_ack({.receiver = alice, .from_ds = true, .traffic_class = block_ack}));
  EXPECT_FALSE(wants_ack({.receiver = alice, .from_ds = true, .traffic_class = no_ack}));
  EXPECT_FALSE(wants_ack({.receiver = broadcast, .from_ds = true}));
  const Bytes wire = ethernet(alice, bob, 100);
  EXPECT_FALSE(read_frame(LinkType::ethernet, wire, size_of(wire))->wants_ack);
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
  EXPECT_EQ(speed(frame->rate), Throughput::from_kbps(54'000));
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
  EXPECT_EQ(speed(frame->rate), Throughput::from_kbps(54'000));
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

}  // namespace
}  // namespace pianissimo::capture
