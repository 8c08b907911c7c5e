#include "experiments/report/report.hpp"

#include "experiments/report/story.hpp"

namespace pianissimo::report {
namespace {

// `baseline` may be the run itself: it is moved from last.
JudgedRun judged(Run&& run, const Run* baseline) {
  RunFigures figures = judge(run, baseline);
  std::string story = story_of(run, figures, baseline);
  std::vector<std::string> remarks = remarks_on(run, figures, baseline);
  return {std::move(run), std::move(figures), std::move(story), std::move(remarks)};
}

}  // namespace

Report make_report(std::vector<Run> runs, std::optional<Run> baseline) {
  Report report;
  for (Run& run : runs) {
    report.runs.push_back(judged(std::move(run), baseline ? &*baseline : nullptr));
  }
  if (baseline) report.baseline = judged(std::move(*baseline), &*baseline);
  return report;
}

}  // namespace pianissimo::report
