// What the rules of the air say of the channel that an interface is on, as far as the kernel shows
// it. What it does not show is said to be not visible, and never guessed.
#pragma once

#include <boost/json/object.hpp>
#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "controller/core/box.hpp"
#include "controller/core/events.hpp"
#include "nl80211/elements.hpp"
#include "nl80211/values.hpp"

namespace pianissimo::service {

struct AirRules {
  bool radar = false;                            ///< nl80211::Channel::radar: DFS
  std::optional<nl80211::DfsState> dfs_state{};  ///< when the radio was asked last
  std::optional<std::chrono::milliseconds> dfs_since{};
  bool no_ir = false;
  bool indoor_only = false;
  std::optional<Dbm> density{};  ///< nl80211::Wiphy::density(): the lowest on the air, per MHz
  Mhz sent_width;                ///< nl80211::sent_width()
  bool has_he = false;
  bool has_spatial_reuse = false;
  bool is_station = false;
  /// What its access point's beacons say, in station mode; nullopt: not visible.
  std::optional<nl80211::BeaconElements> beacon{};
  friend bool operator==(const AirRules&, const AirRules&) = default;

  /// The most that the density allows in the width; nullopt: it limits nothing, or is not known.
  std::optional<Dbm> width_limit() const;
};

AirRules air_rules_of(const nl80211::Interface& interface, const nl80211::Wiphy& wiphy,
                      std::optional<nl80211::BeaconElements> beacon);

/// For programs: levels in dBm; what is not known is null.
boost::json::object json_of(const AirRules& rules);
/// The same for people, as pairs of what it is about and what there is to say, from what json_of()
/// gives. Throws if it is something else.
std::vector<std::pair<std::string, std::string>> words_of(const boost::json::object& rules);

/// What the box of an interface is: floor and ceiling of the operator, the channel and the power
/// found.
Box box_of(const BoxParams& params, Dbm channel_maximum, Dbm found);

/// ETSI EN 301 893 V2.1.1, clause 4.2.3: with TPC, the lowest level of its range is at least 6 dB
/// below the highest that is permitted. What there is to say to an operator whose box leaves less
/// on a DFS channel; nullopt: nothing.
std::optional<std::string> tpc_warning(const std::string& interface, Mhz frequency,
                                       const AirRules& rules, const Box& box);

}  // namespace pianissimo::service
