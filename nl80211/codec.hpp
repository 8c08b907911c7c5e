// The kernel's bytes -> values. Pure: no socket, no clock. A message that breaks off, or that lacks
// what names its object (index, MAC), is malformed; any other absent attribute is nullopt.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "controller/core/station.hpp"
#include "nl80211/attributes.hpp"
#include "nl80211/error.hpp"
#include "nl80211/message.hpp"
#include "nl80211/values.hpp"

namespace pianissimo::nl80211 {

/// Errors of the codec are codes only: they are made in the hot path and carry no text.
template <class T>
using Decoded = boost::system::result<T>;

/// Errc::no_netdev for an interface without a network device: to be skipped, not to be feared.
Decoded<Interface> decode_interface(const Attributes& attributes);

/// Adds one message of a wiphy dump to those before it: a new wiphy, or more of a known one.
Decoded<void> merge_wiphy(const Attributes& attributes, std::vector<Wiphy>& wiphys);

Decoded<StationSample> decode_station(const Attributes& attributes);

/// NL80211_ATTR_GENERATION (snapshot.hpp).
std::optional<std::uint32_t> generation(const Attributes& attributes);

/// NL80211_ATTR_REG_ALPHA2: "US", "00" (world), "99" (custom), "98" (intersection).
Decoded<std::string> decode_regulatory_domain(const Attributes& attributes);

/// An event of the nl80211 multicast groups; nullopt for one that means nothing to us and for one
/// that is malformed (a lost event is worse than a spurious re-read, but there is no object to
/// re-read in it).
std::optional<KernelEvent> decode_event(const GenericMessage& message);

/// An event of RTNLGRP_LINK.
std::optional<KernelEvent> decode_link_event(const Message& message);

/// A NL80211_ATTR_CHANNEL_WIDTH (enum nl80211_chan_width) in MHz; 80+80 counts as 160.
std::optional<Mhz> channel_width(std::uint32_t width);

}  // namespace pianissimo::nl80211
