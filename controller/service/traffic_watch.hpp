// Which byte counters serve for which interface: our own programs where they can be attached and
// agree with the driver, else the driver's.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "controller/core/traffic_check.hpp"
#include "controller/service/ports.hpp"

namespace pianissimo::service {

class TrafficWatch {
 public:
  /// `say` tells the operator something, once however often it is said.
  using Say = std::function<void(std::string)>;

  TrafficWatch(TrafficSource* source, const TrafficConfig& config, Say say)
      : source_{source}, config_{config}, say_{std::move(say)} {}
  TrafficWatch(const TrafficWatch&) = delete;
  TrafficWatch& operator=(const TrafficWatch&) = delete;
  ~TrafficWatch();

  /// Attaches what is missing; to be called again from time to time, as others may remove it. What
  /// serves from now on, if that is news.
  std::optional<TrafficSourceSet> look_after(const ApInterface& interface, Instant now);
  /// What goes with a reading of the stations: their counts, and what serves from now on if these
  /// cannot be trusted, or are not those of all stations, or are again.
  std::vector<Event> read(const StationReading& reading, Instant now);
  void forget(InterfaceIndex interface);
  /// What serves an interface, for whom has forgotten it; nullopt: it is not looked after.
  std::optional<TrafficSourceSet> serving(InterfaceIndex interface) const;

 private:
  struct Interface {
    ApInterface interface;
    TrafficSourceSet serving;
    TrafficCheck check;
    std::size_t uncounted = 0;  ///< stations at the last reading
  };

  TrafficSourceSet serve(const Interface& known, Instant now);
  std::optional<TrafficSourceSet> shortfall(Interface& known, const StationReading& reading,
                                            const TrafficReport& counts);
  std::string disagreement(const std::string& name, const TrafficMismatch& mismatch) const;

  TrafficSource* source_;
  TrafficConfig config_;
  Say say_;
  std::map<InterfaceIndex, Interface> interfaces_;
};

}  // namespace pianissimo::service
