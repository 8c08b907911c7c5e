#include "controller/service/ceiling_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>
#include <vector>

#include "config/suggest.hpp"
#include "controller/service/replace_file.hpp"

namespace pianissimo::service {
namespace {

constexpr std::size_t most_bytes = 4096;

std::vector<std::string_view> words_of(std::string_view line) {
  constexpr std::string_view white = " \t\r";
  std::vector<std::string_view> words;
  line = line.substr(0, line.find('#'));
  while (true) {
    line.remove_prefix(std::min(line.find_first_not_of(white), line.size()));
    if (line.empty()) return words;
    words.push_back(line.substr(0, line.find_first_of(white)));
    line.remove_prefix(words.back().size());
  }
}

// 0 is what many write for "not set".
std::optional<Dbm> level_of(std::string_view word) {
  double value = 0;
  const auto [end, error] = std::from_chars(word.begin(), word.end(), value);
  if (error != std::errc{} || end != word.end() || !(1 <= value && value <= 36)) {
    return std::nullopt;
  }
  return dbm(static_cast<std::int32_t>(value));
}

}  // namespace

std::variant<Ceilings, std::string> parse_ceilings(std::string_view text, const std::string& path) {
  Ceilings ceilings;
  int number = 1;
  const auto wrong = [&](std::string_view why) {
    return fmt::format("{}:{}: {}", path, number, why);
  };
  for (; !text.empty(); ++number) {
    const std::size_t end = text.find('\n');
    if (end == text.npos) return wrong("the last line has no newline, so it may not be whole");
    const auto words = words_of(text.substr(0, end));
    text.remove_prefix(end + 1);
    if (words.empty()) continue;
    if (words.size() > 2) return wrong("more than an interface and a number");
    const auto level = level_of(words.back());
    if (!level) return wrong(shown(words.back()) + " is no number within 1..36 dBm");
    const bool is_new = words.size() == 2 ? ceilings.alone.emplace(words.front(), *level).second
                                          : !std::exchange(ceilings.all, *level);
    if (!is_new) return wrong("there was a limit for that before");
  }
  if (!ceilings.all && ceilings.alone.empty()) return wrong("no limit is there");
  return ceilings;
}

std::optional<std::string> CeilingFile::look(const std::string& path) {
  if (path != path_) *this = {};
  path_ = path;
  if (path.empty()) return std::nullopt;
  const auto read = read_small_file(path, most_bytes);
  std::string trouble;
  if (const auto* const error = std::get_if<StateError>(&read)) {
    trouble = error->message;
  } else if (const auto& text = std::get<std::optional<std::string>>(read); !text) {
    trouble_.clear();
    ceilings_ = {};
    if (!std::exchange(was_there_, false)) return std::nullopt;
    return path + ": gone; its limit is lifted";
  } else {
    auto parsed = parse_ceilings(*text, path);
    if (const auto* const why = std::get_if<std::string>(&parsed)) {
      trouble = *why;
    } else {
      const bool is_news = !was_there_ || !trouble_.empty() || ceilings_ != std::get<0>(parsed);
      was_there_ = true;
      trouble_.clear();
      ceilings_ = std::get<Ceilings>(std::move(parsed));
      if (!is_news) return std::nullopt;
      return path + ": its limit is in force";
    }
  }
  trouble += ceilings_ == Ceilings{} ? "; no limit of it is known" : "; the last good limit stays";
  was_there_ = true;
  if (trouble == std::exchange(trouble_, trouble)) return std::nullopt;
  return trouble_;
}

std::optional<Dbm> CeilingFile::at(const std::string& interface) const {
  const auto alone = ceilings_.alone.find(interface);
  if (alone == ceilings_.alone.end()) return ceilings_.all;
  return std::min(alone->second, ceilings_.all.value_or(alone->second));
}

}  // namespace pianissimo::service
