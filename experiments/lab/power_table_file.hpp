// Files with throughput by power: recordings, and the tables made of them.
#pragma once

#include <cstdint>
#include <filesystem>

#include "experiments/recorded/power_table.hpp"

namespace pianissimo::lab {

struct PowerTableFile {
  recorded::PowerTable table;
  std::uint64_t rows = 0;
  std::uint64_t incomplete = 0;
};

/// Throws report::InputError, whose message begins with file, line and column.
PowerTableFile read_power_table(const std::filesystem::path& path,
                                const recorded::ColumnNames& names);

}  // namespace pianissimo::lab
