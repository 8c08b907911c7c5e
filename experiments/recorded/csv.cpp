#include "experiments/recorded/csv.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

namespace pianissimo::recorded {
namespace {

constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
// Of a cell that is not what it should be, so much is shown.
constexpr std::size_t shown = 40;

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t");
  if (begin == text.npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") + 1 - begin);
}

std::variant<double, std::string> number_of(std::string_view text, const Column& column) {
  double value = 0;
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc{} || rest != end) {
    return fmt::format("{}: '{}' is not a number", column.name, text.substr(0, shown));
  }
  if (!(value >= column.low && value <= column.high)) {
    return fmt::format("{}: {} is not within {}..{}", column.name, text.substr(0, shown),
                       column.low, column.high);
  }
  if (column.is_whole && value != std::floor(value)) {
    return fmt::format("{}: {} is not whole", column.name, text.substr(0, shown));
  }
  return value;
}

}  // namespace

std::variant<std::vector<Cell>, CsvError> cells_of(std::string_view line) {
  if (line.ends_with('\r')) line.remove_suffix(1);
  std::vector<Cell> out;
  for (std::size_t at = 0;; ++at) {
    Cell& cell = out.emplace_back(Cell{static_cast<int>(at) + 1, {}});
    if (at < line.size() && line[at] == '"') {
      for (++at;; ++at) {
        const std::size_t quote = line.find('"', at);
        if (quote == line.npos) return CsvError{cell.column, "a quote that is not closed"};
        cell.text += line.substr(at, quote - at);
        at = quote + 1;
        if (at >= line.size() || line[at] != '"') break;
        cell.text += '"';
      }
      if (at < line.size() && line[at] != ',') {
        return CsvError{static_cast<int>(at) + 1, "expected a comma after the quote"};
      }
    } else {
      const std::size_t end = std::min(line.find(',', at), line.size());
      cell.text = line.substr(at, end - at);
      at = end;
    }
    if (at >= line.size()) return out;
  }
}

std::optional<CsvError> NumberColumns::take_header(std::string_view line) {
  // The mark's three bytes are not seen, and not counted either.
  if (line.starts_with(byte_order_mark)) line.remove_prefix(byte_order_mark.size());
  const auto read = cells_of(line);
  if (const auto* const error = std::get_if<CsvError>(&read)) return *error;
  const auto& cells = std::get<std::vector<Cell>>(read);
  cells_ = cells.size();
  places_.clear();
  for (const Column& column : columns_) {
    auto& place = places_.emplace_back();
    for (std::size_t i = 0; i < cells.size(); ++i) {
      if (trimmed(cells[i].text) != column.name) continue;
      if (place) return CsvError{cells[i].column, fmt::format("a second {}", column.name)};
      place = i;
    }
    if (!place && column.is_needed) {
      return CsvError{1, fmt::format("the header has no {}", column.name)};
    }
  }
  return std::nullopt;
}

std::variant<NumberColumns::Row, CsvError> NumberColumns::row_of(std::string_view line) const {
  auto read = cells_of(line);
  if (auto* const error = std::get_if<CsvError>(&read)) return std::move(*error);
  const auto& cells = std::get<std::vector<Cell>>(read);
  if (cells.size() != cells_) {
    return CsvError{cells.back().column,
                    fmt::format("it has {} cells, and the header has {}", cells.size(), cells_)};
  }
  Row out;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    auto& value = out.values.emplace_back();
    if (!places_[i]) continue;
    const Cell& cell = cells[*places_[i]];
    const std::string_view text = trimmed(cell.text);
    if (text.empty()) {
      if (columns_[i].is_needed) out.is_complete = false;
      continue;
    }
    auto number = number_of(text, columns_[i]);
    if (auto* const wrong = std::get_if<std::string>(&number)) {
      return CsvError{cell.column, std::move(*wrong)};
    }
    value = std::get<double>(number);
  }
  return out;
}

}  // namespace pianissimo::recorded
