#include "experiments/campaign/state.hpp"

#include <algorithm>
#include <boost/json.hpp>

#include "experiments/report/json_text.hpp"

namespace pianissimo::campaign {
namespace {

namespace json = boost::json;

constexpr std::size_t token_size = 16;

// Before it becomes a part of a path on a router.
bool is_token(std::string_view text) {
  constexpr std::string_view digits = "0123456789abcdef";
  return text.size() == token_size &&
         std::ranges::all_of(text, [&](char c) { return digits.find(c) != digits.npos; });
}

State state_of(const json::object& object) {
  State state;
  state.plan = json::value_to<std::string>(object.at("plan"));
  state.token = json::value_to<std::string>(object.at("token"));
  state.found = json::value_to<std::map<std::string, std::string>>(object.at("found"));
  for (const auto& [name, value] : object.at("runs").as_object()) {
    const json::object& run = value.as_object();
    state.runs[name] = {.is_done = run.at("done").as_bool(),
                        .begun = json::value_to<int>(run.at("begun")),
                        .lost = json::value_to<std::vector<std::string>>(run.at("lost"))};
  }
  return state;
}

}  // namespace

std::string state_text(const State& state) {
  json::object runs;
  for (const auto& [name, run] : state.runs) {
    runs[name] = json::object{
        {"done", run.is_done}, {"begun", run.begun}, {"lost", json::value_from(run.lost)}};
  }
  const json::object object{{"pianissimo_campaign", 1},
                            {"plan", state.plan},
                            {"token", state.token},
                            {"found", json::value_from(state.found)},
                            {"runs", std::move(runs)}};
  return report::json_text(object, report::Layout::indented) + '\n';
}

std::variant<State, StateError> parse_state(std::string_view text) {
  json::error_code error;
  const json::value value = json::parse(text, error);
  if (error) return StateError{"not JSON: " + error.message()};
  try {
    State state = state_of(value.as_object());
    if (!is_token(state.token)) return StateError{"token: expected 16 hexadecimal digits"};
    return state;
  } catch (const std::exception&) {  // a key is missing, or of another type
    return StateError{"not a campaign's state"};
  }
}

}  // namespace pianissimo::campaign
