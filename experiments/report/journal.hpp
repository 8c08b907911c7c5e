// What a report needs of a journal, gathered line by line.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "controller/core/station_model.hpp"
#include "controller/journal/record.hpp"
#include "experiments/report/input.hpp"
#include "experiments/report/station_names.hpp"
#include "experiments/report/visits.hpp"

namespace pianissimo::report {

/// A level that holds from here until the next step.
struct LevelStep {
  Instant at;
  Dbm level;
  friend bool operator==(const LevelStep&, const LevelStep&) = default;
};
using LevelSteps = std::vector<LevelStep>;

/// The level that holds at a time; absent before the first step.
std::optional<Dbm> level_at(const LevelSteps& steps, Instant at);

struct StationReading {
  Instant at;
  std::optional<Throughput> expected;
  std::optional<BitRate> rate;
  /// Bytes offered to the station since its last reading, which was so long ago; absent where
  /// nobody counted them.
  std::optional<std::uint64_t> offered_bytes;
  Duration interval{};
};

struct JournalStation {
  InterfaceIndex interface {};  ///< the last one it was with
  std::vector<StationReading> readings;
  StationTotals first;  ///< its counters at the first of these readings
  StationTotals last;   ///< and at the last one
};

struct JournalNote {
  Instant at;
  std::string text;
};

/// Who counts the bytes of an interface's stations from here on.
struct TrafficSourceStep {
  Instant at;
  TrafficOrigin origin;
  std::string how;
};

/// Levels are kept from before the part that is asked for, so that it has a beginning; everything
/// else only inside it.
struct Journal {
  std::optional<journal::Header> header;  ///< in force at the end of the part
  std::int64_t wall_ms = 0;               ///< of the first record
  bool config_changed = false;            ///< within the part
  Span covered;                           ///< from the first record to the last
  std::map<InterfaceIndex, InterfaceUp> interfaces;
  std::map<InterfaceIndex, LevelSteps> ceilings;
  std::map<Knob, LevelSteps> power;  ///< as the kernel confirmed it
  std::vector<Decision> decisions;
  std::vector<Visit> visits;
  std::map<MacAddress, JournalStation> stations;
  /// From before the part too; an interface that is not in it: the driver counts.
  std::map<InterfaceIndex, std::vector<TrafficSourceStep>> traffic_sources;
  std::vector<JournalNote> notes;
  std::uint64_t records = 0;
  std::uint64_t lost_lines = 0;
  int torn_lines = 0;

  /// The knob that sets a station's power, if the journal knows the station.
  std::optional<Knob> knob_of(const MacAddress& station) const;
};

/// The files of a journal, oldest first: journal.jsonl.2, journal.jsonl.1, journal.jsonl.
std::vector<std::filesystem::path> journal_files(const std::filesystem::path& newest);

/// Without a part: the whole journal. `names`: who the stations are; null: their addresses. Throws
/// InputError.
Journal read_journal(const std::filesystem::path& newest, const std::optional<Span>& part,
                     StationNames* names = nullptr);

/// A number of the configuration in a header, by its key ("descend.probe.dwell_ms").
std::optional<double> config_number(const journal::Header& header, std::string_view key);
/// A word of it ("policy").
std::optional<std::string> config_word(const journal::Header& header, std::string_view key);

}  // namespace pianissimo::report
