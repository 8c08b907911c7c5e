// What an access point says of power in its beacons, for a station that listens to it. Pure.
#pragma once

#include <array>
#include <optional>

#include "controller/core/units.hpp"
#include "nl80211/attributes.hpp"

namespace pianissimo::nl80211 {

/// The element "Spatial Reuse Parameter Set" (IEEE 802.11ax-2021, 9.4.2.252).
struct SpatialReuse {
  bool allows_obss_pd = false;  ///< its bit "Non-SRG OBSS PD SR Disallowed" is 0
  bool allows_psr = false;      ///< its bit "PSR Disallowed" is 0
  /// "Non-SRG OBSS PD Max Offset": over -82 dBm, 0..20 dB as the standard has it.
  std::optional<Db> obss_pd_offset;
  friend bool operator==(const SpatialReuse&, const SpatialReuse&) = default;
};

/// Absent is what the beacon does not have, or has in a form that no standard knows.
struct BeaconElements {
  /// Element 32, "Power Constraint" (802.11h): stations stay so far below the channel's maximum.
  std::optional<Db> constraint;
  /// Element 195, "Transmit Power Envelope" (802.11ac, 9.4.2.161): EIRP at most, at 20, 40, 80 and
  /// 160 MHz; the lowest of all such elements. Those in dBm per MHz are not read.
  std::array<std::optional<Dbm>, 4> envelope;
  std::optional<SpatialReuse> spatial_reuse;
  friend bool operator==(const BeaconElements&, const BeaconElements&) = default;

  /// The envelope of a width; nullopt: it does not limit that.
  std::optional<Dbm> envelope_at(Mhz width) const;
};

/// Reads what it knows until something breaks off.
BeaconElements decode_elements(Bytes elements);

/// One message of NL80211_CMD_GET_SCAN: what its beacon says, if it is of the network that this
/// station is associated with (NL80211_BSS_STATUS); else nullopt.
std::optional<BeaconElements> decode_own_network(const Attributes& attributes);

}  // namespace pianissimo::nl80211
