// The oracle: it was told beforehand what the channel would need, and does exactly that.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "controller/core/policy.hpp"

namespace pianissimo::policies {

/// What each station needs, interval by interval from time 0 on.
struct OraclePlan {
  Duration interval = std::chrono::milliseconds{100};
  /// The lowest level that will do; nullopt while the station needs nothing. Beyond its end a list
  /// goes on as it ended.
  std::map<MacAddress, std::vector<std::optional<Dbm>>> needs;
};

/// At every reading: what the neediest of the stations it is shown needs until the next one; the
/// floor if none needs anything.
std::unique_ptr<Policy> make_oracle(std::shared_ptr<const OraclePlan> plan);

}  // namespace pianissimo::policies
