// What a lasting change of power brought to the stations: the words, and what an operator may set.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

#include "controller/core/reason.hpp"

namespace pianissimo {

enum class Verdict : std::uint8_t {
  helped,   ///< a station has clearly more than before, and none has less
  neutral,  ///< no difference that counts, or one that the power is not the reason of
  hurt,     ///< a station has clearly less, and has it back at the power before
};

/// In the order of the enumerators.
inline constexpr std::array<std::string_view, 3> verdict_words{"helped", "neutral", "hurt"};

constexpr std::string_view to_string(Verdict verdict) {
  return verdict_words[static_cast<std::size_t>(verdict)];
}

/// The verdict that a decision tells; nullopt: it tells none.
constexpr std::optional<Verdict> verdict_of(Reason reason) {
  switch (reason) {
    case Reason::change_helped:
      return Verdict::helped;
    case Reason::change_neutral:
    case Reason::change_cleared:
      return Verdict::neutral;
    case Reason::change_hurt:
      return Verdict::hurt;
    default:
      return std::nullopt;
  }
}

struct VerdictParams {
  bool enabled = true;
  /// A level that stood for so long is a lasting one, and is compared with the one before. Range
  /// 10 s..1 h.
  std::chrono::seconds lasting{60};
  /// After a verdict `hurt` nothing goes below the level before for so long. Range 1 min..7 d.
  std::chrono::seconds revert_for{14'400};
  friend bool operator==(const VerdictParams&, const VerdictParams&) = default;
};

}  // namespace pianissimo
