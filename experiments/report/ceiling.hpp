// What full power is.
#pragma once

#include "experiments/report/comparison.hpp"
#include "experiments/report/run.hpp"

namespace pianissimo::report {

/// The box's ceiling for a station by the journal, else the most that the baseline used.
class Ceiling {
 public:
  /// `run` must outlive it; `baseline` may be null.
  Ceiling(const Run& run, const Run* baseline, const MacAddress& station);

  /// Absent if nobody knows.
  Figure at(Instant time) const;

 private:
  const LevelSteps* steps_ = nullptr;
  Figure fallback_;
};

}  // namespace pianissimo::report
