#include <fmt/format.h>

#include <boost/json/parse.hpp>
#include <cstdio>
#include <fstream>
#include <sstream>

#include "controller/service/commands.hpp"
#include "controller/service/found_power.hpp"
#include "controller/service/status.hpp"

namespace pianissimo::service {
namespace {

namespace json = boost::json;

// The sentence of the last decision, which names what it is about.
void print_why(const json::object& of, std::string_view indent) {
  const auto* const why = of.if_contains("why");
  if (why && why->is_string()) fmt::print("{}{}\n", indent, std::string_view{why->as_string()});
}

// The daemon's own file, so its fields are there; at() throws if somebody else has written it.
void print_interface(const json::object& interface) {
  fmt::print(
      "{}: {:g} dBm (found {:g}, channel maximum {:g}), {} MHz, {} MHz wide\n"
      "  traffic counted by {}: {}\n",
      std::string_view{interface.at("name").as_string()},
      interface.at("power_dbm").to_number<double>(), interface.at("found_dbm").to_number<double>(),
      interface.at("channel_maximum_dbm").to_number<double>(),
      interface.at("frequency_mhz").to_number<unsigned>(),
      interface.at("width_mhz").to_number<unsigned>(),
      std::string_view{interface.at("traffic_source").as_string()},
      std::string_view{interface.at("traffic_how").as_string()});
  print_why(interface, "  ");
  for (const json::value& entry : interface.at("stations").as_array()) {
    const json::object& station = entry.as_object();
    fmt::print("  {}", std::string_view{station.at("station").as_string()});
    if (const auto* const bps = station.if_contains("expected_bps")) {
      fmt::print("  {:.1f} Mbit/s expected", 1e-6 * bps->to_number<double>());
    }
    if (const auto* const load = station.if_contains("load")) {
      fmt::print("  {}", std::string_view{load->as_string()});
    }
    if (const auto* const percent = station.if_contains("utilisation_percent")) {
      fmt::print(" ({} %)", percent->to_number<long>());
    }
    fmt::print("\n");
    print_why(station, "    ");
  }
}

void print_text(const json::object& status) {
  fmt::print("pianissimo {}, pid {}, policy {}{}\n",
             std::string_view{status.at("version").as_string()}, status.at("pid").to_number<long>(),
             std::string_view{status.at("policy").as_string()},
             status.at("dry_run").as_bool() ? ", dry run" : "");
  const json::array& interfaces = status.at("interfaces").as_array();
  const json::array& left_alone = status.at("not_driven").as_array();
  if (interfaces.empty() && left_alone.empty()) std::puts("no AP interface is up");
  for (const json::value& interface : interfaces) print_interface(interface.as_object());
  for (const json::value& interface : left_alone) {
    fmt::print("{}: not driven: {}\n", std::string_view{interface.at("name").as_string()},
               std::string_view{interface.at("why").as_string()});
  }
}

}  // namespace

ExitStatus show_status(const std::string& state_directory, bool as_json) {
  const std::string path = Status::path(state_directory);
  std::ifstream file{path};
  if (!file) {
    std::fprintf(
        stderr, "%s\n",
        file_error(path, "pianissimo does not run", ExitStatus::unavailable).message.c_str());
    return ExitStatus::unavailable;
  }
  std::ostringstream text;
  text << file.rdbuf();
  // What a killed run has left is no status.
  if (const auto lock = InstanceLock::take(state_directory);
      std::holds_alternative<InstanceLock>(lock)) {
    std::fprintf(stderr, "%s: pianissimo does not run any more\n", path.c_str());
    return ExitStatus::unavailable;
  }
  if (as_json) {
    std::fputs(text.str().c_str(), stdout);
    return ExitStatus::ok;
  }
  try {
    print_text(json::parse(text.str()).as_object());
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s: not a status of this version: %s\n", path.c_str(), error.what());
    return ExitStatus::bad_data;
  }
  return ExitStatus::ok;
}

}  // namespace pianissimo::service
