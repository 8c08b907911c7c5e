// The verdicts on lasting changes, by interface and day: what was said how often, and what was said
// last. A pure value.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "controller/core/decision.hpp"
#include "controller/core/verdict.hpp"
#include "controller/service/last_days.hpp"

namespace pianissimo::service {

class VerdictDays {
 public:
  /// So much is kept: what is older goes first; of interfaces, what comes later is not kept.
  static constexpr std::size_t most_days = 8;
  static constexpr std::size_t most_interfaces = 64;

  struct Day {
    std::string interface;
    std::string day;  ///< "2026-11-30"
    std::array<std::uint64_t, verdict_words.size()> counts{};
    Decision last;  ///< that told a verdict
    friend bool operator==(const Day&, const Day&) = default;
  };

  /// A decision about an interface's power; most tell no verdict.
  void see(const std::string& interface, const Decision& decision, std::string_view day);

  /// By interface and day.
  std::vector<Day> days() const;

 private:
  std::map<std::string, LastDays<Day, most_days>> interfaces_;
};

}  // namespace pianissimo::service
