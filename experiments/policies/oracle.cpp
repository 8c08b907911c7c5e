#include "experiments/policies/oracle.hpp"

#include <algorithm>

namespace pianissimo::policies {
namespace {

class Oracle final : public Policy {
 public:
  explicit Oracle(std::shared_ptr<const OraclePlan> plan) : plan_{std::move(plan)} {}

  Advice start(Instant, const Box& box, Reason reason) override {
    box_ = box;
    level_ = box.ceiling();
    return {.level = level_, .because = Because{reason, {}}};
  }
  Advice on_applied(Instant) override { return {.level = level_}; }
  Advice on_wake(Instant) override { return {.level = level_}; }
  Advice on_reading(Instant at, std::span<const StationView> stations) override {
    level_ = box_.floor();
    for (const StationView& view : stations) {
      const auto needs = plan_->needs.find(view.station);
      if (needs == plan_->needs.end()) continue;
      // The plan is of the intervals' ends: this one's, and the one's before, where it began.
      const auto now = static_cast<std::size_t>(at.time_since_epoch() / plan_->interval);
      for (const std::size_t i : {now == 0 ? 0 : now - 1, now}) {
        level_ = std::max(level_, need(needs->second, i));
      }
    }
    return {.level = level_};
  }
  Advice on_station_left(Instant, const MacAddress&) override { return {.level = level_}; }

 private:
  Dbm need(const std::vector<std::optional<Dbm>>& needs, std::size_t i) const {
    if (needs.empty()) return box_.floor();
    return box_.clamp(needs[std::min(i, needs.size() - 1)].value_or(box_.floor()));
  }

  std::shared_ptr<const OraclePlan> plan_;
  Box box_{Dbm{}, Dbm{}};
  Dbm level_;
};

}  // namespace

std::unique_ptr<Policy> make_oracle(std::shared_ptr<const OraclePlan> plan) {
  return std::make_unique<Oracle>(std::move(plan));
}

}  // namespace pianissimo::policies
