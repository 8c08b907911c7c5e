#include "experiments/policies/rrm.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace pianissimo::policies {
namespace {

constexpr std::array snr_of_mcs{5.0, 7.5, 10.0, 12.5, 15.0, 17.5, 20.0, 22.5, 25.0, 27.5};
constexpr double noise_figure_db = 6;
constexpr double margin_db = 2;
constexpr double boltzmann = 1.38e-23;  // J/K
constexpr double temperature_k = 290;

class Rrm final : public Policy {
 public:
  explicit Rrm(const RrmParams& params) : params_{params} {}

  Advice start(Instant at, const Box& box, Reason reason) override;
  Advice on_applied(Instant) override { return {.level = level_}; }
  Advice on_wake(Instant at) override {
    if (at >= due_) return {.level = level_, .read_now = true};
    return {.level = level_, .wake = due_};
  }
  Advice on_reading(Instant at, std::span<const StationView> stations) override;
  Advice on_station_left(Instant, const MacAddress&) override { return {.level = level_}; }

 private:
  struct Need {
    Dbm level;
    std::optional<MacAddress> station;  // the weakest, which decides
  };

  Need needed(std::span<const StationView> stations) const;

  RrmParams params_;
  Box box_{Dbm{}, Dbm{}};
  Dbm level_;
  Instant due_{};
  bool started_ = false;
};

Advice Rrm::start(Instant at, const Box& box, Reason reason) {
  // It is a timetable that decides, not who comes.
  level_ = started_ ? box.clamp(level_) : box.ceiling();
  if (!started_) due_ = at + params_.first;
  started_ = true;
  box_ = box;
  return {.level = level_, .wake = due_, .because = Because{reason, {}}};
}

Advice Rrm::on_reading(Instant at, std::span<const StationView> stations) {
  if (at < due_) return {.level = level_};
  due_ = at + params_.period;
  const Dbm before = level_;
  const Need need = needed(stations);
  level_ = need.level;
  std::optional<Because> because;
  if (level_ < before) because = Because{Reason::step_down, {.station = need.station}};
  if (level_ > before) because = Because{Reason::throughput_fell, {.station = need.station}};
  return {.level = level_, .wake = due_, .because = because};
}

Rrm::Need Rrm::needed(std::span<const StationView> stations) const {
  std::optional<Dbm> weakest;
  std::optional<MacAddress> who;
  Mhz width{20};
  for (const StationView& view : stations) {
    if (view.last == nullptr) continue;
    const auto signal = view.last->signal_avg ? view.last->signal_avg : view.last->signal;
    if (signal && (!weakest || *signal < *weakest)) {
      weakest = signal;
      who = view.station;
    }
    if (view.last->tx_rate) width = std::max(width, view.last->tx_rate->width);
  }
  if (!weakest) return {box_.floor(), {}};
  for (int mcs = params_.target_mcs; mcs >= 0; --mcs) {
    const double power = std::ceil(rrm_power_dbm(mcs, level_, *weakest, width));
    if (power <= box_.ceiling().value()) {
      return {box_.clamp(dbm(static_cast<std::int32_t>(std::max(power, -100.0)))), who};
    }
  }
  // Out of reach at any rate: the original gives it up.
  return {box_.floor(), who};
}

}  // namespace

double rrm_power_dbm(int mcs, Dbm power, Dbm signal, Mhz width) {
  const double noise_dbm = 10 * std::log10(boltzmann * temperature_k * 1e6 * width.value() * 1000);
  return snr_of_mcs.at(static_cast<std::size_t>(mcs)) + power.value() - signal.value() + noise_dbm +
         noise_figure_db - margin_db;
}

std::unique_ptr<Policy> make_rrm(const RrmParams& params) { return std::make_unique<Rrm>(params); }

}  // namespace pianissimo::policies
