// Numbers in a CSV file, found by the names of their columns.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace pianissimo::recorded {

/// What is wrong with a line, and where in it.
struct CsvError {
  int column = 1;  ///< in bytes, from 1
  std::string message;
  friend bool operator==(const CsvError&, const CsvError&) = default;
};

struct Cell {
  int column = 1;
  std::string text;  ///< without its quotes
  friend bool operator==(const Cell&, const Cell&) = default;
};

/// The cells of a line, which may end with CR. A quoted cell ends in its line (RFC 4180 lets it go
/// on in the next).
std::variant<std::vector<Cell>, CsvError> cells_of(std::string_view line);

struct Column {
  std::string_view name;
  double low = 0;
  double high = 0;
  bool is_whole = false;
  bool is_needed = true;  ///< a file without it is an error, and a row without it not complete
};

/// Reads line by line; the first one is the header. Columns that nobody asked for are left alone.
class NumberColumns {
 public:
  explicit NumberColumns(std::span<const Column> columns) : columns_{columns} {}

  std::optional<CsvError> take_header(std::string_view line);

  struct Row {
    std::vector<std::optional<double>> values;  ///< in the order of the columns
    bool is_complete = true;                    ///< none is absent that is needed
  };
  std::variant<Row, CsvError> row_of(std::string_view line) const;

 private:
  std::span<const Column> columns_;
  std::size_t cells_ = 0;
  std::vector<std::optional<std::size_t>> places_;  // of each column among the cells
};

}  // namespace pianissimo::recorded
