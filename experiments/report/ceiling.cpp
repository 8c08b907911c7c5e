#include "experiments/report/ceiling.hpp"

#include <algorithm>

namespace pianissimo::report {
namespace {

const LevelSteps* ceilings_of(const Journal& journal, const MacAddress& station) {
  const auto known = journal.stations.find(station);
  if (known != journal.stations.end()) {
    const auto found = journal.ceilings.find(known->second.interface);
    if (found != journal.ceilings.end()) return &found->second;
  }
  return journal.ceilings.size() == 1 ? &journal.ceilings.begin()->second : nullptr;
}

}  // namespace

Ceiling::Ceiling(const Run& run, const Run* baseline, const MacAddress& station) {
  if (run.journal) steps_ = ceilings_of(*run.journal, station);
  if (steps_ != nullptr || baseline == nullptr) return;
  const auto found = baseline->truth.stations.find(station);
  if (found == baseline->truth.stations.end()) return;
  fallback_ = std::ranges::max_element(found->second, {}, &TruthRow::power_dbm)->power_dbm;
}

Figure Ceiling::at(Instant time) const {
  if (steps_ == nullptr) return fallback_;
  // The daemon may be told its limits a moment after the measured part has begun.
  return level_at(*steps_, time).value_or(steps_->front().level).value();
}

}  // namespace pianissimo::report
