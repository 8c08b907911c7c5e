#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <cstdio>

#include <fmt/format.h>

#include "config/printable.hpp"
#include "config/say.hpp"
#include "controller/service/commands.hpp"
#include "controller/service/kernel_ports.hpp"
#include "controller/service/power_watch.hpp"
#include "controller/service/steady_time.hpp"

namespace pianissimo::service {
namespace {

namespace asio = boost::asio;
namespace json = boost::json;

struct Radio {
  ApInterface interface;
  std::size_t stations = 0;
  std::size_t with_estimate = 0;
};

struct Findings {
  std::string regulatory_domain;
  std::vector<Radio> radios;
};

Awaitable<Result<Findings>> look(KernelPorts& ports) {
  Findings findings;
  auto interfaces = co_await ports.list();
  if (!interfaces) co_return interfaces.error();
  if (const auto domain = co_await ports.regulatory_domain()) {
    findings.regulatory_domain = *domain;
  }
  for (ApInterface& interface : *interfaces) {
    Radio radio{std::move(interface)};
    const auto reading = co_await ports.read(radio.interface.index);
    if (!reading) co_return reading.error();
    radio.stations = reading->report.stations.size();
    for (const StationSample& sample : reading->report.stations) {
      radio.with_estimate += sample.expected_throughput.has_value();
    }
    findings.radios.push_back(std::move(radio));
  }
  co_return findings;
}

json::value dbm_or_null(const std::optional<Dbm>& level) {
  return level ? json::value(level->value()) : json::value(nullptr);
}

std::optional<std::string> implausible(const ApInterface& interface) {
  if (!interface.channel_maximum) return "its driver does not say its channel's maximum";
  return implausible_power(interface.power, *interface.channel_maximum);
}

json::value why_not(const ApInterface& interface) {
  const auto why = implausible(interface);
  return why ? json::value(*why) : json::value(nullptr);
}

void print_json(const Findings& findings) {
  json::array radios;
  for (const Radio& radio : findings.radios) {
    const ApInterface& interface = radio.interface;
    radios.push_back({{"interface", interface.name},
                      {"mode", to_string(interface.mode)},
                      {"wiphy", value(interface.wiphy)},
                      {"driver", interface.driver},
                      {"frequency_mhz", interface.frequency.value()},
                      {"width_mhz", interface.width.value()},
                      {"power_dbm", dbm_or_null(interface.power)},
                      {"channel_maximum_dbm", dbm_or_null(interface.channel_maximum)},
                      {"air", json_of(interface.air)},
                      {"not_driven_because", why_not(interface)},
                      {"power_path", to_string(interface.default_path)},
                      {"station_power", interface.has_station_knob},
                      {"stations", radio.stations},
                      {"stations_with_expected_throughput", radio.with_estimate}});
  }
  const json::object all{{"regulatory_domain", findings.regulatory_domain}, {"radios", radios}};
  std::puts(json::serialize(all).c_str());
}

std::string dbm_or_unknown(const std::optional<Dbm>& level) {
  return level ? fmt::format("{:g} dBm", level->value()) : "unknown";
}

void print_text(const Findings& findings) {
  say(stdout, "regulatory domain: " + findings.regulatory_domain);
  if (findings.radios.empty())
    std::puts("no interface is in AP, station or mesh mode and on a channel");
  for (const Radio& radio : findings.radios) {
    const ApInterface& interface = radio.interface;
    fmt::print(
        "{}: {} on {} MHz, {} MHz wide\n"
        "  mode                 {}{}\n"
        "  power now            {}\n"
        "  channel maximum      {}\n"
        "  power is set by      {}\n"
        "  power per station    {}\n"
        "  expected throughput  {} of {} stations\n",
        printable(interface.name), printable(interface.driver), interface.frequency.value(),
        interface.width.value(), to_string(interface.mode),
        interface.mode == InterfaceMode::access_point ? ""
                                                      : " (driven only if `interfaces` names it)",
        dbm_or_unknown(interface.power), dbm_or_unknown(interface.channel_maximum),
        to_string(interface.default_path),
        interface.has_station_knob ? "yes (power_path: station)" : "no", radio.with_estimate,
        radio.stations);
    for (const auto& [what, words] : words_of(json_of(interface.air))) {
      fmt::print("  {:<19}  {}\n", what, words);
    }
    if (const auto why = implausible(interface)) {
      fmt::print("  not to be driven     {}.\n                       {}.\n", *why, ways_out);
    }
  }
}

}  // namespace

ExitStatus probe(bool as_json) {
  asio::io_context io{1};
  SteadyTime time{io};
  auto kernel = open_kernel(io, time);
  if (const auto* const failed = std::get_if<ExitStatus>(&kernel)) return *failed;
  auto found = asio::co_spawn(io, look(*std::get<Kernel>(kernel).ports), asio::use_future);
  io.run();
  const auto findings = found.get();
  if (!findings) {
    say(stderr, findings.error().message);
    return ExitStatus::unavailable;
  }
  as_json ? print_json(*findings) : print_text(*findings);
  return ExitStatus::ok;
}

}  // namespace pianissimo::service
