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
  radio.after_list();
  co_return radio.interfaces;
}

asio::awaitable<Result<Interface>> Nl80211::interface(InterfaceIndex index) {
  const auto there = std::ranges::find(radio.interfaces, index, &Interface::index);
  if (there == radio.interfaces.end()) co_return Error::from_errno(ENODEV);
  co_return *there;
}

asio::awaitable<Result<std::vector<Wiphy>>> Nl80211::wiphys() {
  ++radio.wiphy_lists;
  if (radio.cannot_list_wiphys) co_return *radio.cannot_list_wiphys;
  co_return radio.wiphys;
}

asio::awaitable<Result<std::string>> Nl80211::regulatory_domain() {
  co_return radio.regulatory_domain;
}

asio::awaitable<Result<std::optional<BeaconElements>>> Nl80211::own_network(InterfaceIndex index) {
  const auto there = radio.beacons.find(index);
  if (there == radio.beacons.end()) co_return Error::from_errno(ENOENT);
  co_return std::optional{there->second};
}

asio::awaitable<Result<StationReport>> Nl80211::read_stations(InterfaceIndex index) {
  const auto there = radio.stations.find(index);
  if (there == radio.stations.end()) co_return Error::from_errno(ENODEV);
  StationReport report = there->second;
  report.at = now_();
  co_return report;
}

asio::awaitable<PowerResult> Nl80211::set_power(Knob knob, Dbm level) {
  PowerResult result{.at = now_(), .knob = knob, .asked = level, .read_back = level};
  if (radio.cannot_write) {
    result.answer = answer_to(*radio.cannot_write);
    result.error = radio.cannot_write->as_errno();
    result.read_back.reset();
    co_return result;
  }
  for (Interface& interface : radio.interfaces) {
    const bool is_meant = knob.kind == KnobKind::wiphy ? interface.wiphy == knob.wiphy
                                                       : interface.index == knob.interface;
    if (is_meant) interface.power = level;
  }
  radio.written.push_back({knob, level});
  radio.after_write();
  co_return result;
}

asio::awaitable<PowerResult> Nl80211::set_power_automatic(Knob knob) {
  radio.written.push_back({knob, std::nullopt});
  radio.after_write();
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
    co_await never.async_wait(asio::as_tuple(asio::use_awaitable));
    co_return Error{Errc::timed_out};
  }
  const Result<KernelEvent> event = radio.events.front();
  radio.events.pop_front();
  co_return event;
}

}  // namespace pianissimo::nl80211
