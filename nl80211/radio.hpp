// The wireless kernel interface: everything the daemon asks of it, tells it and hears from it.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "controller/core/events.hpp"
#include "nl80211/elements.hpp"
#include "nl80211/error.hpp"
#include "nl80211/socket.hpp"
#include "nl80211/values.hpp"

namespace pianissimo::nl80211 {

/// All operations are for one thread (the executor's), and the object must outlive them, but for
/// those that an io_context destroys unfinished. They may be started while others are under way:
/// commands wait for their turn.
class Nl80211 {
 public:
  using Clock = std::function<Instant()>;

  /// Errc::no_family: this kernel has no wireless stack. An errno otherwise (EPERM, EACCES: this
  /// process may not have netlink sockets). Needs no privilege; writing does (may_write()).
  static Result<std::unique_ptr<Nl80211>> open(const asio::any_io_executor& executor, Clock now);

  asio::awaitable<Result<std::vector<Interface>>> interfaces();
  /// ENODEV for one that is gone or not wireless.
  asio::awaitable<Result<Interface>> interface(InterfaceIndex index);
  asio::awaitable<Result<std::vector<Wiphy>>> wiphys();
  asio::awaitable<Result<std::string>> regulatory_domain();
  /// What the access point of an interface in station mode says in its beacons; nullopt while the
  /// interface is not associated.
  asio::awaitable<Result<std::optional<BeaconElements>>> own_network(InterfaceIndex index);

  /// All stations of an interface, stamped with the time of the request.
  asio::awaitable<Result<StationReport>> read_stations(InterfaceIndex index);

  /// A refusal is an answer, not an error. Reads back what is in force where that can be read: not
  /// for stations; for a wiphy the lowest power among its access points.
  asio::awaitable<PowerResult> set_power(Knob knob, Dbm level);
  /// Gives the knob back to the kernel (NL80211_TX_POWER_AUTOMATIC). As set_power(), but nothing is
  /// asked for.
  asio::awaitable<PowerResult> set_power_automatic(Knob knob);
  /// Whether this process has the privilege to write (CAP_NET_ADMIN). Changes nothing.
  asio::awaitable<Result<bool>> may_write();

  /// The next thing that happened. Only one call at a time. Overrun says that some were lost.
  asio::awaitable<Result<KernelEvent>> next_event();

 private:
  Nl80211(CommandSocket commands, NetlinkSocket events, NetlinkSocket links, Clock now);

  asio::awaitable<Result<std::vector<Interface>>> list_interfaces(Request request);
  asio::awaitable<std::optional<Dbm>> read_back(Knob knob);
  asio::awaitable<Result<void>> tell(Request request);
  asio::awaitable<PowerResult> write(Knob knob, Request request);
  Result<void> read_events(NetlinkSocket& socket,
                           std::optional<KernelEvent> (*decode)(const Message&));
  void remember(std::optional<KernelEvent> event);

  CommandSocket commands_;
  NetlinkSocket events_;  ///< nl80211's multicast groups
  NetlinkSocket links_;   ///< RTNLGRP_LINK
  Clock now_;
  std::deque<KernelEvent> pending_;
  std::size_t expected_stations_ = 0;
};

}  // namespace pianissimo::nl80211
