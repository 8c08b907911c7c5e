// What nl80211 and rtnetlink tell, as values; of stations it is the core's StationSample.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "controller/core/identity.hpp"
#include "controller/core/station.hpp"
#include "controller/core/units.hpp"

namespace pianissimo::nl80211 {

/// NL80211_CMD_GET_INTERFACE.
struct Interface {
  InterfaceIndex index{};
  WiphyIndex wiphy{};
  std::string name;
  std::uint32_t type = 0;  ///< enum nl80211_iftype
  MacAddress mac;
  std::optional<Dbm> power;
  std::optional<Mhz> frequency;  ///< of the control channel; absent while nothing runs there
  std::optional<Mhz> width;
  friend bool operator==(const Interface&, const Interface&) = default;

  bool is_access_point() const;  ///< NL80211_IFTYPE_AP
  bool is_vlan() const;          ///< NL80211_IFTYPE_AP_VLAN: of a 4-address station, or of a VLAN
  bool is_station() const;       ///< NL80211_IFTYPE_STATION: its access point is its one station
  bool is_mesh_point() const;    ///< NL80211_IFTYPE_MESH_POINT: its peers are its stations
  /// It has a channel: an access point or mesh point that is up, a station that is associated.
  bool is_running() const { return frequency.has_value(); }
};

struct Channel {
  Mhz frequency;
  std::optional<Dbm> maximum;  ///< NL80211_FREQUENCY_ATTR_MAX_TX_POWER: regulatory
  bool disabled = false;
  friend bool operator==(const Channel&, const Channel&) = default;
};

/// NL80211_CMD_GET_WIPHY.
struct Wiphy {
  WiphyIndex index{};
  std::string name;
  std::vector<Channel> channels;                ///< of all bands
  std::uint32_t features = 0;                   ///< enum nl80211_feature_flags
  std::vector<std::uint8_t> extended_features;  ///< bitmap of enum nl80211_ext_feature_index
  std::uint32_t radios = 1;  ///< NL80211_ATTR_WIPHY_RADIOS (Linux 6.11); 1 where it is absent
  friend bool operator==(const Wiphy&, const Wiphy&) = default;

  /// An extended feature: NL80211_EXT_FEATURE_*.
  bool has(unsigned extended_feature) const;
  /// Whether a power given for an interface stays with it: NL80211_FEATURE_VIF_TXPOWER.
  bool has_interface_power() const;
  /// Whether NL80211_ATTR_STA_TX_POWER is taken: NL80211_EXT_FEATURE_STA_TX_PWR.
  bool has_station_power() const;
  /// The regulatory maximum at a frequency; nullopt for an unknown or disabled channel.
  std::optional<Dbm> maximum(Mhz frequency) const;
};

/// The lowest power among a wiphy's running access points: mac80211 gives the radio the lowest of
/// all, so one that was left low caps the others. Without a running one, among all that run;
/// without any, among all interfaces.
std::optional<Dbm> lowest_power(const std::vector<Interface>& interfaces);

/// A list that changed under the dump may have a station twice: the later word counts.
void keep_latest(std::vector<StationSample>& stations);

/// NL80211_CMD_NEW_STATION. Comes for a known station too, when it associates anew.
struct StationNew {
  InterfaceIndex interface {};
  MacAddress station;
  friend bool operator==(const StationNew&, const StationNew&) = default;
};

/// NL80211_CMD_DEL_STATION.
struct StationDeleted {
  InterfaceIndex interface {};
  MacAddress station;
  friend bool operator==(const StationDeleted&, const StationDeleted&) = default;
};

/// NL80211_CMD_CH_SWITCH_NOTIFY: it has switched.
struct ChannelSwitched {
  InterfaceIndex interface {};
  std::optional<Mhz> frequency;
  std::optional<Mhz> width;
  friend bool operator==(const ChannelSwitched&, const ChannelSwitched&) = default;
};

/// NL80211_CMD_REG_CHANGE (wiphy absent: all of them) or NL80211_CMD_WIPHY_REG_CHANGE.
struct RegulatoryChanged {
  std::optional<WiphyIndex> wiphy;
  friend bool operator==(const RegulatoryChanged&, const RegulatoryChanged&) = default;
};

/// Something about the interface is new: it was made, its type changed, its AP was started or
/// stopped, the link went up or down. Which of them is not told, for no single message of the
/// kernel tells it reliably (README.md, "Up, down and gone"): read the interface.
struct InterfaceChanged {
  InterfaceIndex interface {};
  friend bool operator==(const InterfaceChanged&, const InterfaceChanged&) = default;
};

/// NL80211_CMD_DEL_INTERFACE or RTM_DELLINK; usually both come.
struct InterfaceRemoved {
  InterfaceIndex interface {};
  friend bool operator==(const InterfaceRemoved&, const InterfaceRemoved&) = default;
};

/// Events were lost (ENOBUFS): read everything anew.
struct Overrun {
  friend bool operator==(const Overrun&, const Overrun&) = default;
};

using KernelEvent = std::variant<StationNew, StationDeleted, ChannelSwitched, RegulatoryChanged,
                                 InterfaceChanged, InterfaceRemoved, Overrun>;

}  // namespace pianissimo::nl80211
