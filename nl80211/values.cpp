#include "nl80211/values.hpp"

#include <linux/nl80211.h>

#include <algorithm>
#include <bit>
#include <cmath>

namespace pianissimo::nl80211 {
namespace {

constexpr std::uint32_t narrowest = 20;

// A bitmap that leaves nothing over is none.
std::uint16_t punctured_in(std::uint16_t bitmap, std::uint32_t mhz) {
  const std::uint32_t parts = mhz / narrowest;
  const std::uint16_t all = parts >= 16 ? 0xffff : static_cast<std::uint16_t>((1U << parts) - 1);
  return (bitmap & all) == all ? 0 : bitmap & all;
}

// Whether a 20 MHz channel at `frequency` is one of those around `center`.
bool is_within(std::uint32_t frequency, std::uint32_t center, std::uint32_t width,
               std::uint16_t punctured) {
  const std::int64_t above_the_lowest =
      std::int64_t{frequency} - (std::int64_t{center} - width / 2 + narrowest / 2);
  if (above_the_lowest < 0 || above_the_lowest % narrowest != 0) return false;
  const auto part = above_the_lowest / narrowest;
  return part < width / narrowest && (punctured >> part & 1) == 0;
}

}  // namespace

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

const Channel* Wiphy::channel(Mhz frequency) const {
  const auto found = std::ranges::find(channels, frequency, &Channel::frequency);
  return found == channels.end() ? nullptr : &*found;
}

std::optional<Dbm> Wiphy::maximum(Mhz frequency) const {
  const Channel* const known = channel(frequency);
  return known && !known->disabled ? known->maximum : std::nullopt;
}

std::optional<Dbm> Wiphy::density(const Interface& interface) const {
  if (!interface.frequency) return std::nullopt;
  const std::uint32_t width = interface.width.value_or(Mhz{narrowest}).value();
  const bool has_two = interface.second_center && width == 160;
  const std::uint32_t segment = has_two ? 80 : width;
  const std::uint16_t punctured = has_two ? 0 : punctured_in(interface.punctured, width);
  const auto is_sent_on = [&](Mhz frequency) {
    if (frequency == interface.frequency) return true;
    return width >= narrowest &&
           ((interface.center &&
             is_within(frequency.value(), interface.center->value(), segment, punctured)) ||
            (has_two &&
             is_within(frequency.value(), interface.second_center->value(), segment, 0)));
  };
  std::optional<Dbm> lowest;
  for (const Channel& one : channels) {
    if (one.density && is_sent_on(one.frequency)) {
      lowest = std::min(lowest.value_or(*one.density), *one.density);
    }
  }
  return lowest;
}

std::optional<Mhz> sent_width(const Interface& interface) {
  if (!interface.width) return std::nullopt;
  const std::uint32_t width = interface.width->value();
  const auto left_out = static_cast<std::uint32_t>(
      std::popcount(punctured_in(interface.second_center ? 0 : interface.punctured, width)));
  return Mhz{width - narrowest * left_out};
}

Dbm power_of(Dbm density, Mhz width) {
  const double gain = width.value() == 0 ? 0 : 1000 * std::log10(width.value());
  return density + Db::from_mb(static_cast<std::int32_t>(std::floor(gain)));
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
