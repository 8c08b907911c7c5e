#include "experiments/policies/parf.hpp"

#include <algorithm>

#include "experiments/policies/transmissions.hpp"

namespace pianissimo::policies {
namespace {

class Parf final : public Policy {
 public:
  explicit Parf(const ParfParams& params) : params_{params} {}

  Advice start(Instant at, const Box& box, Reason reason) override;
  Advice on_applied(Instant) override {
    in_force_ = true;
    return {.level = level_};
  }
  Advice on_wake(Instant) override { return {.level = level_}; }
  Advice on_reading(Instant at, std::span<const StationView> stations) override;
  Advice on_station_left(Instant at, const MacAddress& station) override;

 private:
  // What all the stations' transmissions since the last reading amount to.
  struct Verdict {
    bool is_fastest = true;  // every station was sent to at its fastest rate
    bool is_success = true;
    std::optional<MacAddress> failed;
  };

  std::optional<Verdict> judge(std::span<const StationView> stations);
  Advice on_success(const Verdict& verdict);
  Advice on_failure(const Verdict& verdict);
  Advice step(Db gain, Because because);

  ParfParams params_;
  Box box_{Dbm{}, Dbm{}};
  Dbm level_;
  bool in_force_ = false;
  bool recovering_ = false;  // nothing was sent yet at the level just tried
  int attempts_ = 0;
  int successes_ = 0;
  int failures_ = 0;  // in a row
  TransmissionMeter meter_;
  std::map<MacAddress, Throughput> fastest_;  // seen so far
};

Advice Parf::start(Instant, const Box& box, Reason reason) {
  box_ = box;
  level_ = box.ceiling();
  in_force_ = recovering_ = false;
  attempts_ = successes_ = failures_ = 0;
  meter_.clear();
  fastest_.clear();
  return {.level = level_, .dwell = true, .because = Because{reason, {}}};
}

Advice Parf::on_station_left(Instant, const MacAddress& station) {
  meter_.forget(station);
  fastest_.erase(station);
  return {.level = level_};
}

std::optional<Parf::Verdict> Parf::judge(std::span<const StationView> stations) {
  const auto sent = meter_.on_reading(stations);
  Verdict verdict;
  bool any = false;
  for (const StationView& view : stations) {
    const auto found = sent.find(view.station);
    if (found == sent.end() || found->second.attempts == 0) continue;
    any = true;
    bool is_fastest = true;
    if (view.last != nullptr && view.last->tx_rate) {
      Throughput& fastest = fastest_[view.station];
      fastest = std::max(fastest, view.last->tx_rate->rate);
      is_fastest = view.last->tx_rate->rate == fastest;
    }
    // PARF answers failures with power first and with a slower rate at full power only. Ours cannot
    // hold the kernel's rate: below full power a slower rate is a failure that was answered for us.
    const bool fails =
        found->second.success() < params_.success || (!is_fastest && level_ < box_.ceiling());
    if (!is_fastest) verdict.is_fastest = false;
    if (fails) {
      verdict.is_success = false;
      verdict.failed = view.station;
    }
  }
  return any ? std::optional{verdict} : std::nullopt;
}

Advice Parf::on_reading(Instant, std::span<const StationView> stations) {
  const auto verdict = judge(stations);
  if (!verdict || !in_force_) return {.level = level_};
  ++attempts_;
  return verdict->is_success ? on_success(*verdict) : on_failure(*verdict);
}

Advice Parf::on_success(const Verdict& verdict) {
  ++successes_;
  failures_ = 0;
  recovering_ = false;
  if (successes_ != params_.successes && attempts_ != params_.attempts) return {.level = level_};
  attempts_ = successes_ = 0;
  // A faster rate comes before a lower power, and is the kernel's to try.
  if (!verdict.is_fastest || level_ == box_.floor()) return {.level = level_};
  recovering_ = true;
  return step(-db(1), {Reason::step_down, {}});
}

Advice Parf::on_failure(const Verdict& verdict) {
  ++failures_;
  successes_ = 0;
  const bool was_recovering = recovering_;
  if (was_recovering || failures_ >= 2) attempts_ = 0;
  // The first failure after a step down takes it back; else every second one in a row is answered.
  const bool answers = was_recovering ? failures_ == 1 : failures_ % 2 == 0;
  if (!answers || level_ == box_.ceiling()) return {.level = level_};
  recovering_ = false;
  return step(db(1), {Reason::throughput_fell, {.station = verdict.failed}});
}

Advice Parf::step(Db gain, Because because) {
  level_ = box_.clamp(level_ + gain);
  in_force_ = false;
  return {.level = level_, .dwell = true, .because = because};
}

}  // namespace

std::unique_ptr<Policy> make_parf(const ParfParams& params) {
  return std::make_unique<Parf>(params);
}

}  // namespace pianissimo::policies
