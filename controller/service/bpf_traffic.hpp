// The programs of bpf/ behind the service's port.
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "bpf/station_counters.hpp"
#include "controller/service/ports.hpp"

namespace pianissimo::service {

class BpfTraffic final : public TrafficSource {
 public:
  Result<Attached> attach(const ApInterface& interface, TrafficAttach where) override;
  bool is_attached(const ApInterface& interface) const override;
  void detach(const ApInterface& interface) override;
  TrafficReport read(const StationReading& reading, Instant now) override;

 private:
  /// A device that stations of an access point sit on: its own, or an AP_VLAN.
  struct Device {
    std::optional<bpf::StationCounters> counters;  ///< absent where they could not be had
    std::vector<MacAddress> stations;              ///< that are counted there
    bpf::Counts counts;                            ///< at the last reading
  };
  using Devices = std::map<InterfaceIndex, Device>;

  static bool is_in_place(const Device& device) {
    return !device.counters || device.counters->is_attached();
  }

  std::map<InterfaceIndex, Devices> devices_;  ///< by access point
};

}  // namespace pianissimo::service
