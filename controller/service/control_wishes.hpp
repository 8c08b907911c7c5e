// What operators have asked for, by interface. It outlives a reload, and not the daemon.
#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "controller/core/events.hpp"

namespace pianissimo::service {

struct OperatorWishes {
  struct Held {
    Asker by;
    Instant since;
    std::optional<Dbm> level;  ///< nullopt: each station has its own
    std::optional<Instant> until;
  };
  struct Ceiling {
    Asker by;
    Instant since;
    Dbm level;
  };
  struct Approved {
    Asker by;
    Instant since;
    Dbm level;
  };
  std::optional<Held> held;
  std::optional<Ceiling> ceiling;
  std::optional<Approved> approved;
};

/// "user 1000 (pid 812)"
std::string to_string(const Asker& asker);

/// As status and answers show them; null if there are none.
boost::json::value to_json(const OperatorWishes& wishes);

/// What one of them says, for people: `what` is its key in to_json(). "holds the power"
std::string words_of_wish(std::string_view what, const boost::json::object& wish);

class Wishes {
 public:
  /// Those of an interface, by its name.
  OperatorWishes& of(const std::string& interface) { return wishes_[interface]; }
  const OperatorWishes& of(const std::string& interface) const;
  /// Forgets what is over by now.
  void see(Instant now);

 private:
  std::map<std::string, OperatorWishes> wishes_;
};

}  // namespace pianissimo::service
