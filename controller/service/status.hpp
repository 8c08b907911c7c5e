// What the daemon is doing now, for operators and their tools: told everything the core is told, it
// answers with one JSON object. `pianissimo status` shows it.
#pragma once

#include <map>
#include <string>

#include "config/config.hpp"
#include "controller/core/events.hpp"
#include "controller/core/load.hpp"

namespace pianissimo::service {

class Status {
 public:
  explicit Status(const Config& config) : config_{config} {}

  void on(const Event& event);
  /// One JSON object; loads are those since the last call.
  std::string text(Instant now, std::int64_t wall_ms);

  static std::string path(const std::string& state_directory) {
    return state_directory + "/status.json";
  }

 private:
  struct Station {
    StationModel model;
    StationTotals before;  ///< at the last text()
  };
  struct Interface {
    InterfaceUp up;
    TrafficSourceSet traffic;
    std::map<MacAddress, Station> stations;
  };

  void take(const InterfaceUp& event) { interfaces_[event.interface].up = event; }
  void take(const InterfaceGone& event) { interfaces_.erase(event.interface); }
  void take(const StationJoined&) {}  // the next report shows it
  void take(const StationLeft& event);
  void take(const StationReport& event);
  void take(const TrafficSourceSet& event);
  void take(const TrafficReport& event);
  void take(const PowerResult& event);
  void take(const Wake&) {}

  Config config_;
  std::map<InterfaceIndex, Interface> interfaces_;
  std::optional<Instant> written_;
};

}  // namespace pianissimo::service
