// What sysfs knows: which driver is behind an interface, and so which of its power knobs works;
// which radio has a name.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "controller/core/identity.hpp"
#include "nl80211/values.hpp"

namespace pianissimo::nl80211 {

/// The name of an interface's driver as sysfs has it ("mt7615e", "mac80211_hwsim"); nullopt for an
/// interface without a device or a name that is none.
std::optional<std::string> driver_name(std::string_view interface,
                                       const std::filesystem::path& sysfs = "/sys");

/// The index of a radio by its name ("phy0"), if it is in this network namespace.
std::optional<WiphyIndex> wiphy_index(std::string_view name,
                                      const std::filesystem::path& sysfs = "/sys");

/// The knob for `power_path: auto`: wiphy or interface, never station (driver.cpp says why).
KnobKind default_path(std::string_view driver, const Wiphy& wiphy);

}  // namespace pianissimo::nl80211
