// The number of a generic netlink family, which the kernel gives out as families come.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "nl80211/error.hpp"
#include "nl80211/socket.hpp"

namespace pianissimo::nl80211 {

/// A family and the multicast groups asked for, in the order asked.
struct Family {
  std::uint16_t id = 0;
  std::vector<int> groups;
};

/// Asks on a socket of the family GENL_ID_CTRL. Errc::no_family if the kernel says that it has
/// none: one that does not answer (Errc::timed_out) may have it.
asio::awaitable<Result<Family>> resolve(CommandSocket& control, std::string family,
                                        std::vector<std::string> groups);

/// The same on a socket of its own; blocks for the answer, which is at once, but for no longer than
/// CommandSocket::default_patience.
Result<Family> resolve(const std::string& family, const std::vector<std::string>& groups);

}  // namespace pianissimo::nl80211
