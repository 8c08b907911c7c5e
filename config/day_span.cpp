#include "config/config.hpp"

namespace pianissimo {
namespace {

// Minutes since midnight of "02:00".
std::optional<int> minute_of(std::string_view text) {
  if (text.size() != 5 || text[2] != ':') return std::nullopt;
  const auto two_digits = [&](std::size_t at, int most) -> std::optional<int> {
    const std::string_view digits = text.substr(at, 2);
    if (digits.find_first_not_of("0123456789") != digits.npos) return std::nullopt;
    const int value = 10 * (digits[0] - '0') + (digits[1] - '0');
    return value <= most ? std::optional{value} : std::nullopt;
  };
  const auto hour = two_digits(0, 23);
  const auto minute = two_digits(3, 59);
  if (!hour || !minute) return std::nullopt;
  return 60 * *hour + *minute;
}

}  // namespace

std::optional<DaySpan> parse_day_span(std::string_view text) {
  if (text.size() != 11 || text[5] != '-') return std::nullopt;
  const auto from = minute_of(text.substr(0, 5));
  const auto to = minute_of(text.substr(6));
  if (!from || !to || *from == *to) return std::nullopt;
  return DaySpan{*from, *to};
}

}  // namespace pianissimo
