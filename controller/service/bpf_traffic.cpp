#include "controller/service/bpf_traffic.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "bpf/hooks.hpp"

namespace pianissimo::service {
namespace {

// Those that stations of an access point sit on.
std::vector<InterfaceIndex> devices_of(const ApInterface& interface) {
  std::vector<InterfaceIndex> devices{interface.index};
  devices.insert(devices.end(), interface.vlans.begin(), interface.vlans.end());
  return devices;
}

bpf::Attach hook_for(TrafficAttach where) {
  switch (where) {
    case TrafficAttach::automatic:
      return bpf::Attach::automatic;
    case TrafficAttach::native:
      return bpf::Attach::native;
    case TrafficAttach::tcx:
      return bpf::Attach::tcx;
    case TrafficAttach::clsact:
      return bpf::Attach::clsact;
    case TrafficAttach::generic:
      return bpf::Attach::generic;
  }
  return bpf::Attach::automatic;
}

TrafficSample sample_of(const MacAddress& station, const bpf::Count& to, const bpf::Count& from) {
  return {station, to.packets, to.bytes, from.packets, from.bytes};
}

// A 4-address station has its device for itself, and its frames carry the addresses of those behind
// it: all that passes there is its own. A group frame is sent to it once like any other.
TrafficSample sole_station(const MacAddress& station, const bpf::Counts& counts) {
  bpf::Count to = counts.others.unknown_out;
  bpf::Count from = counts.others.unknown_in;
  const auto add = [](bpf::Count& sum, const bpf::Count& count) {
    sum.packets += count.packets;
    sum.bytes += count.bytes;
  };
  add(to, counts.others.group_out);
  for (const bpf::StationCount& count : counts.stations) {
    add(to, count.to_station);
    add(from, count.from_station);
  }
  return sample_of(station, to, from);
}

}  // namespace

Result<TrafficSource::Attached> BpfTraffic::attach(const ApInterface& interface,
                                                   TrafficAttach where) {
  const std::vector<InterfaceIndex> wanted = devices_of(interface);
  Devices& devices = devices_[interface.index];
  std::erase_if(devices, [&](const auto& device) {
    return std::ranges::find(wanted, device.first) == wanted.end() || !is_in_place(device.second);
  });
  Attached attached;
  for (const InterfaceIndex index : wanted) {
    if (devices.contains(index)) continue;
    auto counters = bpf::StationCounters::attach(index, hook_for(where));
    if (counters) {
      for (const std::string& warning : counters->warnings()) attached.warnings.push_back(warning);
      devices.emplace(index, Device{std::move(*counters), {}, {}});
    } else if (index == interface.index) {
      const PortError error{counters.error().message, false};
      detach(interface);
      return error;
    } else {
      attached.warnings.push_back(counters.error().message);
      devices.try_emplace(index);
    }
  }
  attached.how = devices.at(interface.index).counters->hooks();
  const auto vlans = std::ranges::count_if(devices, [&](const auto& device) {
    return device.first != interface.index && device.second.counters;
  });
  if (vlans > 0)
    attached.how += fmt::format(", and {} VLAN device{}", vlans, vlans == 1 ? "" : "s");
  return attached;
}

bool BpfTraffic::is_attached(const ApInterface& interface) const {
  const auto known = devices_.find(interface.index);
  if (known == devices_.end()) return false;
  const std::vector<InterfaceIndex> wanted = devices_of(interface);
  return known->second.size() == wanted.size() &&
         std::ranges::all_of(wanted, [&](InterfaceIndex index) {
           const auto device = known->second.find(index);
           return device != known->second.end() && is_in_place(device->second);
         });
}

void BpfTraffic::detach(const ApInterface& interface) {
  devices_.erase(interface.index);
  // What may not be removed counts into the void; the next run says so if it is in its way.
  for (const InterfaceIndex index : devices_of(interface)) {
    static_cast<void>(bpf::remove_leftovers(index));
  }
}

TrafficReport BpfTraffic::read(const StationReading& reading, Instant now) {
  TrafficReport report{.at = now, .interface = reading.report.interface};
  const auto known = devices_.find(reading.report.interface);
  if (known == devices_.end()) return report;
  std::map<InterfaceIndex, std::vector<MacAddress>> seats;
  for (const StationSample& sample : reading.report.stations) {
    const auto vlan = reading.on_vlan.find(sample.station);
    const InterfaceIndex seat =
        vlan == reading.on_vlan.end() ? reading.report.interface : vlan->second;
    seats[seat].push_back(sample.station);
  }
  for (auto& [index, device] : known->second) {
    if (!device.counters) continue;
    std::vector<MacAddress>& stations = seats[index];
    if (stations != device.stations) {
      // Who does not fit is missing in the report.
      static_cast<void>(device.counters->set_stations(stations));
      device.stations = stations;
    }
    device.counters->read(device.counts);
    if (index != report.interface && stations.size() == 1) {
      report.stations.push_back(sole_station(stations.front(), device.counts));
      continue;
    }
    for (const bpf::StationCount& count : device.counts.stations) {
      report.stations.push_back(sample_of(count.station, count.to_station, count.from_station));
    }
  }
  return report;
}

}  // namespace pianissimo::service
