// Laws x recordings x seeds.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "experiments/recorded/world.hpp"

namespace pianissimo::recorded {

/// What a run was worth; README.md defines each.
struct Figures {
  double kept = 0;
  double kept_of_best = 0;
  double saved_db = 0;
  double saved_at_receiver_db = 0;
  double below_keep = 0;
  double changes_per_minute = 0;
  friend bool operator==(const Figures&, const Figures&) = default;
};

/// How a figure is called and shown.
struct FigureName {
  double Figures::*figure;
  std::string_view key;   ///< in JSON
  std::string_view name;  ///< in tables, with its unit
  int decimals;
  double scale;  ///< from the figure to the table's unit
};
std::span<const FigureName> figure_names();

Figures judge(const PowerTable& table, const RunResult& run, double keep);

struct NamedTable {
  std::string name;
  PowerTable table;
};

/// policies::laws(), and "best-fixed": lowest_level_that_keeps(), known in hindsight.
std::vector<std::string> contender_names();

struct JudgeOptions {
  std::vector<std::string> laws;  ///< of contender_names()
  double keep = 0.97;             ///< to aim at and to be judged by, (0, 1]
  int seeds = 20;                 ///< 1, 2, ..., seeds
  int jobs = 1;
  std::chrono::seconds length{600};
  std::function<void(std::size_t done, std::size_t all)> progress;
  std::function<bool()> stop;
};

/// One law on one recording.
struct Row {
  std::string recording;
  std::string law;
  std::vector<Figures> by_seed;
};

/// By recording and law, each in the order given; the same whatever the number of jobs. nullopt:
/// stopped.
std::optional<std::vector<Row>> judge_all(std::span<const NamedTable> tables,
                                          const JudgeOptions& options);

/// Over all recordings, each counting as much as every other: a row per law, whose by_seed are the
/// recordings' means for that seed. Its recording's name is empty.
std::vector<Row> over_recordings(std::span<const Row> rows);

}  // namespace pianissimo::recorded
