#include "nl80211/values.hpp"

#include <linux/nl80211.h>

#include <algorithm>

namespace pianissimo::nl80211 {

bool Interface::is_access_point() const { return type == NL80211_IFTYPE_AP; }

bool Interface::is_vlan() const { return type == NL80211_IFTYPE_AP_VLAN; }

bool Interface::is_station() const { return type == NL80211_IFTYPE_STATION; }

bool Interface::is_mesh_point() const { return type == NL80211_IFTYPE_MESH_POINT; }

bool Wiphy::has(unsigned extended_feature) const {
  const std::size_t byte = extended_feature / 8;
  return byte < extended_features.size() &&
         (extended_features[byte] >> (extended_feature % 8) & 1) != 0;
}

bool Wiphy::has_interface_power() const { return (features & NL80211_FEATURE_VIF_TXPOWER) != 0; }

bool Wiphy::has_station_power() const { return has(NL80211_EXT_FEATURE_STA_TX_PWR); }

std::optional<Dbm> Wiphy::maximum(Mhz frequency) const {
  const auto channel = std::ranges::find(channels, frequency, &Channel::frequency);
  if (channel == channels.end() || channel->disabled) return std::nullopt;
  return channel->maximum;
}

std::optional<Dbm> lowest_power(const std::vector<Interface>& interfaces) {
  const auto rank = [](const Interface& i) {
    if (!i.is_running()) return 0;
    return i.is_access_point() ? 2 : 1;
  };
  int highest = 0;
  for (const Interface& interface : interfaces) highest = std::max(highest, rank(interface));
  std::optional<Dbm> lowest;
  for (const Interface& interface : interfaces) {
    if (!interface.power || rank(interface) < highest) continue;
    if (!lowest || *interface.power < *lowest) lowest = interface.power;
  }
  return lowest;
}

void keep_latest(std::vector<StationSample>& stations) {
  std::vector<StationSample> unique;
  for (const StationSample& sample : stations) {
    const auto known = std::ranges::find(unique, sample.station, &StationSample::station);
    if (known != unique.end())
      *known = sample;
    else
      unique.push_back(sample);
  }
  stations = std::move(unique);
}

}  // namespace pianissimo::nl80211
