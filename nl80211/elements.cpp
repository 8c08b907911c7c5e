#include "nl80211/elements.hpp"

#include <linux/nl80211.h>

#include <algorithm>

namespace pianissimo::nl80211 {
namespace {

// IEEE 802.11-2020, table 9-92; of the extension, table 9-94.
constexpr unsigned power_constraint = 32;
constexpr unsigned transmit_power_envelope = 195;
constexpr unsigned extension = 255;
constexpr unsigned spatial_reuse_parameter_set = 39;

unsigned number(std::byte byte) { return std::to_integer<unsigned>(byte); }

// The first octet: how many levels less one, what they mean, for whom. Then levels of half a dBm.
void read_envelope(Bytes body, BeaconElements& elements) {
  if (body.empty()) return;
  const unsigned info = number(body[0]);
  const unsigned meaning = info >> 3 & 7;
  const bool is_eirp = meaning == 0 || meaning == 2;  // local, or of the regulatory domain
  const std::size_t count = (info & 7) + 1;
  if (!is_eirp || count > elements.envelope.size() || body.size() < 1 + count) return;
  for (std::size_t i = 0; i < count; ++i) {
    const auto half_dbm = std::to_integer<std::int8_t>(body[1 + i]);
    if (half_dbm == 127) continue;  // no limit
    const Dbm level = Dbm::from_mbm(50 * half_dbm);
    std::optional<Dbm>& lowest = elements.envelope[i];
    lowest = std::min(lowest.value_or(level), level);
  }
}

void read_spatial_reuse(Bytes body, BeaconElements& elements) {
  if (body.empty()) return;
  const unsigned control = number(body[0]);
  const bool has_offset = (control & 4) != 0;
  if (has_offset && body.size() < 2) return;
  elements.spatial_reuse = SpatialReuse{
      .allows_obss_pd = (control & 2) == 0,
      .allows_psr = (control & 1) == 0,
      .obss_pd_offset = has_offset ? std::optional{db(static_cast<std::int32_t>(number(body[1])))}
                                   : std::nullopt};
}

void read_element(unsigned id, Bytes body, BeaconElements& elements) {
  if (id == power_constraint && body.size() == 1) {
    elements.constraint = db(static_cast<std::int32_t>(number(body[0])));
  } else if (id == transmit_power_envelope) {
    read_envelope(body, elements);
  } else if (id == extension && !body.empty() && number(body[0]) == spatial_reuse_parameter_set) {
    read_spatial_reuse(body.subspan(1), elements);
  }
}

}  // namespace

std::optional<Dbm> BeaconElements::envelope_at(Mhz width) const {
  std::size_t place = 0;
  for (std::uint32_t mhz = 20; mhz < width.value() && place + 1 < envelope.size(); mhz *= 2) {
    ++place;
  }
  return envelope[place];
}

BeaconElements decode_elements(Bytes elements) {
  BeaconElements read;
  while (elements.size() >= 2) {
    const std::size_t length = number(elements[1]);
    if (elements.size() < 2 + length) break;
    read_element(number(elements[0]), elements.subspan(2, length), read);
    elements = elements.subspan(2 + length);
  }
  return read;
}

std::optional<BeaconElements> decode_own_network(const Attributes& attributes) {
  const auto network = attributes.nested(NL80211_ATTR_BSS);
  if (!network || !network->well_formed()) return std::nullopt;
  if (network->get<std::uint32_t>(NL80211_BSS_STATUS) != NL80211_BSS_STATUS_ASSOCIATED) {
    return std::nullopt;
  }
  const auto beacon = network->find(NL80211_BSS_BEACON_IES);
  const auto last_frame = network->find(NL80211_BSS_INFORMATION_ELEMENTS);
  return decode_elements(beacon ? *beacon : last_frame.value_or(Bytes{}));
}

}  // namespace pianissimo::nl80211
