// What of a campaign is done: kept in its folder, so that it goes on where it was.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace pianissimo::campaign {

struct RunState {
  bool is_done = false;
  int begun = 0;                  ///< how often
  std::vector<std::string> lost;  ///< why it was begun again, each time
  friend bool operator==(const RunState&, const RunState&) = default;
};

struct State {
  std::string plan;   ///< measured_text()
  std::string token;  ///< of the folder on the routers: 16 hexadecimal digits
  std::map<std::string, std::string>
      found;                             ///< by access point: its power before all runs, "20.00"
  std::map<std::string, RunState> runs;  ///< by run_name(); absent: not begun
  friend bool operator==(const State&, const State&) = default;
};

/// How state_text() begins.
inline constexpr std::string_view state_mark = "{\n  \"pianissimo_campaign\": 1,";

/// As JSON, with a newline at its end.
std::string state_text(const State& state);

struct StateError {
  std::string message;
};
std::variant<State, StateError> parse_state(std::string_view text);

}  // namespace pianissimo::campaign
