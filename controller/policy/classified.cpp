#include "controller/policy/classified.hpp"

#include <map>
#include <utility>
#include <vector>

namespace pianissimo {
namespace {

class Classified final : public Policy {
 public:
  Classified(std::unique_ptr<Policy> law, TrafficTree tree)
      : law_{std::move(law)}, tree_{std::move(tree)} {}

  Advice start(Instant at, const Box& box, Reason reason) override {
    return law_->start(at, box, reason);
  }
  Advice on_applied(Instant at) override { return law_->on_applied(at); }
  Advice on_wake(Instant at) override { return law_->on_wake(at); }
  Advice on_reading(Instant at, std::span<const StationView> stations) override {
    std::vector<StationView> views{stations.begin(), stations.end()};
    std::vector<StationSample> samples(views.size());
    for (std::size_t i = 0; i < views.size(); ++i) {
      StationView& view = views[i];
      Seen& seen = stations_[view.station];
      if (const auto features = seen.window.on_reading(at, view)) {
        seen.is_idle = tree_.classify(*features) == LoadClass::idle;
        seen.holds_until = at + 2 * TrafficWindow::length;
      }
      if (seen.is_idle && at <= seen.holds_until) {
        hold(view, seen, samples[i]);
      } else {
        seen.totals = view.totals;
        seen.last = view.last != nullptr ? std::optional{*view.last} : std::nullopt;
      }
    }
    return law_->on_reading(at, views);
  }
  Advice on_station_left(Instant at, const MacAddress& station) override {
    stations_.erase(station);
    return law_->on_station_left(at, station);
  }
  Advice on_floor(Instant at, const Box& box) override { return law_->on_floor(at, box); }
  std::optional<Proposal> proposal(Instant at) const override { return law_->proposal(at); }

 private:
  struct Seen {
    TrafficWindow window;
    StationTotals totals;  ///< as the law was shown them last
    std::optional<StationSample> last;
    bool is_idle = false;
    Instant holds_until{};
  };

  // All that counts what is sent stands still; signals go on.
  static void hold(StationView& view, const Seen& seen, StationSample& sample) {
    view.totals = seen.totals;
    if (view.last == nullptr || !seen.last) return;
    sample = *view.last;
    sample.tx_bytes = seen.last->tx_bytes;
    sample.tx_packets = seen.last->tx_packets;
    sample.tx_retries = seen.last->tx_retries;
    sample.tx_failed = seen.last->tx_failed;
    sample.tx_duration = seen.last->tx_duration;
    view.last = &sample;
  }

  std::unique_ptr<Policy> law_;
  TrafficTree tree_;
  std::map<MacAddress, Seen> stations_;
};

}  // namespace

PolicyFactory classified(PolicyFactory law, const TrafficTree& tree) {
  return [law = std::move(law), tree] { return std::make_unique<Classified>(law(), tree); };
}

}  // namespace pianissimo
