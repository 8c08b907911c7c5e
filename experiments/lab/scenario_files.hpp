// Scenarios as a user names them: files, folders, or names of the suite's.
#pragma once

#include <span>
#include <string>
#include <variant>
#include <vector>

#include "experiments/sim/scenario.hpp"

namespace pianissimo::lab {

/// A file, or the file of a scenario of the suite by its name; as given if there is neither.
std::string scenario_file(const std::string& given);

/// Every .yaml of a folder, by name; nothing named is the whole suite. Stops at the first that
/// cannot be read; a folder without scenarios is an error, too.
std::variant<std::vector<sim::Scenario>, sim::ScenarioError> load_scenarios(
    std::span<const std::string> names);

/// The files that these names mean, in the order of the names; inside of folders by name.
std::variant<std::vector<std::string>, sim::ScenarioError> scenario_files(
    std::span<const std::string> names);

}  // namespace pianissimo::lab
