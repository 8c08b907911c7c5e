// What iperf3's client has written (--json --get-server-output): what arrived at the station.
#pragma once

#include <string>
#include <string_view>
#include <variant>

namespace pianissimo::campaign {

struct IperfError {
  std::string message;  ///< iperf3's own words, or what is missing
};

/// Payload that the server received in the seconds [from_s, to_s) of the transfer, bytes per
/// second: of its intervals of one second, those that begin in there.
std::variant<double, IperfError> received_bytes_per_s(std::string_view json, double from_s,
                                                      double to_s);

}  // namespace pianissimo::campaign
