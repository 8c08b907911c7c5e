#include "experiments/campaign/iperf.hpp"

#include <boost/json.hpp>

namespace pianissimo::campaign {
namespace {

namespace json = boost::json;

// iperf3's intervals begin a little before or after the full second.
constexpr double early_s = 0.3;

}  // namespace

std::variant<double, IperfError> received_bytes_per_s(std::string_view text, double from_s,
                                                      double to_s) {
  json::error_code error;
  const json::value value = json::parse(text, error);
  if (error || !value.is_object()) return IperfError{"not iperf3's JSON"};
  const json::object& client = value.as_object();
  if (const auto* const said = client.if_contains("error"); said && said->is_string()) {
    return IperfError{std::string{said->as_string()}};
  }
  double bytes = 0;
  double seconds = 0;
  try {
    for (const json::value& interval : client.at("server_output_json").at("intervals").as_array()) {
      const json::value& sum = interval.at("sum");
      const auto start = sum.at("start").to_number<double>();
      if (start + early_s < from_s || start + early_s >= to_s) continue;
      bytes += sum.at("bytes").to_number<double>();
      seconds += sum.at("seconds").to_number<double>();
    }
  } catch (const std::exception&) {  // a key is missing, or of another type
    return IperfError{"the server's intervals are not there"};
  }
  if (!(seconds > 0) || !(bytes >= 0)) return IperfError{"no interval of the measured part"};
  return bytes / seconds;
}

}  // namespace pianissimo::campaign
