// Counts what happens in the daemon, for metrics. A pure value, which lives as long as the process:
// a reload sets no counter back.
#pragma once

#include <optional>
#include <set>
#include <string>

#include "controller/core/controller.hpp"
#include "controller/core/load.hpp"
#include "controller/service/metrics.hpp"
#include "controller/service/ports.hpp"

namespace pianissimo::service {

class MetricsTally {
 public:
  /// From here on the interface is told, with zeros.
  void drives(const std::string& interface) { of(interface); }
  void decided(const std::string& interface, const Decision& decision, std::int64_t wall_ms);
  /// `before`: the power in force until then; nullopt: not known.
  void answered(const std::string& interface, const PowerResult& result, std::optional<Dbm> before);
  void read(const std::string& interface) { ++of(interface).readings; }
  void not_read(const std::string& interface) { ++of(interface).readings_failed; }
  void fell_back(const std::string& interface, Fallback why);
  void others_set(const std::string& interface, bool is_lower);
  void failed(Operation operation, Trouble trouble);
  void failed(Operation operation, const PortError& error) {
    failed(operation, error.gone ? Trouble::gone : Trouble::failed);
  }
  /// A power that was asked for and that the kernel did not set.
  void failed(PowerAnswer answer);
  void ticked(Duration took) { ticks_.add(took); }
  bool is_knob_dead(const std::string& interface) const;
  /// The daemon begins anew, with another journal and law; the journal so far had these totals.
  void begins_anew(std::uint64_t journal_bytes, std::uint64_t journal_lost);

  /// Fills in what is counted here; of the journal, what there was before the one in use.
  void fill(MetricsSnapshot& snapshot) const;

 private:
  InterfaceCounts& of(const std::string& interface);

  std::map<std::string, InterfaceCounts> interfaces_;
  decltype(MetricsSnapshot::netlink_errors) errors_{};
  Histogram ticks_;
  std::uint64_t journal_bytes_ = 0;
  std::uint64_t journal_lost_ = 0;
};

/// Which stations were active between the last two looks.
class ActiveStations {
 public:
  void look(const Controller& controller, Instant now, const LoadParams& params);
  /// How many of the interface.
  std::size_t of(InterfaceIndex interface) const;

 private:
  using Seat = std::pair<InterfaceIndex, MacAddress>;
  std::map<Seat, StationTotals> before_;
  std::optional<Instant> looked_;
  std::map<InterfaceIndex, std::size_t> active_;
};

}  // namespace pianissimo::service
