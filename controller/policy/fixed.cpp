#include "controller/policy/fixed.hpp"

#include <utility>

namespace pianissimo {
namespace {

class Fixed final : public Policy {
 public:
  explicit Fixed(const FixedParams& params) : params_{params} {}

  Advice start(Instant, const Box& box, Reason) override {
    const auto* const level = std::get_if<Dbm>(&params_.level);
    const auto* const edge = std::get_if<FixedParams::Edge>(&params_.level);
    wanted_ =
        level ? box.clamp(*level) : (*edge == FixedParams::Edge::max ? box.ceiling() : box.floor());
    level_ = wanted_;
    return {.level = level_, .because = Because{Reason::fixed, {}}};
  }
  Advice on_floor(Instant, const Box& box) override {
    const Dbm before = std::exchange(level_, box.clamp(wanted_));
    if (level_ == before) return {.level = level_};
    return {.level = level_, .because = Because{Reason::fixed, {}}};
  }
  std::optional<Proposal> proposal(Instant) const override { return Proposal{wanted_, {}}; }
  Advice on_applied(Instant) override { return {.level = level_}; }
  Advice on_wake(Instant) override { return {.level = level_}; }
  Advice on_reading(Instant, std::span<const StationView>) override { return {.level = level_}; }
  Advice on_station_left(Instant, const MacAddress&) override { return {.level = level_}; }

 private:
  FixedParams params_;
  Dbm wanted_;
  Dbm level_;
};

}  // namespace

std::unique_ptr<Policy> make_fixed(const FixedParams& params) {
  return std::make_unique<Fixed>(params);
}

}  // namespace pianissimo
