#include "nl80211/radio.hpp"

#include <linux/nl80211.h>
#include <linux/rtnetlink.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cerrno>

#include "nl80211/codec.hpp"
#include "nl80211/family.hpp"
#include "nl80211/snapshot.hpp"

namespace pianissimo::nl80211 {
namespace {

// A list that changes under its dump is dumped anew, but not for ever.
constexpr int dump_attempts = 3;

// So many datagrams are read before the events in them are told.
constexpr int read_ahead = 64;

std::optional<KernelEvent> decode_generic_event(const Message& message) {
  if (message.type < NLMSG_MIN_TYPE) return std::nullopt;
  const auto generic = as_generic(message);
  return generic ? decode_event(*generic) : std::nullopt;
}

}  // namespace

Nl80211::Nl80211(CommandSocket commands, NetlinkSocket events, NetlinkSocket links, Clock now)
    : commands_{std::move(commands)},
      events_{std::move(events)},
      links_{std::move(links)},
      now_{std::move(now)} {}

Result<std::unique_ptr<Nl80211>> Nl80211::open(const asio::any_io_executor& executor, Clock now) {
  auto family = resolve(
      NL80211_GENL_NAME,
      {NL80211_MULTICAST_GROUP_CONFIG, NL80211_MULTICAST_GROUP_MLME, NL80211_MULTICAST_GROUP_REG});
  if (!family) return family.error();
  auto commands = NetlinkSocket::open(executor, NETLINK_GENERIC);
  if (!commands) return commands.error();
  auto events = NetlinkSocket::open(executor, NETLINK_GENERIC);
  if (!events) return events.error();
  auto links = NetlinkSocket::open(executor, NETLINK_ROUTE);
  if (!links) return links.error();
  for (const int group : family->groups)
    if (const auto joined = events->join(group); !joined) return joined.error();
  if (const auto joined = links->join(RTNLGRP_LINK); !joined) return joined.error();

  return std::unique_ptr<Nl80211>{new Nl80211{CommandSocket{std::move(*commands), family->id},
                                              std::move(*events), std::move(*links),
                                              std::move(now)}};
}

asio::awaitable<Result<std::vector<Interface>>> Nl80211::list_interfaces(Request request) {
  std::vector<Interface> interfaces;
  for (int attempt = 1;; ++attempt) {
    interfaces.clear();
    Snapshot snapshot;
    const Conversation::Take take = [&](const GenericMessage& message) {
      const auto wiphy = message.attributes.get<std::uint32_t>(NL80211_ATTR_WIPHY);
      snapshot.see(message.attributes, wiphy.value_or(0));
      auto interface = decode_interface(message.attributes);
      if (interface) interfaces.push_back(std::move(*interface));
      const bool skipped = interface || interface.error() == Errc::no_netdev;
      return skipped ? boost::system::error_code{} : interface.error();
    };
    const auto completion = co_await commands_.request(request, take);
    if (!completion) co_return completion.error();
    const bool consistent = snapshot.consistent() && !completion->interrupted;
    if (consistent || attempt == dump_attempts) break;
  }
  co_return interfaces;
}

asio::awaitable<Result<std::vector<Interface>>> Nl80211::interfaces() {
  return list_interfaces(get_interfaces());
}

asio::awaitable<Result<Interface>> Nl80211::interface(InterfaceIndex index) {
  Result<Interface> result = Error::from_errno(ENODEV);
  const Conversation::Take take = [&](const GenericMessage& message) {
    auto decoded = decode_interface(message.attributes);
    if (!decoded) return decoded.error();
    result = std::move(*decoded);
    return boost::system::error_code{};
  };
  const auto completion = co_await commands_.request(get_interface(index), take);
  if (!completion) co_return completion.error();
  co_return result;
}

asio::awaitable<Result<std::vector<Wiphy>>> Nl80211::wiphys() {
  std::vector<Wiphy> wiphys;
  for (int attempt = 1;; ++attempt) {
    wiphys.clear();
    Snapshot snapshot;
    const Conversation::Take take = [&](const GenericMessage& message) {
      snapshot.see(message.attributes);
      const auto merged = merge_wiphy(message.attributes, wiphys);
      return merged ? boost::system::error_code{} : merged.error();
    };
    const auto completion = co_await commands_.request(get_wiphys(), take);
    if (!completion) co_return completion.error();
    const bool consistent = snapshot.consistent() && !completion->interrupted;
    if (consistent || attempt == dump_attempts) break;
  }
  co_return wiphys;
}

asio::awaitable<Result<std::string>> Nl80211::regulatory_domain() {
  Result<std::string> result{Error{Errc::malformed}};
  const Conversation::Take take = [&](const GenericMessage& message) {
    auto decoded = decode_regulatory_domain(message.attributes);
    if (!decoded) return decoded.error();
    result = std::move(*decoded);
    return boost::system::error_code{};
  };
  const auto completion = co_await commands_.request(get_regulatory_domain(), take);
  if (!completion) co_return completion.error();
  co_return result;
}

asio::awaitable<Result<std::optional<BeaconElements>>> Nl80211::own_network(InterfaceIndex index) {
  std::optional<BeaconElements> own;
  const Conversation::Take take = [&](const GenericMessage& message) {
    if (auto elements = decode_own_network(message.attributes)) own = std::move(elements);
    return boost::system::error_code{};
  };
  const auto completion = co_await commands_.request(get_networks(index), take);
  if (!completion) co_return completion.error();
  co_return own;
}

asio::awaitable<Result<StationReport>> Nl80211::read_stations(InterfaceIndex index) {
  StationReport report{.at = now_(), .interface = index, .stations = {}, .complete = true};
  report.stations.reserve(expected_stations_);
  Snapshot snapshot;
  const Conversation::Take take = [&](const GenericMessage& message) {
    snapshot.see(message.attributes);
    auto sample = decode_station(message.attributes);
    if (!sample) return sample.error();
    report.stations.push_back(*sample);
    return boost::system::error_code{};
  };
  const auto completion = co_await commands_.request(get_stations(index), take);
  if (!completion) co_return completion.error();
  report.complete = snapshot.consistent() && !completion->interrupted;
  if (!report.complete) keep_latest(report.stations);
  expected_stations_ = report.stations.size();
  co_return report;
}

asio::awaitable<Result<void>> Nl80211::tell(Request request) {
  const Conversation::Take take = [](const GenericMessage&) { return boost::system::error_code{}; };
  const auto completion = co_await commands_.request(std::move(request), take);
  if (!completion) co_return completion.error();
  co_return Result<void>{};
}

asio::awaitable<std::optional<Dbm>> Nl80211::read_back(Knob knob) {
  if (knob.kind == KnobKind::interface) {
    const auto now = co_await interface(knob.interface);
    if (now) co_return now->power;
  }
  if (knob.kind == KnobKind::wiphy) {
    const auto all = co_await list_interfaces(get_interfaces(knob.wiphy));
    if (all) co_return lowest_power(*all);
  }
  co_return std::nullopt;
}

asio::awaitable<PowerResult> Nl80211::write(Knob knob, Request request) {
  PowerResult result{.at = {}, .knob = knob, .asked = {}, .read_back = std::nullopt};
  const auto told = co_await tell(std::move(request));
  result.at = now_();  // from here on it is in force; reading back comes after
  if (told) {
    result.read_back = co_await read_back(knob);
  } else {
    result.answer = answer_to(told.error());
    result.error = told.error().as_errno();
  }
  co_return result;
}

asio::awaitable<PowerResult> Nl80211::set_power(Knob knob, Dbm level) {
  PowerResult result = co_await write(knob, nl80211::set_power(knob, level));
  result.asked = level;
  co_return result;
}

asio::awaitable<PowerResult> Nl80211::set_power_automatic(Knob knob) {
  return write(knob, nl80211::set_power_automatic(knob));
}

asio::awaitable<Result<bool>> Nl80211::may_write() {
  // The privilege is checked before the interface is looked up (GENL_UNS_ADMIN_PERM), so a write
  // to one that cannot be is refused with EPERM or else with ENODEV.
  const Knob nobody{.kind = KnobKind::interface, .interface = InterfaceIndex{0x7fff'ffff}};
  const auto told = co_await tell(nl80211::set_power(nobody, dbm(0)));
  if (told) co_return true;
  switch (answer_to(told.error())) {
    case PowerAnswer::not_permitted:
      co_return false;
    case PowerAnswer::gone:
      co_return true;
    case PowerAnswer::accepted:
    case PowerAnswer::busy:
    case PowerAnswer::unsupported:
      break;
  }
  co_return told.error();
}

void Nl80211::remember(std::optional<KernelEvent> event) {
  // The same news twice in a row, from two sockets or of two kinds, is told once.
  if (event && (pending_.empty() || pending_.back() != *event)) pending_.push_back(*event);
}

Result<void> Nl80211::read_events(NetlinkSocket& socket,
                                  std::optional<KernelEvent> (*decode)(const Message&)) {
  for (int i = 0; i < read_ahead; ++i) {
    auto datagram = socket.receive();
    if (!datagram) {
      if (would_block(datagram.error())) return {};
      const int number = datagram.error().as_errno();
      if (number != ENOBUFS && number != EMSGSIZE) return datagram.error();
      remember(Overrun{});
      continue;
    }
    while (!datagram->empty()) {
      const auto message = take_message(*datagram);
      if (!message) {
        remember(Overrun{});  // something was said that we do not understand
        break;
      }
      remember(decode(*message));
    }
  }
  return {};
}

asio::awaitable<Result<KernelEvent>> Nl80211::next_event() {
  using asio::experimental::awaitable_operators::operator||;
  constexpr auto token = asio::as_tuple(asio::use_awaitable);
  constexpr auto wait_read = asio::posix::descriptor_base::wait_read;
  for (;;) {
    if (pending_.empty()) {
      if (const auto read = read_events(events_, decode_generic_event); !read)
        co_return read.error();
      if (const auto read = read_events(links_, decode_link_event); !read) co_return read.error();
    }
    if (!pending_.empty()) {
      const KernelEvent event = pending_.front();
      pending_.pop_front();
      co_return event;
    }
    auto event = events_.descriptor().async_wait(wait_read, token);
    auto link = links_.descriptor().async_wait(wait_read, token);
    const auto first = co_await (std::move(event) || std::move(link));
    const auto& [error] = first.index() == 0 ? std::get<0>(first) : std::get<1>(first);
    if (error) co_return Error{error};
  }
}

}  // namespace pianissimo::nl80211
