#include "experiments/lab/scenario_files.hpp"

#include <algorithm>
#include <filesystem>

#include "config/suggest.hpp"

namespace pianissimo::lab {
namespace {

namespace fs = std::filesystem;

using Read = std::variant<ScenarioText, sim::ScenarioError>;

std::vector<std::string> of_folder(const fs::path& folder) {
  std::vector<std::string> out;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator{folder, ignored}) {
    if (entry.path().extension() == ".yaml") out.push_back(entry.path().string());
  }
  std::ranges::sort(out);
  return out;
}

Read read_file(const std::string& path) {
  auto text = sim::read_scenario_file(path);
  if (auto* const error = std::get_if<sim::ScenarioError>(&text)) return std::move(*error);
  return ScenarioText{path, std::get<std::string>(std::move(text))};
}

ScenarioText text_of(const Shipped& carried) {
  return {std::string{carried.name} + ".yaml", std::string{carried.text}};
}

sim::ScenarioError neither(const std::string& given) {
  std::vector<std::string_view> names;
  for (const Shipped& carried : shipped_suite()) names.push_back(carried.name);
  return {shown(given) + " is neither a file nor a scenario" + did_you_mean(closest(given, names)) +
              ". Scenarios: " + joined(names),
          true};
}

bool is_path(const std::string& given) {
  return given.find('/') != given.npos || given.ends_with(".yaml");
}

// Null: it is the name of none. No name has a slash or a dot.
const Shipped* find_shipped(const std::string& given) {
  const auto suite = shipped_suite();
  const auto found = std::ranges::find(suite, given, &Shipped::name);
  return found == suite.end() ? nullptr : &*found;
}

}  // namespace

Read read_scenario(const std::string& given) {
  if (const Shipped* const carried = find_shipped(given)) return text_of(*carried);
  // A file that cannot be looked at has a better message than ours.
  std::error_code error;
  if (is_path(given) || fs::exists(given, error) || error) return read_file(given);
  return neither(given);
}

std::variant<std::vector<ScenarioText>, sim::ScenarioError> read_scenarios(
    std::span<const std::string> names, std::span<const Shipped> carried) {
  std::vector<ScenarioText> out;
  if (names.empty()) std::ranges::transform(carried, std::back_inserter(out), text_of);
  for (const std::string& name : names) {
    std::vector<std::string> files{name};
    std::error_code ignored;
    if (!find_shipped(name) && fs::is_directory(name, ignored)) files = of_folder(name);
    if (files.empty()) return sim::ScenarioError{name + ": no scenarios there", true};
    for (const std::string& file : files) {
      auto read = read_scenario(file);
      if (auto* const error = std::get_if<sim::ScenarioError>(&read)) return std::move(*error);
      out.push_back(std::get<ScenarioText>(std::move(read)));
    }
  }
  return out;
}

std::variant<std::vector<sim::Scenario>, sim::ScenarioError> load_scenarios(
    std::span<const std::string> names, std::span<const Shipped> carried) {
  auto texts = read_scenarios(names, carried);
  if (auto* const error = std::get_if<sim::ScenarioError>(&texts)) return std::move(*error);
  std::vector<sim::Scenario> out;
  for (const ScenarioText& read : std::get<std::vector<ScenarioText>>(texts)) {
    auto parsed = sim::parse_scenario(read.text, read.path);
    if (auto* const error = std::get_if<sim::ScenarioError>(&parsed)) return std::move(*error);
    out.push_back(std::get<sim::Scenario>(std::move(parsed)));
  }
  return out;
}

}  // namespace pianissimo::lab
