#include "experiments/lab/scenario_files.hpp"

#include <algorithm>
#include <filesystem>

namespace pianissimo::lab {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> of_folder(const fs::path& folder) {
  std::vector<std::string> out;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator{folder, ignored}) {
    if (entry.path().extension() == ".yaml") out.push_back(entry.path().string());
  }
  std::ranges::sort(out);
  return out;
}

}  // namespace

std::string scenario_file(const std::string& given) {
  std::error_code ignored;  // load_scenario() says what is wrong with a name
  if (fs::exists(given, ignored)) return given;
  const fs::path known = fs::path{PIANISSIMO_SCENARIOS} / (given + ".yaml");
  return fs::exists(known, ignored) ? known.string() : given;
}

std::variant<std::vector<std::string>, sim::ScenarioError> scenario_files(
    std::span<const std::string> names) {
  std::vector<std::string> out;
  const auto add = [&](const fs::path& folder) {
    const auto files = of_folder(folder);
    out.insert(out.end(), files.begin(), files.end());
    return !files.empty();
  };
  if (names.empty() && !add(PIANISSIMO_SCENARIOS)) {
    return sim::ScenarioError{PIANISSIMO_SCENARIOS ": no scenarios there", true};
  }
  for (const std::string& name : names) {
    std::error_code ignored;
    if (fs::is_directory(name, ignored)) {
      if (!add(name)) return sim::ScenarioError{name + ": no scenarios there", true};
    } else {
      out.push_back(scenario_file(name));
    }
  }
  return out;
}

std::variant<std::vector<sim::Scenario>, sim::ScenarioError> load_scenarios(
    std::span<const std::string> names) {
  auto files = scenario_files(names);
  if (auto* const error = std::get_if<sim::ScenarioError>(&files)) return std::move(*error);
  std::vector<sim::Scenario> out;
  for (const std::string& file : std::get<std::vector<std::string>>(files)) {
    auto loaded = sim::load_scenario(file);
    if (auto* const error = std::get_if<sim::ScenarioError>(&loaded)) return std::move(*error);
    out.push_back(std::get<sim::Scenario>(std::move(loaded)));
  }
  return out;
}

}  // namespace pianissimo::lab
