// What the operator may have meant, and how what was written is shown.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace pianissimo {

/// The candidate that `wrong` is a slip of (at most two letters off, or one begins with the other,
/// in any case); empty if none.
std::string_view closest(std::string_view wrong, std::span<const std::string_view> candidates);

/// " (did you mean 'descend'?)", or nothing.
std::string did_you_mean(std::string_view candidate);

/// 'text', short and without anything that a terminal obeys.
std::string shown(std::string_view text);

/// "a, b, c"
std::string joined(std::span<const std::string_view> words);

}  // namespace pianissimo
