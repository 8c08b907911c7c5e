// What a run's figures say, in words.
#pragma once

#include <string>
#include <vector>

#include "experiments/report/figures.hpp"

namespace pianissimo::report {

/// One paragraph: what the controller did and what it cost. Says only what the figures hold.
std::string story_of(const Run& run, const RunFigures& figures, const Run* baseline);

/// What a reader must know before believing the figures; empty: nothing.
std::vector<std::string> remarks_on(const Run& run, const RunFigures& figures, const Run* baseline);

}  // namespace pianissimo::report
