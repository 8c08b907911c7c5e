#include "controller/service/put_back.hpp"

#include <fmt/format.h>

#include <cstring>

namespace pianissimo::service {
namespace {

// Stations have their own limits only because we gave them one.
Awaitable<PowerResult> lift_station_limits(Knob knob, Ports ports) {
  PowerResult last{.at = ports.time.now(), .knob = knob};
  const auto reading = co_await ports.stations.read(knob.interface);
  if (!reading) {
    last.answer = reading.error().gone ? PowerAnswer::gone : PowerAnswer::unsupported;
    co_return last;
  }
  for (const StationSample& sample : reading->report.stations) {
    knob.station = sample.station;
    const PowerResult result = co_await ports.knob.set_automatic(knob);
    const bool left_meanwhile = result.answer == PowerAnswer::gone;
    if (result.answer != PowerAnswer::accepted && !left_meanwhile) last = result;
  }
  co_return last;
}

Awaitable<PutBack> put_back_one(const std::string& name, const FoundPower& found, Ports ports) {
  PutBack outcome{.interface = name, .power = found.power};
  Knob knob{.kind = found.path, .wiphy = found.wiphy};
  const auto index = co_await ports.interfaces.index_of(name);
  if (!index && !index.error().gone) {
    outcome.message = fmt::format("{}: {}", name, index.error().message);
    co_return outcome;
  }
  // A radio keeps its power though the interface is gone; an interface does not.
  if (!index && found.path != KnobKind::wiphy) {
    outcome.done = true;
    outcome.message = fmt::format("{}: is gone, and its power with it", name);
    co_return outcome;
  }
  PowerResult result;
  if (found.path == KnobKind::station) {
    knob.interface = *index;
    result = co_await lift_station_limits(knob, ports);
  } else {
    if (found.path == KnobKind::interface) knob.interface = *index;
    result = co_await ports.knob.set(knob, found.power);
  }
  outcome.done = result.answer == PowerAnswer::accepted || result.answer == PowerAnswer::gone;
  outcome.message = outcome.done ? fmt::format("{}: {:g} dBm again", name, found.power.value())
                                 : fmt::format("{}: {:g} dBm could not be put back: {}", name,
                                               found.power.value(), std::strerror(result.error));
  co_return outcome;
}

}  // namespace

Awaitable<std::vector<PutBack>> put_back(const FoundPowers& found, Ports ports) {
  std::vector<PutBack> outcomes;
  for (const auto& [name, power] : found) {
    outcomes.push_back(co_await put_back_one(name, power, ports));
  }
  co_return outcomes;
}

}  // namespace pianissimo::service
