// What nl80211 and rtnetlink tell, as values; of stations it is the core's StationSample.
#pragma once

#include <chrono>
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
  /// Middle of the channel that it sends on, and of its second half where it has two (80+80 MHz):
  /// NL80211_ATTR_CENTER_FREQ1, NL80211_ATTR_CENTER_FREQ2.
  std::optional<Mhz> center;
  std::optional<Mhz> second_center;
  /// Which 20 MHz of the channel are left out, from the lowest (bit 0) up:
  /// NL80211_ATTR_PUNCT_BITMAP, told from Linux 6.9 on.
  std::uint16_t punctured = 0;
  friend bool operator==(const Interface&, const Interface&) = default;

  bool is_access_point() const;  ///< NL80211_IFTYPE_AP
  bool is_vlan() const;          ///< NL80211_IFTYPE_AP_VLAN: of a 4-address station, or of a VLAN
  bool is_station() const;       ///< NL80211_IFTYPE_STATION: its access point is its one station
  bool is_mesh_point() const;    ///< NL80211_IFTYPE_MESH_POINT: its peers are its stations
  /// It has a channel: an access point or mesh point that is up, a station that is associated.
  bool is_running() const { return frequency.has_value(); }
};

/// Whether a channel that needs radar detection may be used: enum nl80211_dfs_state.
enum class DfsState : std::uint8_t {
  usable,       ///< after a minute of listening
  unavailable,  ///< a radar was heard
  available     ///< has been listened to
};

struct Channel {
  Mhz frequency;
  std::optional<Dbm> maximum;  ///< NL80211_FREQUENCY_ATTR_MAX_TX_POWER: regulatory
  bool disabled = false;
  bool radar = false;        ///< NL80211_FREQUENCY_ATTR_RADAR: DFS is mandatory
  bool no_ir = false;        ///< NL80211_FREQUENCY_ATTR_NO_IR: nobody may begin to send there
  bool indoor_only = false;  ///< NL80211_FREQUENCY_ATTR_INDOOR_ONLY
  std::optional<DfsState> dfs_state{};                   ///< NL80211_FREQUENCY_ATTR_DFS_STATE
  std::optional<std::chrono::milliseconds> dfs_since{};  ///< NL80211_FREQUENCY_ATTR_DFS_TIME
  /// The most in each MHz, a power spectral density: dBm per MHz, -10..30. Regulatory;
  /// NL80211_FREQUENCY_ATTR_PSD, of Linux 6.7 and later.
  std::optional<Dbm> density{};
  friend bool operator==(const Channel&, const Channel&) = default;
};

/// NL80211_CMD_GET_WIPHY.
struct Wiphy {
  WiphyIndex index{};
  std::string name;
  std::vector<Channel> channels;                ///< of all bands
  std::uint32_t features = 0;                   ///< enum nl80211_feature_flags
  std::vector<std::uint8_t> extended_features;  ///< bitmap of enum nl80211_ext_feature_index
  /// A band has 802.11ax for some mode: NL80211_BAND_IFTYPE_ATTR_HE_CAP_PHY is there.
  bool has_he = false;
  /// ... and its bit "PSR-based SR Support" (IEEE 802.11ax-2021, 9.4.2.248.3, bit 56).
  bool has_spatial_reuse = false;
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
  /// What is known of a frequency; null if nothing is.
  const Channel* channel(Mhz frequency) const;
  /// The lowest power spectral density among the 20 MHz channels that a running interface sends on,
  /// dBm per MHz; nullopt: none has a limit, or the kernel does not tell.
  std::optional<Dbm> density(const Interface& interface) const;
};

/// The width that is really sent on, without what is punctured; MHz. Nullopt for an unknown width.
std::optional<Mhz> sent_width(const Interface& interface);

/// The power that a power spectral density allows in a width: density + 10 log10(MHz), in mBm,
/// rounded down.
Dbm power_of(Dbm density, Mhz width);

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
