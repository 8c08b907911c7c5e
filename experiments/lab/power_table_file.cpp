#include "experiments/lab/power_table_file.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "experiments/report/input.hpp"

namespace pianissimo::lab {
namespace {

[[noreturn]] void fail(const std::filesystem::path& path, int line,
                       const recorded::CsvError& error) {
  const std::string place = fmt::format("{}:{}:{}", path.string(), line, error.column);
  throw report::InputError{report::InputError::Kind::bad_data, place, 0, error.message};
}

}  // namespace

PowerTableFile read_power_table(const std::filesystem::path& path,
                                const recorded::ColumnNames& names) {
  report::LineReader lines{path};
  recorded::TableReader reader{names};
  while (const auto line = lines.next()) {
    if (const auto error = reader.take(*line)) fail(path, lines.number(), *error);
  }
  if (const auto error = reader.finish()) fail(path, std::max(lines.number(), 1), *error);
  return {.table = reader.table(), .rows = reader.rows(), .incomplete = reader.incomplete()};
}

}  // namespace pianissimo::lab
