// A report: runs judged against a baseline, told in three ways.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "experiments/report/figures.hpp"

namespace pianissimo::report {

struct JudgedRun {
  Run run;
  RunFigures figures;
  std::string headline;  ///< what was saved and what was kept, in one sentence
  std::string story;     ///< begins with the headline
  std::vector<std::string> remarks;
};

struct Report {
  std::vector<JudgedRun> runs;  ///< the first one is what the summary is about
  std::optional<JudgedRun> baseline;
};

/// Each run is judged against the baseline, the baseline against itself.
Report make_report(std::vector<Run> runs, std::optional<Run> baseline);

/// summary.json: the first run's figures on top, then those of every run.
std::string summary_text(const Report& report);

/// The same as an aligned table.
std::string terminal_text(const Report& report, bool colours);

/// One HTML page that needs nothing else.
std::string page_text(const Report& report);

}  // namespace pianissimo::report
