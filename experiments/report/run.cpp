#include "experiments/report/run.hpp"

#include <fmt/format.h>

#include <utility>

namespace pianissimo::report {
namespace {

namespace fs = std::filesystem;

// Every station's seconds are kept, of the run and of its baseline: so much stays below 1 GB.
constexpr double most_station_seconds = 2e6;

std::string name_of(const fs::path& directory) {
  // "out/daemon/" ends in an empty name.
  const fs::path whole = fs::absolute(directory).lexically_normal();
  return (whole.has_filename() ? whole : whole.parent_path()).filename().string();
}

// What the testbed measured beside a journal is about the journal's stations.
void hide_stations(Run& run, StationNames& names) {
  for (MacAddress& station : run.info.stations) station = names.of(station);
  for (auto& [station, rows] : std::exchange(run.truth.stations, {})) {
    run.truth.stations.emplace(names.of(station), rows);
  }
  if (!run.traffic) return;
  for (const auto& [station, rate] : std::exchange(*run.traffic, {})) {
    run.traffic->emplace(names.of(station), rate);
  }
}

Run load_journal_alone(const fs::path& path, StationNames* names) {
  Run run;
  run.name = path.filename().string();
  run.place = name_of(fs::absolute(path).parent_path());
  run.journal = read_journal(path, {}, names);
  run.info.measured = run.journal->covered;
  if (run.info.measured.start == run.info.measured.end) {
    throw InputError{InputError::Kind::bad_data, path, 0, "no time passes in this journal"};
  }
  if (run.journal->header) run.info.kernel = run.journal->header->kernel;
  return run;
}

}  // namespace

Run load_run(const fs::path& path, StationNames* names) {
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (fs::is_regular_file(status)) return load_journal_alone(path, names);
  if (!fs::is_directory(status)) {
    const bool is_unknown = status.type() == fs::file_type::none;
    throw InputError{InputError::Kind::no_input, path, 0,
                     is_unknown ? error.message() : "no such run"};
  }
  Run run;
  run.info = read_run_info(path / "run.json");
  run.place = name_of(path);
  run.name = run.info.label.empty() ? run.place : run.info.label;
  const fs::path truth = path / "truth.csv";
  const fs::path journal = path / "journal.jsonl";
  const fs::path traffic = path / "traffic.json";
  if (fs::exists(truth)) run.truth = read_truth(truth, run.info.measured);
  const double station_seconds = static_cast<double>(run.truth.stations.size()) * run.seconds();
  if (station_seconds > most_station_seconds) {
    throw InputError{InputError::Kind::bad_data, truth, 0,
                     fmt::format("{} stations for {:.0f} s: more than {:.0f} seconds of stations",
                                 run.truth.stations.size(), run.seconds(), most_station_seconds)};
  }
  if (fs::exists(journal)) run.journal = read_journal(journal, run.info.measured, names);
  if (fs::exists(traffic)) run.traffic = read_traffic(traffic);
  if (run.journal && names) hide_stations(run, *names);
  if (!run.journal && !fs::exists(truth)) {
    throw InputError{InputError::Kind::no_input, path, 0, "neither truth.csv nor journal.jsonl"};
  }
  return run;
}

}  // namespace pianissimo::report
