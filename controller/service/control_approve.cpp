#include <fmt/format.h>

#include <boost/json/array.hpp>

#include "config/say.hpp"
#include "controller/service/commands.hpp"
#include "controller/service/control_client.hpp"

namespace pianissimo::service {
namespace {

namespace json = boost::json;

ExitStatus list(const std::string& state_directory, const control::Approve& asked) {
  const auto answered = answer_of(state_directory, asked);
  if (const auto* const failed = std::get_if<ExitStatus>(&answered)) return *failed;
  try {
    const auto& answer = std::get<json::object>(answered);
    const json::array& proposals = answer.at("proposals").as_array();
    if (proposals.empty()) say(stdout, "nothing is proposed at the moment");
    for (const json::value& one : proposals) {
      const json::object& proposal = one.as_object();
      const auto left = proposal.at("until_t_ns").to_number<std::int64_t>() -
                        answer.at("t_ns").to_number<std::int64_t>();
      say(stdout, fmt::format("{}, for {:.0f} s more: {}",
                              std::string_view{proposal.at("name").as_string()},
                              1e-9 * static_cast<double>(left),
                              std::string_view{proposal.at("words").as_string()}));
    }
  } catch (const std::exception&) {
    say(stderr, "not an answer of this version");
    return ExitStatus::unavailable;
  }
  return ExitStatus::ok;
}

}  // namespace

ExitStatus approve(const std::string& state_directory, const control::Approve& asked) {
  if (asked.what == control::Approve::What::list) return list(state_directory, asked);
  return ask_and_show(state_directory, asked);
}

}  // namespace pianissimo::service
