#include <fmt/format.h>

#include <boost/asio/io_context.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <cstdio>

#include "config/say.hpp"
#include "controller/service/commands.hpp"
#include "controller/service/control_client.hpp"
#include "controller/service/show_status.hpp"
#include "controller/service/steady_time.hpp"

namespace pianissimo::service {

namespace {

namespace json = boost::json;

void print(const json::object& line, const Time& time) {
  if (const auto* const status = line.if_contains("status")) {
    print_status(status->as_object(), time.now());
  } else if (const auto* const decision = line.if_contains("decision")) {
    const json::object& decided = decision->as_object();
    say(stdout,
        fmt::format("{}: {:g} -> {:g} dBm: {}", std::string_view{decided.at("knob").as_string()},
                    decided.at("from_dbm").to_number<double>(),
                    decided.at("to_dbm").to_number<double>(),
                    std::string_view{decided.at("words").as_string()}));
  } else if (const auto* const lost = line.if_contains("lost")) {
    say(stdout, fmt::format("(too slow: {} lines are missing)", lost->to_number<std::uint64_t>()));
  }
  std::fflush(stdout);
}

}  // namespace

ExitStatus watch(const std::string& state_directory, bool as_json) {
  ControlClient client;
  const ExitStatus sent = client.ask(state_directory, control::Watch{});
  if (sent != ExitStatus::ok) return sent;
  boost::asio::io_context io;
  const SteadyTime time{io};
  try {
    auto first = client.next_answer();
    if (!first) return ExitStatus::unavailable;
    if (as_json) {
      say(stdout, json::serialize(*first));
    } else {
      print(*first, time);
    }
    while (const auto line = client.next_line()) {
      if (as_json) {
        say(stdout, *line);
        std::fflush(stdout);
      } else {
        print(json::parse(*line).as_object(), time);
      }
    }
  } catch (const std::exception&) {
    say(stderr, "not an answer of this version");
  }
  return ExitStatus::unavailable;  // it ends when the daemon does
}

}  // namespace pianissimo::service
