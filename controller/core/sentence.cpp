#include "controller/core/sentence.hpp"

#include <array>
#include <cmath>

#include "controller/core/elementary.hpp"

namespace pianissimo {
namespace {

using Text = std::optional<std::string>;

// 0.1 of a unit is as much as anybody reads; a whole number has no fraction.
std::string tenths(std::int64_t tenths, std::string_view unit) {
  std::string text = tenths < 0 ? "-" : "";
  const std::int64_t magnitude = std::abs(tenths);
  text += std::to_string(magnitude / 10);
  if (magnitude % 10 != 0) text.append(".").append(std::to_string(magnitude % 10));
  return text.append(" ").append(unit);
}

std::int64_t rounded(double value) { return std::llround(value); }

Text level(const std::optional<Dbm>& v) {
  if (!v) return std::nullopt;
  return tenths(rounded(v->mbm() / 10.0), "dBm");
}

Text permille(const std::optional<int>& v) {
  if (!v) return std::nullopt;
  return tenths(*v, "%");
}

// "97.1 of 98.0 Mbit/s"
Text compared(const Evidence& evidence) {
  if (!evidence.observed || !evidence.reference) return std::nullopt;
  const auto mbps = [](Throughput v) {
    const std::int64_t tenth = rounded(10 * v.mbps());
    return std::to_string(tenth / 10) + '.' + std::to_string(tenth % 10);
  };
  return mbps(*evidence.observed) + " of " + mbps(*evidence.reference) + " Mbit/s";
}

Text wait(const std::optional<std::chrono::milliseconds>& v) {
  if (!v) return std::nullopt;
  const std::int64_t tenth = (v->count() + 50) / 100;
  constexpr std::int64_t two_minutes = 1200;
  return tenth < two_minutes ? tenths(tenth, "s") : tenths((tenth + 30) / 60, "min");
}

// "9 dB less: 12.6 mW instead of 100 mW"
Text less(const Decision& decision) {
  if (!decision.evidence.level) return std::nullopt;
  const auto milliwatt = [](Dbm v) {
    return tenths(rounded(10 * power(10, v.value() / 10)), "mW");
  };
  const Dbm to = *decision.evidence.level;
  return tenths(rounded((decision.from - to).mb() / 10.0), "dB") + " less: " + milliwatt(to) +
         " instead of " + milliwatt(decision.from);
}

// The words that a sentence may have in braces.
struct Number {
  std::string_view word;
  Text (*of)(const Decision&);
};
constexpr auto numbers = std::to_array<Number>({
    {"from", [](const Decision& d) { return level(d.from); }},
    {"to", [](const Decision& d) { return level(d.to); }},
    {"station",
     [](const Decision& d) {
       return d.evidence.station ? Text{to_string(*d.evidence.station)} : std::nullopt;
     }},
    {"compared", [](const Decision& d) { return compared(d.evidence); }},
    {"keep",
     [](const Decision& d) {
       return d.evidence.keep ? Text{tenths(rounded(1000 * *d.evidence.keep), "%")} : std::nullopt;
     }},
    {"error",
     [](const Decision& d) {
       return d.evidence.error ? Text{std::to_string(*d.evidence.error)} : std::nullopt;
     }},
    {"load",
     [](const Decision& d) {
       const auto& percent = d.evidence.utilisation_percent;
       return percent ? Text{std::to_string(*percent) + " %"} : std::nullopt;
     }},
    {"signal_change",
     [](const Decision& d) {
       const auto& change = d.evidence.signal_change;
       return change ? Text{tenths(rounded(std::abs(change->mb()) / 10.0), "dB")} : std::nullopt;
     }},
    {"acknowledged", [](const Decision& d) { return permille(d.evidence.acknowledged_permille); }},
    {"acknowledged_before",
     [](const Decision& d) { return permille(d.evidence.reference_permille); }},
    {"place", [](const Decision& d) { return level(d.evidence.place); }},
    {"wait", [](const Decision& d) { return wait(d.evidence.wait); }},
    {"level", [](const Decision& d) { return level(d.evidence.level); }},
    {"less", [](const Decision& d) { return less(d); }},
});

constexpr const Number* number_named(std::string_view word) {
  for (const Number& number : numbers) {
    if (number.word == word) return &number;
  }
  return nullptr;
}

// Takes what stands before the first of `ends`, and that character, from the front of `rest`.
constexpr std::string_view taken_until(std::string_view& rest, std::string_view ends) {
  const std::size_t end = rest.find_first_of(ends);
  const std::string_view found = rest.substr(0, end);
  rest.remove_prefix(end == rest.npos ? rest.size() : end + 1);
  return found;
}

// Every brace is one of the words and stands in brackets; no bracket in another one.
constexpr bool is_well_formed(std::string_view sentence) {
  while (!sentence.empty()) {
    if (taken_until(sentence, "[").find_first_of("]{}|") != sentence.npos) return false;
    if (sentence.empty()) return true;
    if (sentence.find(']') == sentence.npos) return false;
    std::string_view part = taken_until(sentence, "]");
    std::string_view said = taken_until(part, "|");
    if (part.find_first_of("[{}|") != part.npos || said.find('{') == said.npos) return false;
    while (said.find('{') != said.npos) {
      if (taken_until(said, "{").find_first_of("[}") != said.npos) return false;
      if (said.find('}') == said.npos || !number_named(taken_until(said, "}"))) return false;
    }
    if (said.find_first_of("[}") != said.npos) return false;
  }
  return true;
}

constexpr bool all_are_well_formed() {
  for (const ReasonRow& row : all_reasons) {
    if (!is_well_formed(row.sentence)) return false;
  }
  return true;
}
static_assert(all_are_well_formed(), "a row of PIANISSIMO_REASONS: see the comment above them");

// One part in brackets, without what stands behind its '|'; nullopt if a number is missing.
Text filled_in(std::string_view part, const Decision* decision) {
  std::string text;
  while (!part.empty()) {
    text += taken_until(part, "{");
    if (part.empty()) break;
    const Number* const number = number_named(taken_until(part, "}"));
    const Text value = decision ? number->of(*decision) : std::nullopt;
    if (!value) return std::nullopt;
    text += *value;
  }
  return text;
}

std::string filled_in_whole(std::string_view sentence, const Decision* decision) {
  std::string text;
  while (!sentence.empty()) {
    text += taken_until(sentence, "[");
    std::string_view otherwise = taken_until(sentence, "]");
    const std::string_view said = taken_until(otherwise, "|");
    text += filled_in(said, decision).value_or(std::string{otherwise});
  }
  return text;
}

}  // namespace

std::string sentence(const Decision& decision) {
  return filled_in_whole(row_of(decision.reason).sentence, &decision);
}

std::string sentence(Reason reason) { return filled_in_whole(row_of(reason).sentence, nullptr); }

}  // namespace pianissimo
