#include "controller/service/kernel_ports.hpp"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cerrno>
#include <cstdio>

#include "config/say.hpp"
#include "nl80211/driver.hpp"

namespace pianissimo::service {
namespace {

namespace asio = boost::asio;
using namespace boost::asio::experimental::awaitable_operators;

PortError port_error(const nl80211::Error& error) {
  // An interface that is down has no stations either.
  const bool gone = nl80211::answer_to(error) == PowerAnswer::gone || error.as_errno() == ENETDOWN;
  return {error.message(), gone};
}

// What the loop makes of the kernel's events: stations are told on, all else means to look anew.
Change change_of(const nl80211::KernelEvent& event, Instant now) {
  if (const auto* const joined = std::get_if<nl80211::StationNew>(&event)) {
    return StationJoined{now, joined->interface, joined->station};
  }
  if (const auto* const left = std::get_if<nl80211::StationDeleted>(&event)) {
    return StationLeft{now, left->interface, left->station};
  }
  return InterfacesChanged{};
}

// nullopt: it sends to nobody whose word we could use.
std::optional<InterfaceMode> mode_of(const nl80211::Interface& interface) {
  if (interface.is_access_point()) return InterfaceMode::access_point;
  if (interface.is_station()) return InterfaceMode::station;
  if (interface.is_mesh_point()) return InterfaceMode::mesh;
  return std::nullopt;
}

// mac80211 gives an AP_VLAN device the address of its access point.
std::vector<InterfaceIndex> vlans_of(const nl80211::Interface& access_point,
                                     const std::vector<nl80211::Interface>& all) {
  std::vector<InterfaceIndex> vlans;
  for (const nl80211::Interface& other : all) {
    if (other.is_vlan() && other.wiphy == access_point.wiphy && other.mac == access_point.mac) {
      vlans.push_back(other.index);
    }
  }
  return vlans;
}

}  // namespace

KernelPorts::KernelPorts(asio::io_context& io, const Time& time, nl80211::Nl80211& kernel)
    : time_{time}, kernel_{kernel}, closed_{io, asio::steady_timer::time_point::max()} {}

Awaitable<Result<std::vector<ApInterface>>> KernelPorts::list() {
  const auto interfaces = co_await kernel_.interfaces();
  if (!interfaces) co_return port_error(interfaces.error());
  std::map<InterfaceIndex, nl80211::BeaconElements> beacons;
  for (const nl80211::Interface& interface : *interfaces) {
    if (!interface.is_station() || !interface.is_running()) continue;
    // What cannot be read is not visible; it is no reason not to drive.
    const auto own = co_await kernel_.own_network(interface.index);
    if (own && *own) beacons.emplace(interface.index, **own);
  }
  const auto is_unknown = [&](const nl80211::Interface& interface) {
    return std::ranges::find(wiphys_, interface.wiphy, &nl80211::Wiphy::index) == wiphys_.end();
  };
  if (wiphys_are_old_ || std::ranges::any_of(*interfaces, is_unknown)) {
    wiphys_are_old_ = false;
    auto wiphys = co_await kernel_.wiphys();
    if (!wiphys) {
      wiphys_are_old_ = true;
      co_return port_error(wiphys.error());
    }
    wiphys_ = std::move(*wiphys);
  }
  std::vector<ApInterface> found;
  vlans_.clear();
  for (const nl80211::Interface& interface : *interfaces) {
    const auto wiphy = std::ranges::find(wiphys_, interface.wiphy, &nl80211::Wiphy::index);
    const auto mode = mode_of(interface);
    if (!mode || !interface.is_running() || wiphy == wiphys_.end()) continue;
    const auto heard = beacons.find(interface.index);
    const auto beacon = heard == beacons.end() ? std::nullopt : std::optional{heard->second};
    const std::string driver = nl80211::driver_name(interface.name).value_or("unknown driver");
    found.push_back({.index = interface.index,
                     .wiphy = interface.wiphy,
                     .name = interface.name,
                     .driver = driver,
                     .mode = *mode,
                     .default_path = nl80211::default_path(driver, *wiphy),
                     .has_station_knob = wiphy->has_station_power(),
                     .frequency = *interface.frequency,
                     .width = interface.width.value_or(Mhz{20}),
                     .vlans = vlans_of(interface, *interfaces),
                     .channel_maximum = wiphy->maximum(*interface.frequency),
                     .power = interface.power,
                     .air = air_rules_of(interface, *wiphy, beacon)});
    vlans_[interface.index] = found.back().vlans;
  }
  co_return found;
}

Awaitable<Result<std::vector<WirelessInterface>>> KernelPorts::list_all() {
  const auto interfaces = co_await kernel_.interfaces();
  if (!interfaces) co_return port_error(interfaces.error());
  std::vector<WirelessInterface> all;
  for (const nl80211::Interface& interface : *interfaces) {
    all.push_back({interface.index, interface.wiphy, interface.name});
  }
  co_return all;
}

Awaitable<Result<std::optional<Dbm>>> KernelPorts::power_of(InterfaceIndex index) {
  const auto interface = co_await kernel_.interface(index);
  if (!interface) co_return port_error(interface.error());
  co_return interface->power;
}

Awaitable<Result<std::string>> KernelPorts::regulatory_domain() {
  auto domain = co_await kernel_.regulatory_domain();
  if (!domain) co_return port_error(domain.error());
  co_return std::move(*domain);
}

Awaitable<Result<Change>> KernelPorts::next_change() {
  if (is_closed_) co_return PortError{"closed", false};
  const auto first =
      co_await (kernel_.next_event() || closed_.async_wait(asio::as_tuple(asio::use_awaitable)));
  if (first.index() == 1) co_return PortError{"closed", false};
  const auto& event = std::get<0>(first);
  if (!event) {
    wiphys_are_old_ = true;  // from here on nobody says when they change
    co_return port_error(event.error());
  }
  wiphys_are_old_ = wiphys_are_old_ || std::holds_alternative<nl80211::Overrun>(*event) ||
                    std::holds_alternative<nl80211::RegulatoryChanged>(*event);
  co_return change_of(*event, time_.now());
}

void KernelPorts::close() {
  is_closed_ = true;
  closed_.cancel();
}

// mac80211 lists with each device the stations that sit on it alone: a 4-address station vanishes
// from its access point's list when hostapd has given it a device of its own.
Awaitable<Result<StationReading>> KernelPorts::read(InterfaceIndex interface) {
  auto report = co_await kernel_.read_stations(interface);
  if (!report) co_return port_error(report.error());
  StationReading reading{std::move(*report), {}};
  const auto known = vlans_.find(interface);
  if (known == vlans_.end()) co_return reading;
  const std::vector<InterfaceIndex> vlans = known->second;  // may change while we wait
  for (const InterfaceIndex vlan : vlans) {
    const auto there = co_await kernel_.read_stations(vlan);
    // A device that has just gone: where its stations are now is not known before the next list.
    reading.report.complete = reading.report.complete && there && there->complete;
    if (!there) continue;
    for (const StationSample& sample : there->stations) {
      reading.on_vlan[sample.station] = vlan;
      reading.report.stations.push_back(sample);
    }
  }
  nl80211::keep_latest(reading.report.stations);
  co_return reading;
}

Awaitable<PowerResult> KernelPorts::set(const Knob& knob, Dbm level) {
  co_return co_await kernel_.set_power(knob, level);
}

Awaitable<PowerResult> KernelPorts::set_automatic(const Knob& knob) {
  co_return co_await kernel_.set_power_automatic(knob);
}

std::variant<Kernel, ExitStatus> open_kernel(asio::io_context& io, const Time& time) {
  auto opened = nl80211::Nl80211::open(io.get_executor(), [&time] { return time.now(); });
  if (!opened) {
    say(stderr, "nl80211: " + opened.error().message());
    const int number = opened.error().as_errno();
    return number == EPERM || number == EACCES ? ExitStatus::not_permitted
                                               : ExitStatus::unavailable;
  }
  Kernel kernel{std::move(*opened), nullptr};
  kernel.ports = std::make_unique<KernelPorts>(io, time, *kernel.nl80211);
  return kernel;
}

Awaitable<ExitStatus> check_permission(nl80211::Nl80211& kernel) {
  const auto may_write = co_await kernel.may_write();
  if (may_write && *may_write) co_return ExitStatus::ok;
  if (may_write) {
    say(stderr, "setting transmit power needs CAP_NET_ADMIN");
    co_return ExitStatus::not_permitted;
  }
  say(stderr, "nl80211: " + may_write.error().message());
  co_return ExitStatus::unavailable;
}

}  // namespace pianissimo::service
