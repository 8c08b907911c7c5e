// What is said through the control socket: lines of JSON <-> requests. Pure: no socket, no clock.
// The protocol is a table in README.md.
#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "controller/core/units.hpp"

namespace pianissimo::control {

/// "v" of every line.
inline constexpr std::int64_t version = 1;
/// A longer request is refused, its newline included.
inline constexpr std::size_t most_line_bytes = 4096;

// Each request is about one interface, or about every driven one where `interface` is empty.
struct Status {
  friend bool operator==(const Status&, const Status&) = default;
};
/// From here on: status and decisions, as they come.
struct Watch {
  friend bool operator==(const Watch&, const Watch&) = default;
};
struct Hold {
  std::string interface;
  std::optional<std::chrono::seconds> length;  ///< 1 s to 7 days; nullopt: until Resume
  friend bool operator==(const Hold&, const Hold&) = default;
};
struct Resume {
  std::string interface;
  friend bool operator==(const Resume&, const Resume&) = default;
};
struct Ceiling {
  std::string interface;
  std::optional<Dbm> level;  ///< whole, 0..36 dBm; nullopt: no ceiling of an operator's
  friend bool operator==(const Ceiling&, const Ceiling&) = default;
};
/// Lets the power go down as far as is proposed, in the mode recommend.
struct Approve {
  std::string interface;
  enum class What : std::uint8_t {
    apply,
    list,     ///< says what is proposed, and changes nothing
    withdraw  ///< takes an approval back
  };
  What what = What::apply;
  friend bool operator==(const Approve&, const Approve&) = default;
};
/// Reads the configuration anew.
struct Reload {
  friend bool operator==(const Reload&, const Reload&) = default;
};
/// The journal's files, oldest first.
struct Journal {
  friend bool operator==(const Journal&, const Journal&) = default;
};
struct Explain {
  std::string of;  ///< an interface, a radio ("phy0") or a station's address; empty: all
  int last = 10;   ///< 1..100
  friend bool operator==(const Explain&, const Explain&) = default;
};
using Request =
    std::variant<Status, Watch, Hold, Resume, Ceiling, Approve, Reload, Journal, Explain>;

/// Reads a request, a line without its newline; or says why it is none, in printable words.
std::variant<Request, std::string> parse_request(std::string_view line);

/// One line without its newline, as parse_request() reads it.
std::string to_line(const Request& request);

/// A level as JSON shows it: whole dBm without a fraction.
boost::json::value in_dbm(Dbm level);

/// {"v":1,"ok":true} and what `more` has; one line without its newline.
std::string answer(const boost::json::object& more);
/// {"v":1,"ok":false,"error":"..."}
std::string refusal(std::string_view error);

}  // namespace pianissimo::control
