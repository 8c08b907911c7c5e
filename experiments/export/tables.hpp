// Journals as tidy tables: one row for one observation, one column for one quantity.
#pragma once

#include <cstdint>
#include <filesystem>
#include <ostream>
#include <span>

#include "experiments/report/station_names.hpp"

namespace pianissimo::tables {

/// Where the tables go. Each gets a line of column names, also if nothing follows.
struct Sinks {
  std::ostream& runs;
  std::ostream& stations;
  std::ostream& decisions;
  std::ostream& power;
  std::ostream& traffic;
};

/// Each journal is named by its newest file. `names`: who the stations are; null: their addresses.
/// Throws report::InputError.
void write_tables(std::span<const std::filesystem::path> journals, const Sinks& sinks,
                  report::StationNames* names = nullptr);

}  // namespace pianissimo::tables
