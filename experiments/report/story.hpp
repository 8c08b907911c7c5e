// What a run's figures say, in words.
#pragma once

#include <string>
#include <vector>

#include "experiments/report/figures.hpp"

namespace pianissimo::report {

/// What was saved and what was kept, in one sentence: "anchor saved 3.4 dB of transmit power on
/// average; the station kept 98.6 % of its throughput, and was never below 90 %."
std::string headline_of(const Run& run, const RunFigures& figures);

/// One paragraph that begins with the headline: what the controller did and what it cost. Says only
/// what the figures hold.
std::string story_of(const Run& run, const RunFigures& figures, const Run* baseline);

/// What a reader must know before believing the figures; empty: nothing.
std::vector<std::string> remarks_on(const Run& run, const RunFigures& figures, const Run* baseline);

}  // namespace pianissimo::report
