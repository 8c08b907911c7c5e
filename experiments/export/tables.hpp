// Journals as tidy tables: one row for one observation, one column for one quantity.
#pragma once

#include <cstdint>
#include <filesystem>
#include <ostream>
#include <span>

namespace pianissimo::tables {

/// Where the tables go. Each gets a line of column names, also if nothing follows.
struct Sinks {
  std::ostream& runs;
  std::ostream& stations;
  std::ostream& decisions;
  std::ostream& power;
  std::ostream& traffic;
};

/// Each journal is named by its newest file. Throws report::InputError.
void write_tables(std::span<const std::filesystem::path> journals, const Sinks& sinks);

}  // namespace pianissimo::tables
