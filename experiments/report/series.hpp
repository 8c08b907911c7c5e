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

/// The steps inside the measured part, and the level that it began with.
Series steps_of(const LevelSteps& steps, const Run& run);

/// The power on the air, else the power that the kernel confirmed; without the visits, which are
/// drawn for themselves: sampled every 100 ms, one of 60 ms is seen or not by chance.
Series level_in_use(const Run& run, const MacAddress& station);

/// The ceiling of a station's interface. Empty without a journal.
Series ceiling_of(const Run& run, const MacAddress& station);

/// The lowest level that would keep 90 %, where the ground truth tells it.
Series enough_of(const Run& run, const MacAddress& station);

/// What a station was asked to carry in one second.
struct LoadSecond {
  Figure offered_mbps;
  Figure utilisation;  ///< of what the rate controller expected in that second
};

/// One for each second of the measured part; empty where nobody counted.
std::vector<LoadSecond> load_of(const Run& run, const MacAddress& station);

/// Who counted a station's bytes: "nl80211", "bpf (native XDP)", "nl80211, from 12.3 s bpf". Empty
/// without a journal.
std::string counted_by(const Run& run, const MacAddress& station);

/// Every station of the run: those of the ground truth, then those that only the journal knows.
std::vector<MacAddress> stations_of(const Run& run);

/// The visits and decisions of the station's knob; all of them where it is not known.
bool concerns(const Run& run, const MacAddress& station, const Knob& knob);

}  // namespace pianissimo::report
