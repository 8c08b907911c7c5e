#include "experiments/campaign/law.hpp"

#include <fmt/format.h>

#include <charconv>

namespace pianissimo::campaign {
namespace {

// A minute at 20 readings per second takes less than 1 MB for each station: an hour of one station
// fits, and a router's memory has room for it.
constexpr int journal_bytes = 33'554'432;

std::optional<int> whole(std::string_view text, int most) {
  int value = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  const bool has_zeros = text.size() > 1 && text.front() == '0';
  if (error != std::errc{} || stop != end || has_zeros || value < 0 || value > most) {
    return std::nullopt;
  }
  return value;
}

bool is_bit_rate(std::string_view text) {
  if (text == "slowest") return true;
  const std::size_t x = text.find('x');
  if (!whole(text.substr(0, x), 9)) return false;
  return x == text.npos || whole(text.substr(x + 1), 2).value_or(0) > 0;
}

}  // namespace

std::optional<Law> parse_law(std::string_view name) {
  constexpr std::string_view fixed = "fixed-";
  constexpr std::string_view rate = "rate-";
  Law law{.name = std::string{name}};
  if (name == "anchor") {
    law.kind = Law::Kind::anchor;
  } else if (name == "descend") {
    law.kind = Law::Kind::descend;
  } else if (name.starts_with(rate) && is_bit_rate(name.substr(rate.size()))) {
    law.kind = Law::Kind::rate;
    law.bit_rate = name.substr(rate.size());
  } else if (name.starts_with(fixed) && name != yardstick) {
    law.level = whole(name.substr(fixed.size()), 36);
    if (!law.level) return std::nullopt;
  } else if (name != yardstick) {
    return std::nullopt;
  }
  return law;
}

std::string daemon_config(const Law& law, const Box& box, std::string_view interface,
                          std::string_view journal) {
  const auto policy = [&]() -> std::string {
    switch (law.kind) {
      case Law::Kind::anchor:
        return fmt::format("policy: anchor\nanchor: {{keep: {}}}\n", box.keep);
      case Law::Kind::descend:
        return fmt::format("policy: descend\ndescend: {{keep: {}}}\n", box.keep);
      case Law::Kind::fixed:
      case Law::Kind::rate:
        break;
    }
    return fmt::format("policy: fixed\nfixed: {{level: {}}}\n",
                       law.level ? std::to_string(*law.level) : "max");
  };
  return fmt::format(
      "interfaces: [\"{}\"]\n{}box: {{floor_dbm: {}, ceiling_dbm: {}}}\n"
      // A law is seen as it is, with what it does wrong.
      "verdict: {{enabled: false}}\n"
      "journal: {{path: \"{}\", budget_bytes: {}}}\ndry_run: false\n",
      interface, policy(), box.floor_dbm, box.ceiling ? std::to_string(*box.ceiling) : "auto",
      journal, journal_bytes);
}

}  // namespace pianissimo::campaign
