#include "bpf/power_set.hpp"

#include <linux/nl80211.h>

#include <algorithm>
#include <charconv>
#include <cstring>

#include "bpf/power_set.h"

namespace pianissimo::bpf {
namespace {

template <std::size_t size>
std::string text_in(const char (&place)[size]) {
  return {place, ::strnlen(place, size)};
}

std::optional<std::uint32_t> number_after(std::string_view line, std::string_view word) {
  const std::size_t at = line.find(word);
  if (at == line.npos) return std::nullopt;
  std::uint32_t number = 0;
  const char* const end = line.data() + line.size();
  const auto read = std::from_chars(line.data() + at + word.size(), end, number);
  return read.ec == std::errc{} ? std::optional{number} : std::nullopt;
}

/// Of "\tfield:int mbm;\toffset:48;\tsize:4;\tsigned:1;" the 48, if that is the field.
std::optional<std::uint32_t> place_in(std::string_view line, std::string_view field,
                                      std::uint32_t size) {
  const std::size_t declared = line.find("field:");
  const std::size_t end = line.find(';');
  if (declared == line.npos || end == line.npos || end < declared) return std::nullopt;
  if (!line.substr(declared, end - declared).ends_with(field)) return std::nullopt;
  const auto place = number_after(line, "offset:");
  if (!place || number_after(line, "size:") != size) return std::nullopt;
  return *place <= POWER_SET_RECORD - size ? place : std::nullopt;
}

}  // namespace

std::optional<PowerSet> decode_power_set(std::span<const std::byte> record) {
  power_set raw{};
  if (record.size() < sizeof raw) return std::nullopt;  // perf pads it
  std::memcpy(&raw, record.data(), sizeof raw);
  PowerSet set{.process = raw.process, .comm = text_in(raw.comm), .wiphy = text_in(raw.wiphy)};
  switch (raw.setting) {
    case NL80211_TX_POWER_AUTOMATIC:
      set.setting = PowerSet::Setting::automatic;
      break;
    case NL80211_TX_POWER_LIMITED:
      set.setting = PowerSet::Setting::limited;
      break;
    case NL80211_TX_POWER_FIXED:
      set.setting = PowerSet::Setting::fixed;
      break;
    default:
      return std::nullopt;
  }
  // cfg80211 takes any number, and the driver caps it.
  set.level = Dbm::from_mbm(std::clamp(raw.mbm, -30'000, 30'000));
  return set;
}

std::optional<PowerSetPlaces> power_set_places(std::string_view format) {
  std::optional<std::uint32_t> wiphy, setting, mbm;
  while (!format.empty()) {
    const std::string_view line = format.substr(0, format.find('\n'));
    format.remove_prefix(std::min(line.size() + 1, format.size()));
    if (!wiphy) wiphy = place_in(line, " wiphy_name[32]", POWER_SET_WIPHY);
    if (!setting) setting = place_in(line, " type", sizeof(__u32));
    if (!mbm) mbm = place_in(line, " mbm", sizeof(__s32));
  }
  if (!wiphy || !setting || !mbm) return std::nullopt;
  return PowerSetPlaces{*wiphy, *setting, *mbm};
}

}  // namespace pianissimo::bpf
