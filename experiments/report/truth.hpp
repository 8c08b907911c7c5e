// The medium's ground truth (truth.csv): what the air really gave each station.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <vector>

#include "controller/core/identity.hpp"
#include "experiments/report/input.hpp"

namespace pianissimo::report {

/// One interval of one station; the levels are those at its end.
struct TruthRow {
  Span span;
  double power_dbm = 0;
  std::optional<double> path_loss_db;  ///< as planned, without fading
  std::optional<double> fading_db;     ///< gain on top
  double delivered_bytes = 0;
  double airtime_us = 0;
  std::optional<double> frames;
  /// The lowest level that would keep 0.9 of the ceiling's capacity; only a simulator knows it.
  std::optional<double> enough_dbm;
  /// What the channel would carry at the power on the air and at the ceiling: a simulator tells it,
  /// for a testbed it can be calculated.
  std::optional<double> capacity_mbps;
  std::optional<double> capacity_at_ceiling_mbps;
};

struct Truth {
  std::map<MacAddress, std::vector<TruthRow>> stations;
  int torn_lines = 0;   ///< 0 or 1: the last one, if its writer was stopped in the middle
  Duration interval{};  ///< the usual distance of two rows of a station; 0 without rows
  bool empty() const { return stations.empty(); }
};

/// Reads the columns by their names, in whatever order; those it does not know are ignored. Keeps
/// the rows that touch `part`. Throws InputError.
Truth read_truth(const std::filesystem::path& file, const Span& part);

}  // namespace pianissimo::report
