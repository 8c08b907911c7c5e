#include "controller/service/put_back.hpp"

#include <fmt/format.h>

#include <cstring>
#include <optional>

namespace pianissimo::service {
namespace {

// Why stations still have their own limits, which they have only because we gave them one.
Awaitable<std::optional<std::string>> lift_station_limits(Knob knob, Ports ports) {
  // A reading has the stations on the VLAN devices that the last list knew; after a crash nobody
  // has listed yet.
  static_cast<void>(co_await ports.interfaces.list());
  const auto reading = co_await ports.stations.read(knob.interface);
  if (!reading && reading.error().gone) co_return std::nullopt;
  if (!reading) co_return reading.error().message;
  std::optional<std::string> trouble;
  for (const StationSample& sample : reading->report.stations) {
    knob.station = sample.station;
    const PowerResult result = co_await ports.knob.set_automatic(knob);
    const bool left_meanwhile = result.answer == PowerAnswer::gone;
    if (result.answer != PowerAnswer::accepted && !left_meanwhile) {
      trouble = to_string(sample.station) + ": " + std::strerror(result.error);
    }
  }
  co_return trouble;
}

Awaitable<PutBack> put_back_one(const std::string& name, const FoundPower& found, Ports ports) {
  PutBack outcome{.interface = name, .power = found.power};
  Knob knob{.kind = found.path, .wiphy = found.wiphy};
  const auto index = co_await ports.interfaces.index_of(name, found.interface);
  if (!index && !index.error().gone) {
    outcome.message = fmt::format("{}: {}", name, index.error().message);
    co_return outcome;
  }
  // A radio keeps its power though the interface is gone; an interface does not.
  bool is_gone = !index && found.path != KnobKind::wiphy;
  std::optional<std::string> trouble;
  if (index && found.path != KnobKind::wiphy) knob.interface = *index;
  if (!is_gone && found.path == KnobKind::station) {
    trouble = co_await lift_station_limits(knob, ports);
  } else if (!is_gone) {
    const PowerResult result = co_await ports.knob.set(knob, found.power);
    is_gone = result.answer == PowerAnswer::gone;
    if (!is_gone && result.answer != PowerAnswer::accepted) trouble = std::strerror(result.error);
  }
  outcome.done = !trouble;
  if (trouble) {
    outcome.message =
        fmt::format("{}: {:g} dBm could not be put back: {}", name, found.power.value(), *trouble);
  } else if (is_gone) {
    outcome.message = fmt::format("{}: is gone, and its power with it", name);
  } else {
    outcome.message = fmt::format("{}: {:g} dBm again", name, found.power.value());
  }
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
