#include "config/suggest.hpp"

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <vector>

#include "config/printable.hpp"
#include "config/utf8.hpp"

namespace pianissimo {
namespace {

constexpr std::size_t longest_shown = 40;

char lower(char c) { return 'A' <= c && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool same(char a, char b) { return lower(a) == lower(b); }

/// Levenshtein: letters added, left out or changed.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i + 1;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t changed = diagonal + (same(a[i], b[j]) ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({changed, row[j] + 1, row[j + 1] + 1});
    }
  }
  return row.back();
}

bool begins(std::string_view text, std::string_view beginning) {
  return beginning.size() >= 3 && beginning.size() <= text.size() &&
         std::equal(beginning.begin(), beginning.end(), text.begin(), same);
}

}  // namespace

std::string_view closest(std::string_view wrong, std::span<const std::string_view> candidates) {
  std::string_view best;
  std::size_t best_distance = 3;
  if (wrong.size() > longest_shown) return best;
  for (const std::string_view candidate : candidates) {
    // Two letters off in a word of three is another word.
    const std::size_t allowed = candidate.size() < 4 ? 1 : 2;
    const std::size_t d = distance(wrong, candidate);
    if (d <= allowed && d < best_distance) {
      best = candidate;
      best_distance = d;
    }
  }
  if (!best.empty()) return best;
  const auto whole = std::find_if(candidates.begin(), candidates.end(), [&](std::string_view c) {
    return begins(c, wrong) || begins(wrong, c);
  });
  return whole == candidates.end() ? best : *whole;
}

std::string did_you_mean(std::string_view candidate) {
  if (candidate.empty()) return {};
  return " (did you mean '" + std::string{candidate} + "'?)";
}

std::string shown(std::string_view text) {
  std::string out = "'";
  while (!text.empty()) {
    const std::size_t length = std::max<std::size_t>(utf8_length(text), 1);
    if (out.size() + length > longest_shown) {
      out += "...";
      break;
    }
    const std::string_view character = text.substr(0, length);
    out += is_printable(character) ? character : "?";
    text.remove_prefix(length);
  }
  return out + "'";
}

std::string joined(std::span<const std::string_view> words) {
  std::string out;
  for (const std::string_view word : words) {
    if (!out.empty()) out += ", ";
    out += word;
  }
  return out;
}

}  // namespace pianissimo
