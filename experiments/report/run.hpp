// One run: what the testbed left in its directory, or a journal alone.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "experiments/report/journal.hpp"
#include "experiments/report/run_info.hpp"
#include "experiments/report/truth.hpp"

namespace pianissimo::report {

struct Run {
  std::string name;   ///< for the reader: the label, else the directory's or the file's name
  std::string place;  ///< the name of the directory it is in
  RunInfo info;       ///< of a journal alone: only the measured part, which is all of it
  Truth truth;        ///< may be empty
  std::optional<Journal> journal;
  std::optional<std::map<MacAddress, double>> traffic;  ///< received bytes per second

  double seconds() const { return info.measured.seconds(); }
  /// Seconds since the measured part began.
  double since_start(Instant at) const { return report::seconds(at - info.measured.start); }
};

/// A directory of the testbed (run.json, truth.csv, journal.jsonl, traffic.json; of the last three
/// any may be missing, but not both journal and truth) or a journal's newest file. Throws
/// InputError. `names`: who the stations are; null: their addresses.
Run load_run(const std::filesystem::path& path, StationNames* names = nullptr);

}  // namespace pianissimo::report
