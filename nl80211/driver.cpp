#include "nl80211/driver.hpp"

#include <algorithm>
#include <array>
#include <fstream>

namespace pianissimo::nl80211 {
namespace {

// Drivers that change power only on IEEE80211_CONF_CHANGE_POWER, which mac80211 sends for the
// wiphy's power: a power given to an interface is taken, read back as set, and has no effect on
// air. By the sources of Linux 6.18: mt76's older chips have no BSS_CHANGED_TXPOWER handler, and
// ath9k uses an interface's power only with its per-packet power control, which is off. The names
// are sysfs's; a trailing '*' stands for any ending.
constexpr std::array<std::string_view, 8> wiphy_drivers{
    "ath9k", "ath9k_htc", "mt7603*", "mt7615*", "mt7663*", "mt76x0*", "mt76x2*", "mt7915*",
};

// mt76_wmac is the platform driver of the mt7603 in MT7628 and MT7688; mt7622's is an mt7615.
constexpr std::array<std::string_view, 2> wiphy_platform_drivers{"mt76_wmac", "mt7622-wmac"};

bool matches(std::string_view name, std::string_view pattern) {
  if (!pattern.ends_with('*')) return name == pattern;
  return name.starts_with(pattern.substr(0, pattern.size() - 1));
}

// The kernel's rule for names (dev_valid_name()), so that none leads out of the directory.
bool is_name(std::string_view name) {
  return !name.empty() && name != "." && name != ".." && name.find('/') == std::string_view::npos;
}

}  // namespace

std::optional<std::string> driver_name(std::string_view interface,
                                       const std::filesystem::path& sysfs) {
  if (!is_name(interface)) return std::nullopt;
  std::error_code failure;
  const std::filesystem::path target = std::filesystem::read_symlink(
      sysfs / "class" / "net" / interface / "device" / "driver", failure);
  std::string name = target.filename().string();
  if (failure || name.empty()) return std::nullopt;
  return name;
}

std::optional<WiphyIndex> wiphy_index(std::string_view name, const std::filesystem::path& sysfs) {
  if (!is_name(name)) return std::nullopt;
  std::ifstream file{sysfs / "class" / "ieee80211" / name / "index"};
  std::uint32_t index = 0;
  if (!(file >> index)) return std::nullopt;
  return WiphyIndex{index};
}

KnobKind default_path(std::string_view driver, const Wiphy& wiphy) {
  // Never the station: what its value means depends on the driver (README.md, "Power of a
  // station"), it covers data frames only, and it cannot be read back.

  // Radios on different channels under one wiphy must not share a power.
  if (wiphy.radios > 1) return KnobKind::interface;
  // Without it cfg80211 takes an interface's power for the wiphy's: call it what it is, so that
  // its interfaces make one domain.
  if (!wiphy.has_interface_power()) return KnobKind::wiphy;
  const auto is_driver = [&](std::string_view pattern) { return matches(driver, pattern); };
  const bool by_wiphy = std::ranges::any_of(wiphy_drivers, is_driver) ||
                        std::ranges::any_of(wiphy_platform_drivers, is_driver);
  return by_wiphy ? KnobKind::wiphy : KnobKind::interface;
}

}  // namespace pianissimo::nl80211
