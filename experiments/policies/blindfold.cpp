#include "experiments/policies/blindfold.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace pianissimo::policies {
namespace {

constexpr std::array<std::string_view, 6> names{"signal",  "failed",   "retries",
                                                "airtime", "estimate", "rate"};

void hide(Observation what, StationView& view, StationSample& last) {
  switch (what) {
    case Observation::signal:
      last.signal = last.signal_avg = last.ack_signal = last.ack_signal_avg = std::nullopt;
      break;
    case Observation::failed:
      view.totals.tx_failed.reset();
      last.tx_failed.reset();
      break;
    case Observation::retries:
      view.totals.tx_retries.reset();
      last.tx_retries.reset();
      break;
    case Observation::airtime:
      last.tx_duration.reset();
      break;
    case Observation::estimate:
      view.expected_throughput.reset();
      last.expected_throughput.reset();
      break;
    case Observation::rate:
      last.tx_rate.reset();
      last.rx_rate.reset();
      break;
  }
}

class Blindfolded final : public Policy {
 public:
  Blindfolded(std::unique_ptr<Policy> law, std::vector<Observation> hidden)
      : law_{std::move(law)}, hidden_{std::move(hidden)} {}

  Advice start(Instant at, const Box& box, Reason reason) override {
    return law_->start(at, box, reason);
  }
  Advice on_applied(Instant at) override { return law_->on_applied(at); }
  Advice on_wake(Instant at) override { return law_->on_wake(at); }
  Advice on_reading(Instant at, std::span<const StationView> stations) override {
    std::vector<StationView> views{stations.begin(), stations.end()};
    std::vector<StationSample> samples(views.size());
    for (std::size_t i = 0; i < views.size(); ++i) {
      if (views[i].last != nullptr) {
        samples[i] = *views[i].last;
        views[i].last = &samples[i];
      }
      for (const Observation what : hidden_) hide(what, views[i], samples[i]);
    }
    return law_->on_reading(at, views);
  }
  Advice on_station_left(Instant at, const MacAddress& station) override {
    return law_->on_station_left(at, station);
  }

 private:
  std::unique_ptr<Policy> law_;
  std::vector<Observation> hidden_;
};

}  // namespace

std::span<const std::string_view> observation_names() { return names; }

std::optional<Observation> find_observation(std::string_view name) {
  const auto* const found = std::ranges::find(names, name);
  if (found == names.end()) return std::nullopt;
  return static_cast<Observation>(found - names.begin());
}

PolicyFactory blindfolded(PolicyFactory make, std::vector<Observation> hidden) {
  if (hidden.empty()) return make;
  return [make = std::move(make), hidden = std::move(hidden)] {
    return std::make_unique<Blindfolded>(make(), hidden);
  };
}

}  // namespace pianissimo::policies
