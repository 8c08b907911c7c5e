#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <cstdio>

#include "config/say.hpp"
#include "controller/service/commands.hpp"
#include "controller/service/config_file.hpp"

namespace pianissimo::service {
namespace {

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

ExitStatus check_config(const std::string& path, const std::string& state_directory,
                        bool as_json) {
  if (as_json) return check_for_program(path, state_directory);
  const auto config = read_config_file(path, state_directory);
  if (const auto* const failed = std::get_if<ExitStatus>(&config)) return *failed;
  say(stdout, path + ": ok");
  return ExitStatus::ok;
}

}  // namespace pianissimo::service
