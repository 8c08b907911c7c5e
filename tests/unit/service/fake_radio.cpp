#include "tests/unit/service/fake_radio.hpp"

#include <linux/netlink.h>
#include <linux/nl80211.h>
#include <sched.h>

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cerrno>
#include <utility>

namespace pianissimo::nl80211 {

FakeRadio radio;

namespace {

asio::awaitable<Fate> fate_of(Asked what) {
  if (!radio.fate_of) co_return Fate{};
  co_return co_await radio.fate_of(what);
}

// A station's own limit leaves its interface's power as it is.
bool is_on(const Knob& knob, const Interface& interface) {
  if (knob.kind == KnobKind::station) return false;
  return knob.kind == KnobKind::wiphy ? interface.wiphy == knob.wiphy
                                      : interface.index == knob.interface;
}

PowerResult refused(Instant now, const Knob& knob, const Error& error) {
  return {.at = now,
          .knob = knob,
          .asked = {},
          .answer = answer_to(error),
          .read_back = std::nullopt,
          .error = error.as_errno()};
}

}  // namespace

void FakeRadio::happen(Result<KernelEvent> event) {
  events.push_back(std::move(event));
  if (waits_for_event) waits_for_event->cancel();
}

void FakeRadio::add_access_point(std::uint32_t index, std::uint32_t wiphy, std::string name,
                                 Dbm power) {
  interfaces.push_back({.index = InterfaceIndex{index},
                        .wiphy = WiphyIndex{wiphy},
                        .name = std::move(name),
                        .type = NL80211_IFTYPE_AP,
                        .mac = {{2, 0, 0, 0, 0, static_cast<std::uint8_t>(index)}},
                        .power = power,
                        .frequency = Mhz{5180},
                        .width = Mhz{80}});
  stations[InterfaceIndex{index}] = {.at = {}, .interface = InterfaceIndex{index}, .stations = {}};
  const bool is_known = std::ranges::find(wiphys, WiphyIndex{wiphy}, &Wiphy::index) != wiphys.end();
  if (is_known) return;
  wiphys.push_back({.index = WiphyIndex{wiphy},
                    .name = "phy" + std::to_string(wiphy),
                    .channels = {{.frequency = Mhz{5180}, .maximum = dbm(23)}},
                    .features = NL80211_FEATURE_VIF_TXPOWER,
                    .extended_features = {}});
}

bool have_own_network() {
  static const bool is_own =
      ::unshare(CLONE_NEWNET) == 0 || ::unshare(CLONE_NEWUSER | CLONE_NEWNET) == 0;
  return is_own;
}

// Its sockets are opened, and nothing is sent.
Nl80211::Nl80211(CommandSocket commands, NetlinkSocket events, NetlinkSocket links, Clock now)
    : commands_{std::move(commands)},
      events_{std::move(events)},
      links_{std::move(links)},
      now_{std::move(now)} {}

Result<std::unique_ptr<Nl80211>> Nl80211::open(const asio::any_io_executor& executor, Clock now) {
  if (radio.cannot_open) return *radio.cannot_open;
  auto commands = NetlinkSocket::open(executor, NETLINK_GENERIC);
  if (!commands) return commands.error();
  auto events = NetlinkSocket::open(executor, NETLINK_GENERIC);
  if (!events) return events.error();
  auto links = NetlinkSocket::open(executor, NETLINK_ROUTE);
  if (!links) return links.error();
  return std::unique_ptr<Nl80211>{new Nl80211{CommandSocket{std::move(*commands), 0},
                                              std::move(*events), std::move(*links),
                                              std::move(now)}};
}

asio::awaitable<Result<std::vector<Interface>>> Nl80211::interfaces() {
  if (radio.cannot_list) co_return *radio.cannot_list;
  const Fate fate = co_await fate_of(Asked::interfaces);
  if (fate.error) co_return *fate.error;
  if (fate.is_short) co_return std::vector<Interface>{};
  radio.after_list();
  co_return radio.interfaces;
}

asio::awaitable<Result<Interface>> Nl80211::interface(InterfaceIndex index) {
  const Fate fate = co_await fate_of(Asked::interface);
  if (fate.error) co_return *fate.error;
  const auto there = std::ranges::find(radio.interfaces, index, &Interface::index);
  if (there == radio.interfaces.end()) co_return Error::from_errno(ENODEV);
  Interface found = *there;
  if (fate.is_short) found.power.reset();
  co_return found;
}

asio::awaitable<Result<std::vector<Wiphy>>> Nl80211::wiphys() {
  ++radio.wiphy_lists;
  if (radio.cannot_list_wiphys) co_return *radio.cannot_list_wiphys;
  const Fate fate = co_await fate_of(Asked::wiphys);
  if (fate.error) co_return *fate.error;
  if (fate.is_short) co_return std::vector<Wiphy>{};
  co_return radio.wiphys;
}

asio::awaitable<Result<std::string>> Nl80211::regulatory_domain() {
  const Fate fate = co_await fate_of(Asked::regulatory_domain);
  if (fate.error) co_return *fate.error;
  if (fate.is_short) co_return std::string{};
  co_return radio.regulatory_domain;
}

asio::awaitable<Result<std::optional<BeaconElements>>> Nl80211::own_network(InterfaceIndex index) {
  const auto there = radio.beacons.find(index);
  if (there == radio.beacons.end()) co_return Error::from_errno(ENOENT);
  co_return std::optional{there->second};
}

asio::awaitable<Result<StationReport>> Nl80211::read_stations(InterfaceIndex index) {
  const Fate fate = co_await fate_of(Asked::stations);
  if (fate.error) co_return *fate.error;
  const auto there = radio.stations.find(index);
  if (there == radio.stations.end()) co_return Error::from_errno(ENODEV);
  StationReport report = there->second;
  report.at = now_();
  if (fate.is_short) {
    report.stations.clear();
    report.complete = false;
  }
  co_return report;
}

asio::awaitable<PowerResult> Nl80211::set_power(Knob knob, Dbm level) {
  Fate fate = co_await fate_of(Asked::set_power);
  if (radio.cannot_write) fate = {.error = radio.cannot_write, .is_in_force = false};
  if (!fate.error || fate.is_in_force) {
    for (Interface& interface : radio.interfaces) {
      if (is_on(knob, interface)) interface.power = level;
    }
    radio.written.push_back({knob, level});
    radio.after_write();
  }
  PowerResult result{.at = now_(), .knob = knob, .asked = level, .read_back = level};
  if (fate.error) {
    result = refused(now_(), knob, *fate.error);
    result.asked = level;
    co_return result;
  }
  const Fate read_back = co_await fate_of(Asked::read_back);
  if (read_back.error || read_back.is_short) result.read_back.reset();
  co_return result;
}

asio::awaitable<PowerResult> Nl80211::set_power_automatic(Knob knob) {
  Fate fate = co_await fate_of(Asked::set_automatic);
  if (radio.cannot_write) fate = {.error = radio.cannot_write, .is_in_force = false};
  if (!fate.error || fate.is_in_force) {
    for (Interface& interface : radio.interfaces) {
      const auto wiphy = std::ranges::find(radio.wiphys, interface.wiphy, &Wiphy::index);
      if (!is_on(knob, interface) || wiphy == radio.wiphys.end()) continue;
      interface.power = wiphy->maximum(interface.frequency.value_or(Mhz{5180}));
    }
    radio.written.push_back({knob, std::nullopt});
    radio.after_write();
  }
  if (fate.error) co_return refused(now_(), knob, *fate.error);
  co_return PowerResult{.at = now_(), .knob = knob, .asked = {}, .read_back = std::nullopt};
}

asio::awaitable<Result<bool>> Nl80211::may_write() {
  // Not const, it would be taken for a bool: whether there is a result.
  co_return std::as_const(radio.may_write);
}

asio::awaitable<Result<KernelEvent>> Nl80211::next_event() {
  if (radio.events.empty()) {
    asio::steady_timer never{co_await asio::this_coro::executor,
                             asio::steady_timer::time_point::max()};
    radio.waits_for_event = &never;
    co_await never.async_wait(asio::as_tuple(asio::use_awaitable));
    radio.waits_for_event = nullptr;
    if (radio.events.empty()) co_return Error{Errc::timed_out};
  }
  const Result<KernelEvent> event = radio.events.front();
  radio.events.pop_front();
  co_return event;
}

}  // namespace pianissimo::nl80211
