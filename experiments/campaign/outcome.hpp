// What the runs were worth, each beside full power in its own block.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "experiments/evaluate/spread.hpp"
#include "experiments/report/run.hpp"

namespace pianissimo::campaign {

/// Absent: not measured, never 0. README.md defines each.
struct Figures {
  std::optional<double> received_mbps;
  std::optional<double> kept;
  std::optional<double> saved_db;
  std::optional<double> retries;
  std::optional<double> changes_per_minute;
  friend bool operator==(const Figures&, const Figures&) = default;
};

/// How a figure is called and shown.
struct FigureName {
  std::optional<double> Figures::*figure;
  std::string_view key;   ///< in CSV
  std::string_view name;  ///< in Markdown, with its unit
  int decimals;
  double scale;  ///< from the figure to Markdown's unit
};
std::span<const FigureName> figure_names();

/// `yardstick`: the run of the same block at full power, if it is there.
Figures figures_of(const report::Run& run, const report::Run* yardstick);

/// A run that is done.
struct Outcome {
  std::string place;
  std::string access_point;
  std::string law;
  int block = 1;
  Figures figures;
};

/// One row for each place, access point and law, in the order of their first run: over its blocks.
struct Row {
  std::string place;
  std::string access_point;
  std::string law;
  std::vector<Figures> by_block;
  /// nullopt: no block has this figure.
  std::optional<evaluate::Spread> spread(const FigureName& name) const;
};
std::vector<Row> rows_of(std::span<const Outcome> outcomes);

/// How runs_csv() and campaign_csv() begin; the rest of the first line are the figures' keys.
inline constexpr std::string_view runs_csv_mark = "place,access_point,law,block,";
inline constexpr std::string_view campaign_csv_mark = "place,access_point,law,blocks,";

/// Every run.
std::string runs_csv(std::span<const Outcome> outcomes);
/// Every row: the mean of each figure, and half its 95 % interval (`..._ci95`).
std::string campaign_csv(std::span<const Row> rows);
/// The same to be read: a table for each place and access point.
std::string campaign_markdown(std::span<const Row> rows);

}  // namespace pianissimo::campaign
