// Frames built by hand, byte by byte.
#include "experiments/import/frame.hpp"

#include <gmock/gmock.h>

#include "experiments/import/radiotap.hpp"
#include "tests/unit/import/packets.hpp"

namespace pianissimo::capture {
namespace {

using namespace test;
using testing::ElementsAre;

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
  const Bytes mesh =
      data_frame({.receiver = alice, .sender = access_point, .from_ds = true, .to_ds = true}, 100);
  const Bytes group =
      data_frame({.receiver = broadcast, .sender = access_point, .from_ds = true}, 9);

  for (const Bytes& bytes : {beacon, null_data, mesh, group, Bytes{}}) {
    EXPECT_FALSE(read_frame(LinkType::ieee80211, bytes, size_of(bytes)));
  }
}

TEST(Frame, WithTooLittleOfItCapturedIsNone) {
  const Bytes air = radiotap({}, data_frame({.receiver = alice, .from_ds = true}, 0));
  const Bytes wire = ethernet(alice, bob, 0);
  for (std::size_t size = 0; size < air.size(); ++size) {
    EXPECT_FALSE(
        read_frame(LinkType::radiotap, {air.data(), size}, static_cast<std::uint32_t>(size)))
        << size;
  }
  for (std::size_t size = 0; size < wire.size(); ++size) {
    EXPECT_FALSE(
        read_frame(LinkType::ethernet, {wire.data(), size}, static_cast<std::uint32_t>(size)))
        << size;
  }
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

TEST(Radiotap, ThatClaimsMoreThanThereIsIsNone) {
  EXPECT_FALSE(read_radiotap(Bytes{0, 0, 9, 0, 0, 0, 0, 0}));     // longer than what there is
  EXPECT_FALSE(read_radiotap(Bytes{0, 0, 7, 0, 0, 0, 0, 0}));     // shorter than itself
  EXPECT_FALSE(read_radiotap(Bytes{1, 0, 8, 0, 0, 0, 0, 0}));     // another version
  EXPECT_FALSE(read_radiotap(Bytes{0, 0, 8, 0, 1, 0, 0, 0}));     // a field beyond the end
  EXPECT_FALSE(read_radiotap(Bytes{0, 0, 8, 0, 0, 0, 0, 0x80}));  // a word beyond the end
}

}  // namespace
}  // namespace pianissimo::capture
