#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <cstdio>

#include "config/config.hpp"
#include "config/say.hpp"
#include "controller/service/commands.hpp"
#include "controller/service/config_file.hpp"
#include "controller/service/daemon.hpp"
#include "controller/service/kernel_ports.hpp"
#include "controller/service/steady_time.hpp"

namespace pianissimo::service {
namespace {

namespace asio = boost::asio;

// The power found: as a daemon that runs has noted it, else what stands now.
Dbm found_at(const ApInterface& interface, const FoundPowers& noted) {
  const auto known = noted.find(interface.name);
  if (known != noted.end()) return known->second.power;
  return interface.power.value_or(*interface.channel_maximum);
}

// What this machine's radios make of the configuration, where there are any; else nothing is known.
void warn_of_tpc(const Config& config, const std::string& state_directory) {
  asio::io_context io{1};
  const SteadyTime time{io};
  const auto kernel = nl80211::Nl80211::open(io.get_executor(), [&time] { return time.now(); });
  if (!kernel) return;
  KernelPorts ports{io, time, **kernel};
  auto listed = asio::co_spawn(io, ports.list(), asio::use_future);
  io.run();
  const auto interfaces = listed.get();
  if (!interfaces) return;
  const auto loaded = StateFile{state_directory}.load();
  const auto* const noted = std::get_if<FoundPowers>(&loaded);
  for (const ApInterface& interface : *interfaces) {
    if (!is_wanted(config, interface) || !interface.channel_maximum) continue;
    const Dbm found = found_at(interface, noted ? *noted : FoundPowers{});
    const Box box = box_of(config.box, most_allowed(interface), found);
    const auto warning = tpc_warning(interface.name, interface.frequency, interface.air, box);
    if (warning) say(stderr, "warning: " + *warning);
  }
}

namespace json = boost::json;

json::value place(int number) { return number > 0 ? json::value(number) : json::value(nullptr); }

// One object, whatever is wrong with the file.
ExitStatus check_for_program(const std::string& path, const std::string& state_directory) {
  const auto config = look_at_config_file(path, state_directory);
  const auto* const trouble = std::get_if<ConfigTrouble>(&config);
  json::array errors;
  for (const ConfigError& error : trouble ? trouble->errors : std::vector<ConfigError>{}) {
    errors.push_back({{"line", place(error.line)},
                      {"column", place(error.column)},
                      {"key", error.key},
                      {"message", error.message}});
  }
  const json::object all{
      {"file", path}, {"is_valid", trouble == nullptr}, {"errors", std::move(errors)}};
  std::puts(json::serialize(all).c_str());
  return trouble ? trouble->status : ExitStatus::ok;
}

}  // namespace

ExitStatus check_config(const std::string& path, const std::string& state_directory, bool as_json) {
  if (as_json) return check_for_program(path, state_directory);
  const auto config = read_config_file(path, state_directory);
  if (const auto* const failed = std::get_if<ExitStatus>(&config)) return *failed;
  warn_of_tpc(std::get<Config>(config), state_directory);
  say(stdout, path + ": ok");
  return ExitStatus::ok;
}

}  // namespace pianissimo::service
