#include <gtest/gtest.h>
#include <linux/nl80211.h>

#include "nl80211/codec.hpp"
#include "tests/unit/nl80211/wire.hpp"

namespace pianissimo::nl80211 {
namespace {

using namespace wire;
using namespace std::chrono_literals;

const MacAddress address = *mac_from_string("02:00:00:00:01:07");

Buffer station(std::initializer_list<Buffer> info) {
  return join({attribute(NL80211_ATTR_IFINDEX, u32(3)), attribute(NL80211_ATTR_MAC, mac(7)),
               attribute(NL80211_ATTR_GENERATION, u32(5)), nest(NL80211_ATTR_STA_INFO, info)});
}

StationSample decoded(const Buffer& bytes) {
  const auto sample = decode_station(Attributes{bytes});
  EXPECT_TRUE(sample);
  return sample ? *sample : StationSample{};
}

/// The rate in a station of which nothing else is known.
std::optional<BitRate> rate_of(std::initializer_list<Buffer> rate) {
  return decoded(station({nest(NL80211_STA_INFO_TX_BITRATE, rate)})).tx_rate;
}

TEST(DecodeStation, ReadsEverythingTheCoreWants) {
  const Buffer bytes = station({
      attribute(NL80211_STA_INFO_CONNECTED_TIME, u32(120)),
      attribute(NL80211_STA_INFO_INACTIVE_TIME, u32(28)),
      attribute(NL80211_STA_INFO_RX_BYTES, u32(0xffffffff)),
      attribute(NL80211_STA_INFO_TX_BYTES, u32(1)),
      attribute(NL80211_STA_INFO_RX_BYTES64, u64(5'000'000'000)),
      attribute(NL80211_STA_INFO_TX_BYTES64, u64(6'000'000'000)),
      attribute(NL80211_STA_INFO_SIGNAL, u8(0xc4)),
      attribute(NL80211_STA_INFO_SIGNAL_AVG, u8(0xc3)),
      nest(NL80211_STA_INFO_CHAIN_SIGNAL, {attribute(0, u8(0xc4))}),
      attribute(NL80211_STA_INFO_TX_DURATION, u64(7'000'000)),
      nest(NL80211_STA_INFO_TX_BITRATE, {attribute(NL80211_RATE_INFO_BITRATE32, u32(8667))}),
      nest(NL80211_STA_INFO_RX_BITRATE, {attribute(NL80211_RATE_INFO_BITRATE, u16(60))}),
      attribute(NL80211_STA_INFO_RX_PACKETS, u32(1000)),
      attribute(NL80211_STA_INFO_TX_PACKETS, u32(2000)),
      attribute(NL80211_STA_INFO_TX_RETRIES, u32(30)),
      attribute(NL80211_STA_INFO_TX_FAILED, u32(4)),
      attribute(NL80211_STA_INFO_EXPECTED_THROUGHPUT, u32(67016)),
      attribute(NL80211_STA_INFO_ACK_SIGNAL, u8(0xbf)),
      attribute(NL80211_STA_INFO_ACK_SIGNAL_AVG, u8(0xbe)),
  });

  const StationSample sample = decoded(bytes);

  EXPECT_EQ(sample.station, address);
  EXPECT_EQ(sample.expected_throughput, Throughput::from_kbps(67016));
  EXPECT_EQ(sample.tx_bytes, 6'000'000'000U);
  EXPECT_EQ(sample.rx_bytes, 5'000'000'000U);
  EXPECT_EQ(sample.tx_packets, 2000U);
  EXPECT_EQ(sample.rx_packets, 1000U);
  EXPECT_EQ(sample.tx_retries, 30U);
  EXPECT_EQ(sample.tx_failed, 4U);
  EXPECT_EQ(sample.tx_duration, 7s);
  EXPECT_EQ(sample.tx_rate->rate, Throughput::from_kbps(866'700));
  EXPECT_EQ(sample.rx_rate->rate, Throughput::from_kbps(6000));
  EXPECT_EQ(sample.signal, dbm(-60));
  EXPECT_EQ(sample.signal_avg, dbm(-61));
  EXPECT_EQ(sample.ack_signal, dbm(-65));
  EXPECT_EQ(sample.ack_signal_avg, dbm(-66));
  EXPECT_EQ(sample.inactive, 28ms);
  EXPECT_EQ(sample.connected, 120s);
}

TEST(DecodeStation, WhatTheDriverDoesNotGiveIsNothing) {
  StationSample nothing_known;
  nothing_known.station = address;

  EXPECT_EQ(decoded(station({})), nothing_known);
}

TEST(DecodeStation, NeedsNoInformationAtAll) {
  const Buffer bytes = attribute(NL80211_ATTR_MAC, mac(7));

  EXPECT_EQ(decoded(bytes).station, address);
}

TEST(DecodeStation, ShortCountersServeWhereThereAreNoLongOnes) {
  const StationSample sample =
      decoded(station({attribute(NL80211_STA_INFO_TX_BYTES, u32(4'000'000'000)),
                       attribute(NL80211_STA_INFO_RX_BYTES, u32(9))}));

  EXPECT_EQ(sample.tx_bytes, 4'000'000'000U);
  EXPECT_EQ(sample.rx_bytes, 9U);
}

TEST(DecodeStation, WithoutAnAddressItIsMalformed) {
  const Buffer nobody = nest(NL80211_ATTR_STA_INFO, {});
  const Buffer short_mac = attribute(NL80211_ATTR_MAC, u32(1));

  EXPECT_EQ(decode_station(Attributes{nobody}).error(), Errc::malformed);
  EXPECT_EQ(decode_station(Attributes{short_mac}).error(), Errc::malformed);
}

TEST(DecodeStation, InformationThatBreaksOffIsMalformed) {
  const Buffer bytes = join({attribute(NL80211_ATTR_MAC, mac(7)),
                             attribute(NL80211_ATTR_STA_INFO, join({u16(100), u16(1)}))});

  EXPECT_EQ(decode_station(Attributes{bytes}).error(), Errc::malformed);
}

TEST(DecodeStation, FieldsOfAnUnexpectedSizeAreNothing) {
  const StationSample sample = decoded(station({
      attribute(NL80211_STA_INFO_TX_PACKETS, u64(1)),
      attribute(NL80211_STA_INFO_EXPECTED_THROUGHPUT, u16(1)),
      attribute(NL80211_STA_INFO_SIGNAL, u32(1)),
      attribute(NL80211_STA_INFO_TX_BYTES64, u32(1)),
      attribute(NL80211_STA_INFO_TX_DURATION, u64(1ULL << 63)),
  }));

  EXPECT_EQ(sample.tx_packets, std::nullopt);
  EXPECT_EQ(sample.expected_throughput, std::nullopt);
  EXPECT_EQ(sample.signal, std::nullopt);
  EXPECT_EQ(sample.tx_bytes, std::nullopt);
  EXPECT_EQ(sample.tx_duration, std::nullopt);
}

TEST(DecodeBitRate, Legacy) {
  const auto rate = rate_of({attribute(NL80211_RATE_INFO_BITRATE32, u32(540)),
                             attribute(NL80211_RATE_INFO_BITRATE, u16(540))});

  EXPECT_EQ(rate, (BitRate{.rate = Throughput::from_kbps(54000)}));
}

TEST(DecodeBitRate, Ht) {
  const auto rate = rate_of(
      {attribute(NL80211_RATE_INFO_BITRATE32, u32(3000)), attribute(NL80211_RATE_INFO_MCS, u8(15)),
       flag(NL80211_RATE_INFO_40_MHZ_WIDTH), flag(NL80211_RATE_INFO_SHORT_GI)});

  EXPECT_EQ(rate, (BitRate{.rate = Throughput::from_kbps(300'000),
                           .format = RateFormat::ht,
                           .mcs = 15,
                           .nss = std::nullopt,
                           .width = Mhz{40},
                           .short_gi = true}));
}

TEST(DecodeBitRate, Vht) {
  const auto rate = rate_of(
      {attribute(NL80211_RATE_INFO_BITRATE32, u32(8667)),
       attribute(NL80211_RATE_INFO_VHT_MCS, u8(9)), attribute(NL80211_RATE_INFO_VHT_NSS, u8(2)),
       flag(NL80211_RATE_INFO_80_MHZ_WIDTH), flag(NL80211_RATE_INFO_SHORT_GI)});

  EXPECT_EQ(rate, (BitRate{.rate = Throughput::from_kbps(866'700),
                           .format = RateFormat::vht,
                           .mcs = 9,
                           .nss = 2,
                           .width = Mhz{80},
                           .short_gi = true}));
}

TEST(DecodeBitRate, He) {
  const auto rate = rate_of(
      {attribute(NL80211_RATE_INFO_BITRATE32, u32(24019)),
       attribute(NL80211_RATE_INFO_HE_MCS, u8(11)), attribute(NL80211_RATE_INFO_HE_NSS, u8(2)),
       attribute(NL80211_RATE_INFO_HE_GI, u8(0)), flag(NL80211_RATE_INFO_160_MHZ_WIDTH)});

  EXPECT_EQ(rate, (BitRate{.rate = Throughput::from_kbps(2'401'900),
                           .format = RateFormat::he,
                           .mcs = 11,
                           .nss = 2,
                           .width = Mhz{160}}));
}

TEST(DecodeBitRate, EhtBeyondSixteenBits) {
  const auto rate =
      rate_of({attribute(NL80211_RATE_INFO_BITRATE32, u32(115'294)),
               attribute(NL80211_RATE_INFO_EHT_MCS, u8(13)),
               attribute(NL80211_RATE_INFO_EHT_NSS, u8(4)), flag(NL80211_RATE_INFO_320_MHZ_WIDTH)});

  EXPECT_EQ(rate, (BitRate{.rate = Throughput::from_kbps(11'529'400),
                           .format = RateFormat::eht,
                           .mcs = 13,
                           .nss = 4,
                           .width = Mhz{320}}));
}

TEST(DecodeBitRate, TheOtherWidths) {
  const Buffer rate = attribute(NL80211_RATE_INFO_BITRATE32, u32(60));

  EXPECT_EQ(rate_of({rate, flag(NL80211_RATE_INFO_5_MHZ_WIDTH)})->width, Mhz{5});
  EXPECT_EQ(rate_of({rate, flag(NL80211_RATE_INFO_10_MHZ_WIDTH)})->width, Mhz{10});
  EXPECT_EQ(rate_of({rate, flag(NL80211_RATE_INFO_80P80_MHZ_WIDTH)})->width, Mhz{160});
}

TEST(DecodeBitRate, WithoutARateThereIsNone) {
  EXPECT_EQ(rate_of({attribute(NL80211_RATE_INFO_VHT_MCS, u8(9))}), std::nullopt);
  EXPECT_EQ(rate_of({}), std::nullopt);
}

TEST(Generation, IsToldWhereTheKernelGivesIt) {
  const Buffer bytes = station({});

  EXPECT_EQ(generation(Attributes{bytes}), 5U);
  EXPECT_EQ(generation(Attributes{}), std::nullopt);
}

}  // namespace
}  // namespace pianissimo::nl80211
