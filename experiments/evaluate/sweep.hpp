// A grid of parameters over scenarios (x seeds) or over journals: a row of JSON per run.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "config/config.hpp"
#include "experiments/evaluate/grid.hpp"
#include "experiments/evaluate/run_log.hpp"

namespace pianissimo::evaluate {

/// A scenario with the text of its file.
struct SweptScenario {
  sim::Scenario scenario;
  std::string text;
};
using SweptJournals = std::vector<std::filesystem::path>;

struct SweepPlan {
  std::variant<std::vector<SweptScenario>, SweptJournals> inputs;
  std::vector<Axis> axes;
  /// What the grid changes; absent: the defaults, or of a journal, the recorded configuration.
  std::optional<Config> base;
  int seeds = 1;       ///< of scenarios: 1, 2, ..., seeds
  double keep = 0.97;  ///< that the figures are judged by, one of sim::oracle_keeps
  Shard shard;
  std::string version;  ///< the program's: part of every run's id
};

/// One run of a sweep, and how to get its row.
struct SweepRun {
  std::string id;
  std::function<std::string()> row;  ///< throws report::InputError of a journal
};

/// The runs of this shard, in the order of inputs, seeds and combinations. An error is about the
/// grid: a key or a value that the configuration does not take. Runs that are the same are one. The
/// plan must outlive them. Throws report::InputError of a journal that cannot be read.
std::variant<std::vector<SweepRun>, UsageError> runs_of(const SweepPlan& plan);

struct SweepResult {
  std::size_t done = 0;     ///< now
  std::size_t skipped = 0;  ///< were done before
  bool is_whole = false;    ///< false: stopped
};

/// Does what the log does not have. Each row is in the log as soon as its run is done. Throws what
/// rows and log throw.
SweepResult sweep(std::vector<SweepRun> runs, RunLog& log, int jobs,
                  const std::function<void(std::size_t done, std::size_t all)>& progress,
                  const std::function<bool()>& stop);

}  // namespace pianissimo::evaluate
