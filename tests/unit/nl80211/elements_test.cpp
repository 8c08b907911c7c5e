#include "nl80211/elements.hpp"

#include <gtest/gtest.h>
#include <linux/nl80211.h>

#include "tests/unit/nl80211/wire.hpp"

namespace pianissimo::nl80211 {
namespace {

using namespace wire;

Buffer octets(std::initializer_list<unsigned> values) {
  Buffer bytes;
  for (const unsigned value : values) bytes.push_back(static_cast<std::byte>(value));
  return bytes;
}

BeaconElements read(std::initializer_list<unsigned> values) {
  const Buffer bytes = octets(values);
  return decode_elements(bytes);
}

TEST(BeaconElements, HaveThePowerConstraint) {
  // SSID "ab", then three decibels.
  EXPECT_EQ(read({0, 2, 'a', 'b', 32, 1, 3}).constraint, db(3));
  EXPECT_EQ(read({0, 2, 'a', 'b'}).constraint, std::nullopt);
  EXPECT_EQ(read({32, 2, 3, 3}).constraint, std::nullopt);
  EXPECT_EQ(read({32, 0}).constraint, std::nullopt);
}

// Levels in half dBm, for 20, 40, 80 and 160 MHz.
TEST(BeaconElements, HaveTheTransmitPowerEnvelope) {
  const BeaconElements elements = read({195, 4, 2, 36, 42, 0xfe});

  EXPECT_EQ(elements.envelope_at(Mhz{20}), dbm(18));
  EXPECT_EQ(elements.envelope_at(Mhz{40}), dbm(21));
  EXPECT_EQ(elements.envelope_at(Mhz{80}), dbm(-1));
  EXPECT_EQ(elements.envelope_at(Mhz{160}), std::nullopt);
  EXPECT_EQ(elements.envelope_at(Mhz{320}), std::nullopt);
}

TEST(BeaconElements, TheLowestOfSeveralEnvelopesHolds) {
  const BeaconElements elements = read({195, 2, 0, 40, 195, 2, 0x50, 30, 195, 2, 0x10, 50});

  EXPECT_EQ(elements.envelope_at(Mhz{20}), dbm(15));
}

TEST(BeaconElements, AnEnvelopePerMegahertzOrWithoutALimitIsNone) {
  for (const auto& elements :
       {read({195, 2, 0x08, 40}), read({195, 2, 0x18, 40}), read({195, 2, 0, 127}),
        read({195, 5, 4, 1, 1, 1, 1}), read({195, 2, 1, 40}), read({195, 0})}) {
    EXPECT_EQ(elements, BeaconElements{});
  }
}

TEST(BeaconElements, SayWhetherSpatialReuseIsAllowed) {
  EXPECT_EQ(read({255, 2, 39, 0}).spatial_reuse,
            (SpatialReuse{.allows_obss_pd = true, .allows_psr = true}));
  EXPECT_EQ(read({255, 2, 39, 3}).spatial_reuse, SpatialReuse{});
  EXPECT_EQ(read({255, 3, 39, 5, 12}).spatial_reuse,
            (SpatialReuse{.allows_obss_pd = true, .obss_pd_offset = db(12)}));
  EXPECT_EQ(read({255, 2, 39, 5}).spatial_reuse, std::nullopt);
  EXPECT_EQ(read({255, 2, 36, 0}).spatial_reuse, std::nullopt);
  EXPECT_EQ(read({255, 0}).spatial_reuse, std::nullopt);
}

TEST(BeaconElements, EndWhereTheBytesBreakOff) {
  EXPECT_EQ(read({32, 1, 3, 195, 9, 0}), (BeaconElements{.constraint = db(3)}));
  EXPECT_EQ(read({32}), BeaconElements{});
  EXPECT_EQ(read({}), BeaconElements{});
}

Buffer network(unsigned status, std::initializer_list<Buffer> more) {
  return nest(NL80211_ATTR_BSS, {attribute(NL80211_BSS_STATUS, u32(status)), join(more)});
}

TEST(OwnNetwork, IsTheOneThatTheStationIsAssociatedWith) {
  const Buffer beacon = attribute(NL80211_BSS_BEACON_IES, octets({32, 1, 3}));
  const Buffer own = network(NL80211_BSS_STATUS_ASSOCIATED, {beacon});
  const Buffer authenticated = network(NL80211_BSS_STATUS_AUTHENTICATED, {beacon});
  const Buffer others = nest(NL80211_ATTR_BSS, {beacon});

  EXPECT_EQ(decode_own_network(Attributes{own}).value().constraint, db(3));
  EXPECT_EQ(decode_own_network(Attributes{authenticated}), std::nullopt);
  EXPECT_EQ(decode_own_network(Attributes{others}), std::nullopt);
  EXPECT_EQ(decode_own_network(Attributes{beacon}), std::nullopt);
}

// Its last frame may have been a probe response.
TEST(OwnNetwork, IsReadFromTheBeaconRatherThanFromTheLastFrame) {
  const Buffer last = attribute(NL80211_BSS_INFORMATION_ELEMENTS, octets({32, 1, 9}));
  const Buffer both = network(NL80211_BSS_STATUS_ASSOCIATED,
                              {last, attribute(NL80211_BSS_BEACON_IES, octets({32, 1, 3}))});
  const Buffer one = network(NL80211_BSS_STATUS_ASSOCIATED, {last});

  EXPECT_EQ(decode_own_network(Attributes{both}).value().constraint, db(3));
  EXPECT_EQ(decode_own_network(Attributes{one}).value().constraint, db(9));
}

}  // namespace
}  // namespace pianissimo::nl80211
