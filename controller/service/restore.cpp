#include <net/if.h>
#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <cerrno>
#include <cstdio>
#include <memory>
#include <optional>

#include "config/say.hpp"
#include "controller/service/commands.hpp"
#include "controller/service/kernel_ports.hpp"
#include "controller/service/put_back.hpp"
#include "controller/service/radio_locks.hpp"
#include "controller/service/running.hpp"
#include "controller/service/steady_time.hpp"
#ifdef PIANISSIMO_BPF
#include "bpf/hooks.hpp"
#endif

namespace pianissimo::service {
namespace {

namespace asio = boost::asio;
namespace json = boost::json;

// What was put back and removed: said at once, or told at the end as one JSON object.
class Account {
 public:
  explicit Account(bool as_json) : as_json_{as_json} {}

  void put_back(const PutBack& outcome) {
    interfaces_.push_back({{"interface", outcome.interface},
                           {"is_put_back", outcome.done},
                           {"message", outcome.message}});
    if (!outcome.done || !as_json_) say(outcome.done ? stdout : stderr, outcome.message);
  }
  void removed(const std::string& device, const std::string& whose, int count) {
    filters_.push_back({{"interface", device}, {"of", whose}, {"removed", count}});
    if (as_json_) return;
    say(stdout, device + ": filters of the " + whose + " removed: " + std::to_string(count));
  }
  ExitStatus end(ExitStatus status) {
    if (as_json_) {
      const json::object all{{"exit_status", static_cast<int>(status)},
                             {"interfaces", std::move(interfaces_)},
                             {"filters", std::move(filters_)}};
      std::puts(json::serialize(all).c_str());
    } else if (status == ExitStatus::ok && interfaces_.empty() && filters_.empty()) {
      std::puts("nothing to put back");
    }
    return status;
  }

 private:
  bool as_json_;
  json::array interfaces_;
  json::array filters_;
};

Awaitable<ExitStatus> put_back_all(const FoundPowers& found, Ports ports, nl80211::Nl80211& kernel,
                                   Account& account) {
  const ExitStatus permission = co_await check_permission(kernel);
  if (permission != ExitStatus::ok) co_return permission;
  bool all = true;
  for (const PutBack& outcome : co_await put_back(found, ports)) {
    account.put_back(outcome);
    all = all && outcome.done;
  }
  co_return all ? ExitStatus::ok : ExitStatus::unavailable;
}

ExitStatus fail(const StateError& error) {
  say(stderr, error.message);
  return error.status;
}

// The radios of a daemon that hangs are its own: `is_ours` is false, they stay so, and so does its
// note.
ExitStatus restore_power(const FoundPowers& found, const StateFile& state, bool is_ours,
                         Account& account) {
  SocketLocks locks;
  for (const auto& [name, power] : found) {
    const auto why = is_ours ? locks.take(power.wiphy) : std::nullopt;
    if (why) {
      say(stderr, name + ": " + *why);
      return ExitStatus::unavailable;
    }
  }
  asio::io_context io{1};
  SteadyTime time{io};
  auto kernel = open_kernel(io, time);
  if (const auto* const failed = std::get_if<ExitStatus>(&kernel)) return *failed;
  auto& [nl80211, ports] = std::get<Kernel>(kernel);
  auto status = asio::co_spawn(
      io, put_back_all(found, Ports{time, *ports, *ports, *ports}, *nl80211, account),
      asio::use_future);
  io.run();
  const ExitStatus done = status.get();
  if (done != ExitStatus::ok || !is_ours) return done;
  const auto error = state.remove();
  return error ? fail(*error) : ExitStatus::ok;
}

// The filters of the traffic counters and of the flow records. On every device: a dry run notes no
// interface, and stations may have sat on VLAN devices.
ExitStatus remove_filters([[maybe_unused]] Account& account) {
  ExitStatus status = ExitStatus::ok;
#ifdef PIANISSIMO_BPF
  const std::unique_ptr<struct if_nameindex, decltype(&if_freenameindex)> devices{if_nameindex(),
                                                                                  if_freenameindex};
  for (auto* device = devices.get(); device && device->if_index != 0; ++device) {
    for (const auto& [purpose, whose] : {std::pair{bpf::Purpose::counting, "traffic counters"},
                                         std::pair{bpf::Purpose::flows, "flow records"}}) {
      const auto removed = bpf::remove_leftovers(InterfaceIndex{device->if_index}, purpose);
      if (!removed) {
        say(stderr, removed.error().message);
        status =
            removed.error().error == EPERM ? ExitStatus::not_permitted : ExitStatus::unavailable;
      } else if (*removed > 0) {
        account.removed(device->if_name, whose, *removed);
      }
    }
  }
#endif
  return status;
}

}  // namespace

ExitStatus restore(const std::string& state_directory, bool as_json) {
  Account account{as_json};
  const auto lock = InstanceLock::take(state_directory);
  if (const auto* const error = std::get_if<StateError>(&lock)) {
    return account.end(fail(*error));
  }
  const StateFile state{state_directory};
  const auto loaded = state.load();
  const auto* const unreadable = std::get_if<StateError>(&loaded);
  const auto* const found = std::get_if<FoundPowers>(&loaded);
  ExitStatus power = unreadable ? fail(*unreadable) : ExitStatus::ok;
  if (found && !found->empty()) power = restore_power(*found, state, true, account);
  // Whatever becomes of the power: neither waits for the other to succeed.
  const ExitStatus filters = remove_filters(account);
  return account.end(power != ExitStatus::ok ? power : filters);
}

void restore_for(const std::string& state_directory, bool is_dead) {
  const StateFile state{state_directory};
  const auto loaded = state.load();
  const auto* const found = std::get_if<FoundPowers>(&loaded);
  if (found && found->empty()) return;
  const auto runs = running(state_directory);
  // One that could not put the power back may hang at its end, and keeps its radios until then.
  const bool hangs = !is_dead || runs == ::getppid();
  if (!hangs && runs) return;  // another one, which has put it back
  say(stderr, std::string{"watchdog: the daemon "} + (hangs ? "hangs" : "is dead") +
                  "; putting its power back");
  if (!hangs) {
    restore(state_directory);
  } else if (found) {
    Account account{false};
    restore_power(*found, state, false, account);
  }
}

}  // namespace pianissimo::service
