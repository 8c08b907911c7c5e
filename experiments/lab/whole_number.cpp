#include "experiments/lab/whole_number.hpp"

#include <array>
#include <charconv>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

namespace pianissimo::lab {
namespace {

constexpr std::string_view units = "kMG";

std::optional<std::uint64_t> number_of(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::optional<std::uint64_t> number_with_unit(std::string_view text) {
  const std::size_t unit = text.empty() ? units.npos : units.find(text.back());
  if (unit == units.npos) return number_of(text);
  constexpr std::array<std::uint64_t, units.size()> factors{1'000, 1'000'000, 1'000'000'000};
  text.remove_suffix(1);
  const auto number = number_of(text);
  if (!number || *number > std::numeric_limits<std::uint64_t>::max() / factors[unit]) {
    return std::nullopt;
  }
  return *number * factors[unit];
}

}  // namespace

CLI::Validator whole_number() {
  return {[](const std::string& text) {
            return number_of(text) ? std::string{}
                                   : "'" + text + "' is not a whole number from 0 to 2^64 - 1";
          },
          "UINT", "whole number"};
}

CLI::Validator whole_number_with_unit() {
  return {[](std::string& text) {
            const auto number = number_with_unit(text);
            if (!number) {
              return "'" + text + "' is not a whole number (300, 20k, 2M, 1G) up to 2^64 - 1";
            }
            text = std::to_string(*number);
            return std::string{};
          },
          "UINT[k|M|G]", "whole number with unit"};
}

}  // namespace pianissimo::lab
