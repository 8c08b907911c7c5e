#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/json/parse.hpp>
#include <cstdio>

#include "config/printable.hpp"
#include "config/say.hpp"
#include "controller/service/commands.hpp"
#include "controller/service/control_wishes.hpp"
#include "controller/service/replace_file.hpp"
#include "controller/service/running.hpp"
#include "controller/service/show_status.hpp"
#include "controller/service/status.hpp"
#include "controller/service/steady_time.hpp"

namespace pianissimo::service {
namespace {

namespace json = boost::json;

// The sentence of the last decision, which names what it is about.
void print_why(const json::object& of, std::string_view indent) {
  const auto* const why = of.if_contains("why");
  if (why && why->is_string())
    fmt::print("{}{}\n", indent, printable(std::string_view{why->as_string()}));
}

// What others have set last, if they have.
void print_others(const json::object& interface, Instant now) {
  if (interface.at("others_set").is_null()) return;
  const json::object& others = interface.at("others_set").as_object();
  const Instant at{Duration{others.at("t_ns").to_number<std::int64_t>()}};
  fmt::print("  {:.0f} s ago {}\n", std::chrono::duration<double>(now - at).count(),
             printable(std::string_view{others.at("words").as_string()}));
}

// What the rules of the air say of its channel.
void print_air(const json::object& interface) {
  const auto* const air = interface.if_contains("air");
  if (!air) return;
  for (const auto& [what, words] : words_of(air->as_object())) {
    fmt::print("  {}: {}\n", what, printable(words));
  }
}

// "90 s", "30 min", "3.9 h"
std::string in_words(Duration time) {
  const double seconds = std::max(0.0, std::chrono::duration<double>(time).count());
  if (seconds < 120) return fmt::format("{:.0f} s", seconds);
  if (seconds < 7200) return fmt::format("{:.0f} min", seconds / 60);
  return fmt::format("{:.1f} h", seconds / 3600);
}

// What operators have asked for, and who.
void print_wishes(const json::object& interface, Instant now) {
  const auto* const wishes = interface.if_contains("operator");
  if (!wishes || wishes->is_null()) return;
  for (const auto& [what, wish] : wishes->as_object()) {
    const json::object& asked = wish.as_object();
    const json::object& by = asked.at("by").as_object();
    const Instant since{Duration{asked.at("since_t_ns").to_number<std::int64_t>()}};
    const auto* const until = asked.if_contains("until_t_ns");
    fmt::print(
        "  user {} (pid {}) {} for {} by now{}\n", by.at("uid").to_number<unsigned>(),
        by.at("pid").to_number<unsigned>(), words_of_wish(what, asked), in_words(now - since),
        until ? fmt::format(", {} more",
                            in_words(Instant{Duration{until->to_number<std::int64_t>()}} - now))
              : std::string{});
  }
}

// What hurt and is taken back for now.
void print_reverts(const json::object& interface, Instant now) {
  const auto* const reverts = interface.if_contains("reverts");
  if (!reverts) return;
  for (const json::value& entry : reverts->as_array()) {
    const json::object& revert = entry.as_object();
    const Instant until{Duration{revert.at("until_t_ns").to_number<std::int64_t>()}};
    fmt::print("  a change hurt: nothing goes below {:g} dBm for {} more\n",
               revert.at("level_dbm").to_number<double>(), in_words(until - now));
  }
}

// How far down the control may go by itself, and what it proposes.
void print_leave(const json::object& interface, Instant now) {
  const auto* const known = interface.if_contains("leave");
  if (!known || known->is_null()) return;
  const json::object& leave = known->as_object();
  if (!leave.at("window_open").as_bool()) {
    fmt::print("  outside the change window: the power only goes up\n");
  }
  if (const auto* const limit = leave.if_contains("file_ceiling_dbm")) {
    fmt::print("  an external controller allows at most {:g} dBm\n", limit->to_number<double>());
  }
  if (const auto* const proposal = leave.if_contains("proposal")) {
    const json::object& proposed = proposal->as_object();
    const Instant until{Duration{proposed.at("until_t_ns").to_number<std::int64_t>()}};
    fmt::print("  proposed, for {:.0f} s more: {}\n",
               std::chrono::duration<double>(until - now).count(),
               printable(std::string_view{proposed.at("words").as_string()}));
  }
}

// The daemon's own file, so its fields are there; at() throws if somebody else has written it.
void print_interface(const json::object& interface, Instant now) {
  fmt::print(
      "{}: {} mode, {:g} dBm (found {:g}, channel maximum {:g}), {} MHz, {} MHz wide\n"
      "  traffic counted by {}: {}\n",
      printable(std::string_view{interface.at("name").as_string()}),
      printable(std::string_view{interface.at("mode").as_string()}),
      interface.at("power_dbm").to_number<double>(), interface.at("found_dbm").to_number<double>(),
      interface.at("channel_maximum_dbm").to_number<double>(),
      interface.at("frequency_mhz").to_number<unsigned>(),
      interface.at("width_mhz").to_number<unsigned>(),
      printable(std::string_view{interface.at("traffic_source").as_string()}),
      printable(std::string_view{interface.at("traffic_how").as_string()}));
  print_air(interface);
  print_others(interface, now);
  print_wishes(interface, now);
  print_reverts(interface, now);
  print_leave(interface, now);
  print_why(interface, "  ");
  for (const json::value& entry : interface.at("stations").as_array()) {
    const json::object& station = entry.as_object();
    fmt::print("  {}", printable(std::string_view{station.at("station").as_string()}));
    if (const auto* const bps = station.if_contains("expected_bps")) {
      fmt::print("  {:.1f} Mbit/s expected", 1e-6 * bps->to_number<double>());
    }
    if (const auto* const load = station.if_contains("load")) {
      fmt::print("  {}", printable(std::string_view{load->as_string()}));
    }
    if (const auto* const percent = station.if_contains("utilisation_percent")) {
      fmt::print(" ({} %)", percent->to_number<long>());
    }
    fmt::print("\n");
    print_why(station, "    ");
  }
}

// A list of days, under a heading if there are any. A daemon of an earlier version has no such
// list.
void print_days(const json::object& status, std::string_view key, const char* heading,
                void (*print_day)(const json::object& day)) {
  const auto* const known = status.if_contains(key);
  if (!known) return;
  const json::array& days = known->as_array();
  if (!days.empty()) std::puts(heading);
  for (const json::value& day : days) print_day(day.as_object());
}

// How far below the ceiling a channel was sent on.
void print_mitigation(const json::object& day) {
  fmt::print("  {}  {} MHz, {} MHz wide: {:.2f} dB over {:.1f} h\n",
             printable(std::string_view{day.at("day").as_string()}),
             day.at("frequency_mhz").to_number<unsigned>(),
             day.at("width_mhz").to_number<unsigned>(), day.at("mean_db").to_number<double>(),
             day.at("covered_s").to_number<double>() / 3600);
}

// What lasting changes of power brought to the stations.
void print_verdicts(const json::object& day) {
  fmt::print("  {}  {}: {} helped, {} neutral, {} hurt\n    the last: {}\n",
             printable(std::string_view{day.at("day").as_string()}),
             printable(std::string_view{day.at("interface").as_string()}),
             day.at("helped").to_number<std::uint64_t>(),
             day.at("neutral").to_number<std::uint64_t>(),
             day.at("hurt").to_number<std::uint64_t>(),
             printable(std::string_view{day.at("last").as_string()}));
}

}  // namespace

void print_status(const json::object& status, Instant now) {
  const Instant written{Duration{status.at("t_ns").to_number<std::int64_t>()}};
  const double age = std::chrono::duration<double>(now - written).count();
  const auto* const mode = status.if_contains("mode");
  fmt::print("pianissimo {}, pid {}, policy {}{}, as of {:.1f} s ago\n",
             printable(std::string_view{status.at("version").as_string()}),
             status.at("pid").to_number<long>(),
             printable(std::string_view{status.at("policy").as_string()}),
             status.at("dry_run").as_bool() ? ", dry run"
             : mode && *mode == "recommend" ? ", recommends"
                                            : "",
             age);
  // It is written every 5 s.
  if (age > 15) std::puts("THE DAEMON HANGS: it has not said anything since");
  const auto* const trouble = status.if_contains("ceiling_file_trouble");
  if (trouble && trouble->is_string()) {
    fmt::print("{}\n", printable(std::string_view{trouble->as_string()}));
  }
  const json::array& interfaces = status.at("interfaces").as_array();
  const json::array& left_alone = status.at("not_driven").as_array();
  if (interfaces.empty() && left_alone.empty()) std::puts("no interface to drive is up");
  for (const json::value& interface : interfaces) print_interface(interface.as_object(), now);
  for (const json::value& interface : left_alone) {
    fmt::print("{}: not driven: {}\n",
               printable(std::string_view{interface.at("name").as_string()}),
               printable(std::string_view{interface.at("why").as_string()}));
  }
  print_days(status, "mitigation",
             "mean mitigation (ceiling less power) by channel and local day:", &print_mitigation);
  print_days(status, "verdicts",
             "verdicts on lasting changes of power by interface and local day:", &print_verdicts);
}

ExitStatus show_status(const std::string& state_directory, bool as_json) {
  constexpr std::size_t most = 16'777'216;  // 10,000 stations and more
  const std::string path = Status::path(state_directory);
  const auto text = read_small_file(path, most);
  const auto* const error = std::get_if<StateError>(&text);
  const auto* const content = std::get_if<std::optional<std::string>>(&text);
  const auto pid = running(state_directory);
  if (!pid) {
    const bool was = error || *content;
    say(stderr, path + ": pianissimo does not run" + (was ? " any more" : ""));
    return ExitStatus::unavailable;
  }
  if (error || !*content) {
    say(stderr, fmt::format("pianissimo runs (pid {}), but {}", *pid,
                            error ? error->message : path + " is not there yet"));
    return error ? error->status : ExitStatus::unavailable;
  }
  if (as_json) {
    std::fputs((**content).c_str(), stdout);
    return ExitStatus::ok;
  }
  try {
    boost::asio::io_context io;
    print_status(json::parse(**content).as_object(), SteadyTime{io}.now());
  } catch (const std::exception& wrong) {
    say(stderr, path + ": not a status of this version: " + wrong.what());
    return ExitStatus::bad_data;
  }
  return ExitStatus::ok;
}

}  // namespace pianissimo::service
