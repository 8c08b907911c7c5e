#include "experiments/report/report.hpp"

#include <map>

#include "experiments/report/story.hpp"

namespace pianissimo::report {
namespace {

// `baseline` may be the run itself: it is moved from last.
JudgedRun judged(Run&& run, const Run* baseline) {
  RunFigures figures = judge(run, baseline);
  std::string headline = headline_of(run, figures);
  std::string story = story_of(run, figures, baseline);
  std::vector<std::string> remarks = remarks_on(run, figures, baseline);
  return {std::move(run), std::move(figures), std::move(headline), std::move(story),
          std::move(remarks)};
}

// Runs of several access points, or of several days, may be labelled alike: then the place tells
// them apart, and where even that is the same, a number.
void tell_apart(std::vector<Run>& runs) {
  std::map<std::string, int> labels;
  for (const Run& run : runs) ++labels[run.name];
  for (Run& run : runs) {
    if (labels[run.name] > 1 && run.place != run.name) run.name += " (" + run.place + ')';
  }
  std::map<std::string, int> seen;
  for (Run& run : runs) {
    const int number = ++seen[run.name];
    if (number > 1) run.name += " #" + std::to_string(number);
  }
}

}  // namespace

Report make_report(std::vector<Run> runs, std::optional<Run> baseline) {
  tell_apart(runs);
  Report report;
  for (Run& run : runs) {
    report.runs.push_back(judged(std::move(run), baseline ? &*baseline : nullptr));
  }
  if (baseline) report.baseline = judged(std::move(*baseline), &*baseline);
  return report;
}

}  // namespace pianissimo::report
