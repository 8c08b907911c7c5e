// What a radio can do, and what the rules of the air say of its channels.
#include <linux/nl80211.h>

#include <algorithm>

#include "nl80211/codec.hpp"
#include "nl80211/codec_fields.hpp"

namespace pianissimo::nl80211 {
namespace {

// Linux 6.11; the headers of Debian 12 (6.1) end at 325. include/uapi/linux/nl80211.h.
constexpr int attr_wiphy_radios = 331;

// Linux 6.7; the headers of Debian 12 end at 27. An s8, dBm per MHz.
constexpr int frequency_attr_psd = 28;

/// What no rule of the air says is no limit: it would silence the radio.
std::optional<Dbm> get_density(const Attributes& attributes) {
  const auto density = attributes.get<std::int8_t>(frequency_attr_psd);
  return density && *density >= -10 && *density <= 30 ? std::optional{dbm(*density)} : std::nullopt;
}

std::optional<DfsState> get_dfs_state(const Attributes& attributes) {
  const auto state = attributes.get<std::uint32_t>(NL80211_FREQUENCY_ATTR_DFS_STATE);
  return state && *state <= NL80211_DFS_AVAILABLE ? std::optional{static_cast<DfsState>(*state)}
                                                  : std::nullopt;
}

std::optional<std::chrono::milliseconds> get_milliseconds(const Attributes& attributes, int type) {
  const auto ms = attributes.get<std::uint32_t>(type);
  return ms ? std::optional{std::chrono::milliseconds{*ms}} : std::nullopt;
}

/// A channel's first message names it; a later one replaces what is known of it.
bool merge_channel(const Attributes& attributes, std::vector<Channel>& channels) {
  if (!attributes.well_formed()) return false;
  const auto frequency = get_mhz(attributes, NL80211_FREQUENCY_ATTR_FREQ);
  if (!frequency) return false;
  Channel channel{.frequency = *frequency,
                  .maximum = get_level(attributes, NL80211_FREQUENCY_ATTR_MAX_TX_POWER),
                  .disabled = attributes.has(NL80211_FREQUENCY_ATTR_DISABLED),
                  .radar = attributes.has(NL80211_FREQUENCY_ATTR_RADAR),
                  .no_ir = attributes.has(NL80211_FREQUENCY_ATTR_NO_IR),
                  .indoor_only = attributes.has(NL80211_FREQUENCY_ATTR_INDOOR_ONLY),
                  .dfs_state = get_dfs_state(attributes),
                  .dfs_since = get_milliseconds(attributes, NL80211_FREQUENCY_ATTR_DFS_TIME),
                  .density = get_density(attributes)};
  const auto known = std::ranges::find(channels, *frequency, &Channel::frequency);
  if (known != channels.end())
    *known = channel;
  else
    channels.push_back(channel);
  return true;
}

/// NL80211_BAND_ATTR_IFTYPE_DATA: what a band can in some modes of an interface.
bool merge_capabilities(const Attributes& modes, Wiphy& wiphy) {
  bool whole = true;
  whole &= modes.for_each([&](const Attribute& mode) {
    const Attributes fields{mode.payload};
    whole &= fields.well_formed();
    const auto phy = fields.find(NL80211_BAND_IFTYPE_ATTR_HE_CAP_PHY);
    if (!phy) return;
    wiphy.has_he = true;
    // IEEE80211_HE_PHY_CAP7_PSR_BASED_SR of include/linux/ieee80211.h.
    const bool has_it = phy->size() > 7 && std::to_integer<unsigned>((*phy)[7] & std::byte{1}) != 0;
    wiphy.has_spatial_reuse = wiphy.has_spatial_reuse || has_it;
  });
  return whole;
}

/// NL80211_ATTR_WIPHY_BANDS: bands by index, in each a list of channels by index. A split dump
/// sends a band's channels one by one.
bool merge_bands(const Attributes& bands, Wiphy& wiphy) {
  bool whole = true;
  whole &= bands.for_each([&](const Attribute& band) {
    const Attributes fields{band.payload};
    whole &= fields.well_formed();
    const auto modes = fields.nested(NL80211_BAND_ATTR_IFTYPE_DATA);
    if (modes) whole &= merge_capabilities(*modes, wiphy);
    const auto list = fields.nested(NL80211_BAND_ATTR_FREQS);
    if (!list) return;
    whole &= list->for_each([&](const Attribute& channel) {
      whole &= merge_channel(Attributes{channel.payload}, wiphy.channels);
    });
  });
  return whole;
}

}  // namespace

Decoded<void> merge_wiphy(const Attributes& attributes, std::vector<Wiphy>& wiphys) {
  if (!attributes.well_formed()) return Errc::malformed;
  const auto index = attributes.get<std::uint32_t>(NL80211_ATTR_WIPHY);
  if (!index) return Errc::malformed;
  auto wiphy = std::ranges::find(wiphys, WiphyIndex{*index}, &Wiphy::index);
  if (wiphy == wiphys.end())
    wiphy = wiphys.insert(wiphys.end(), Wiphy{.index = WiphyIndex{*index}});

  if (const auto name = attributes.text(NL80211_ATTR_WIPHY_NAME)) wiphy->name = *name;
  if (const auto flags = attributes.get<std::uint32_t>(NL80211_ATTR_FEATURE_FLAGS))
    wiphy->features = *flags;
  if (const auto bitmap = attributes.find(NL80211_ATTR_EXT_FEATURES)) {
    wiphy->extended_features.clear();
    for (const std::byte byte : *bitmap)
      wiphy->extended_features.push_back(std::to_integer<std::uint8_t>(byte));
  }
  if (const auto radios = attributes.nested(attr_wiphy_radios)) {
    std::uint32_t count = 0;
    if (!radios->for_each([&](const Attribute&) { ++count; })) return Errc::malformed;
    wiphy->radios = std::max(wiphy->radios, count);
  }
  const auto bands = attributes.nested(NL80211_ATTR_WIPHY_BANDS);
  if (bands && !merge_bands(*bands, *wiphy)) return Errc::malformed;
  return {};
}

}  // namespace pianissimo::nl80211
