// What is drawn against time, of one station of a run. Times are seconds since the measured part
// began.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "experiments/report/figures.hpp"

namespace pianissimo::report {

/// A value that holds until the next one; NaN never, absent where it is not known.
struct SeriesPoint {
  double t = 0;
  Figure value;
};
using Series = std::vector<SeriesPoint>;

/// Stations are read many times a second: after a longer silence nobody knows what was in between.
inline constexpr double longest_silence_s = 10;
/// The last reading before it holds for so long.
inline constexpr double reading_holds_s = 1;

/// Whether what is at `t` may be joined to the last point, by a line.
bool joins(const Series& series, double t);

/// The throughput that the rate controller expected, with gaps where nobody read for long.
Series expected_of(const JournalStation& station, const Run& run);

/// The rates of the last frames sent, likewise.
Series rate_of(const JournalStation& station, const Run& run);

/// The steps inside the measured part, and the level that it began with.
Series steps_of(const LevelSteps& steps, const Run& run);

/// The power on the air, else the power that the kernel confirmed; without the visits, which are
/// drawn for themselves: sampled every 100 ms, one of 60 ms is seen or not by chance.
Series level_in_use(const Run& run, const MacAddress& station);

/// The ceiling of a station's interface. Empty without a journal.
Series ceiling_of(const Run& run, const MacAddress& station);

/// The lowest level that would keep 90 %, where the ground truth tells it.
Series enough_of(const Run& run, const MacAddress& station);

/// What a station was asked to carry in one second; without figures: nobody counted from here on.
struct LoadSecond {
  double t = 0;  ///< when it began
  Figure offered_mbps;
  Figure utilisation;  ///< of what the rate controller expected in that second
};

/// One for each second of the measured part in which somebody counted, and one where that ends.
std::vector<LoadSecond> load_of(const Run& run, const MacAddress& station);

/// Who counted a station's bytes: "nl80211", "bpf (native XDP)", "nl80211, from 12.3 s bpf", "the
/// capture". Empty without a journal.
std::string counted_by(const Run& run, const MacAddress& station);

/// Every station of the run: those of the ground truth, then those that only the journal knows.
std::vector<MacAddress> stations_of(const Run& run);

/// Which visits and decisions are of a station: those of its knob; all where it is not known.
class Concern {
 public:
  Concern(const Run& run, const MacAddress& station)
      : own_{run.journal ? run.journal->knob_of(station) : std::nullopt} {}
  bool operator()(const Knob& knob) const { return !own_ || *own_ == knob; }

 private:
  std::optional<Knob> own_;
};

/// The stations that are drawn and told on the page, the neediest first: each shows every decision
/// and every change of power of its knob, so of very many only so many that a page can hold them.
std::vector<MacAddress> drawn_stations(const Run& run, const RunFigures& figures);

}  // namespace pianissimo::report
