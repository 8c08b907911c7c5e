// The programs of bpf/ behind the service's port.
#pragma once

#include <map>

#include "bpf/station_counters.hpp"
#include "controller/service/ports.hpp"

namespace pianissimo::service {

class BpfTraffic final : public TrafficSource {
 public:
  Result<Attached> attach(const ApInterface& interface, TrafficAttach where) override;
  bool is_attached(const ApInterface& interface) const override;
  void detach(InterfaceIndex interface) override;
  TrafficReport read(const StationReading& reading, Instant now) override;

 private:
  /// A device that stations of an access point sit on: its own, or an AP_VLAN.
  struct Device {
    bpf::StationCounters counters;
    std::vector<MacAddress> stations;  ///< that are counted there
    bpf::Counts counts;                ///< at the last reading
  };
  using Devices = std::map<InterfaceIndex, Device>;

  std::map<InterfaceIndex, Devices> devices_;  ///< by access point
};

}  // namespace pianissimo::service
