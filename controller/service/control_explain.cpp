#include <fmt/format.h>

#include <boost/json/array.hpp>

#include "config/say.hpp"
#include "controller/service/commands.hpp"
#include "controller/service/control_client.hpp"
#include "controller/service/control_wishes.hpp"

namespace pianissimo::service {

namespace {

namespace json = boost::json;

double seconds_between(const json::value& earlier, const json::value& later) {
  return 1e-9 *
         static_cast<double>(later.to_number<std::int64_t>() - earlier.to_number<std::int64_t>());
}

void print_wishes(const json::object& answer) {
  for (const auto& [name, wishes] : answer.at("operator").as_object()) {
    for (const auto& [what, wish] : wishes.as_object()) {
      const json::object& asked = wish.as_object();
      const json::object& by = asked.at("by").as_object();
      say(stdout, fmt::format("{}: user {} (pid {}) {}, for {:.0f} s by now",
                              std::string_view{name}, by.at("uid").to_number<unsigned>(),
                              by.at("pid").to_number<unsigned>(), words_of_wish(what, asked),
                              seconds_between(asked.at("since_t_ns"), answer.at("t_ns"))));
    }
  }
}

}  // namespace

ExitStatus explain(const std::string& state_directory, const control::Explain& asked) {
  const auto answered = answer_of(state_directory, asked);
  if (const auto* const failed = std::get_if<ExitStatus>(&answered)) return *failed;
  try {
    const auto& answer = std::get<json::object>(answered);
    print_wishes(answer);
    const json::array& decisions = answer.at("decisions").as_array();
    if (decisions.empty()) say(stdout, "there was no decision yet");
    for (const json::value& one : decisions) {
      const json::object& decision = one.as_object();
      say(stdout, fmt::format("{:.1f} s ago {}: {:g} -> {:g} dBm: {}",
                              seconds_between(decision.at("t_ns"), answer.at("t_ns")),
                              std::string_view{decision.at("knob").as_string()},
                              decision.at("from_dbm").to_number<double>(),
                              decision.at("to_dbm").to_number<double>(),
                              std::string_view{decision.at("words").as_string()}));
    }
  } catch (const std::exception&) {
    say(stderr, "the daemon's answer is not of this version");
    return ExitStatus::unavailable;
  }
  return ExitStatus::ok;
}

}  // namespace pianissimo::service
