// Scenarios as a user names them: files, folders, or names of those that the program carries.
#pragma once

#include <span>
#include <string>
#include <variant>
#include <vector>

#include "experiments/lab/shipped.hpp"
#include "experiments/sim/scenario.hpp"

namespace pianissimo::lab {

struct ScenarioText {
  std::string path;  ///< as messages name it; of one that is carried "door.yaml"
  std::string text;
};

/// What has a slash or ends with .yaml is a file. Anything else is the name of a scenario of the
/// suite, or else a file. The error of what is neither says what was probably meant, and all names.
std::variant<ScenarioText, sim::ScenarioError> read_scenario(const std::string& given);

/// In the order of the names; of a folder every .yaml, by name. Nothing named is all of `carried`.
/// Stops at the first that cannot be read; a folder without scenarios is an error, too.
std::variant<std::vector<ScenarioText>, sim::ScenarioError> read_scenarios(
    std::span<const std::string> names, std::span<const Shipped> carried = shipped_suite());

/// The same, parsed.
std::variant<std::vector<sim::Scenario>, sim::ScenarioError> load_scenarios(
    std::span<const std::string> names, std::span<const Shipped> carried = shipped_suite());

}  // namespace pianissimo::lab
