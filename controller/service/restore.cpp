#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_future.hpp>
#include <cstdio>

#include "controller/service/commands.hpp"
#include "controller/service/kernel_ports.hpp"
#include "controller/service/put_back.hpp"
#include "controller/service/steady_time.hpp"

namespace pianissimo::service {
namespace {

namespace asio = boost::asio;

Awaitable<ExitStatus> put_back_all(const FoundPowers& found, Ports ports,
                                   nl80211::Nl80211& kernel) {
  const ExitStatus permission = co_await check_permission(kernel);
  if (permission != ExitStatus::ok) co_return permission;
  bool all = true;
  for (const PutBack& outcome : co_await put_back(found, ports)) {
    std::fprintf(outcome.done ? stdout : stderr, "%s\n", outcome.message.c_str());
    all = all && outcome.done;
  }
  co_return all ? ExitStatus::ok : ExitStatus::unavailable;
}

ExitStatus fail(const StateError& error) {
  std::fprintf(stderr, "%s\n", error.message.c_str());
  return error.status;
}

}  // namespace

ExitStatus restore(const std::string& state_directory) {
  const auto lock = InstanceLock::take(state_directory);
  if (const auto* const error = std::get_if<StateError>(&lock)) {
    return fail(*error);
  }
  const StateFile state{state_directory};
  const auto loaded = state.load();
  if (const auto* const error = std::get_if<StateError>(&loaded)) {
    return fail(*error);
  }
  const auto& found = std::get<FoundPowers>(loaded);
  if (found.empty()) {
    std::puts("nothing to put back");
    return ExitStatus::ok;
  }

  asio::io_context io{1};
  SteadyTime time{io};
  auto kernel = open_kernel(io, time);
  if (const auto* const failed = std::get_if<ExitStatus>(&kernel)) return *failed;
  auto& [nl80211, ports] = std::get<Kernel>(kernel);
  auto status = asio::co_spawn(
      io, put_back_all(found, Ports{time, *ports, *ports, *ports}, *nl80211), asio::use_future);
  io.run();
  const ExitStatus done = status.get();
  if (done != ExitStatus::ok) return done;
  const auto error = state.remove();
  return error ? fail(*error) : ExitStatus::ok;
}

}  // namespace pianissimo::service
