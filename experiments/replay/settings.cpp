#include "experiments/replay/settings.hpp"

#include <algorithm>
#include <map>

#include "config/json.hpp"
#include "config/parameters.hpp"
#include "config/suggest.hpp"

namespace pianissimo::replay {
namespace {

// A configuration file as a tree of keys: a leaf has a text.
struct Section {
  std::map<std::string, Section, std::less<>> keys;
  std::string text;

  Section& at(std::string_view key) {
    const std::size_t dot = key.find('.');
    Section& child = keys[std::string{key.substr(0, dot)}];
    return dot == key.npos ? child : child.at(key.substr(dot + 1));
  }
  void append_to(std::string& yaml, std::size_t depth) const {
    for (const auto& [key, child] : keys) {
      yaml.append(2 * depth, ' ').append(key).append(": ");
      yaml.append(child.text).append("\n");
      child.append_to(yaml, depth + 1);
    }
  }
};

std::string laboratory_laws(std::string_view asked) {
  std::vector<std::string_view> names;
  for (const policies::Law& law : policies::laws()) {
    if (policies::find_laboratory_law(law.name) != nullptr) names.push_back(law.name);
  }
  return "; the laboratory also has " + joined(names) + did_you_mean(closest(asked, names));
}

ConfigError wrong(const std::string& setting, std::string_view why) {
  return {.message = "'" + setting + "' " + std::string{why}};
}

}  // namespace

std::variant<policies::LabConfig, std::vector<ConfigError>> with_settings(
    const policies::LabConfig& base, std::span<const std::string> settings) {
  Section file;
  for (const Parameter& parameter : parameters()) {
    append_json(file.at(parameter.key).text, parameter.get(base.config));
  }
  std::string& policy = file.at("policy").text;
  policy = law_name(base);
  for (const std::string& setting : settings) {
    const std::size_t equals = setting.find('=');
    const std::string key = setting.substr(0, equals);
    if (equals == setting.npos || key.empty() || key.find_first_of(" :\n\"'#{}[]") != key.npos) {
      return std::vector{wrong(setting, "is not key=value, such as descend.keep=0.95")};
    }
    const std::string value = setting.substr(equals + 1);
    if (value.find('\n') != value.npos) return std::vector{wrong(setting, "has two lines")};
    Section& place = file.at(key);
    if (!place.keys.empty()) {
      return std::vector{wrong(setting, "names a section: name one of its keys")};
    }
    place.text = value;
  }
  const policies::Law* const law = policies::find_laboratory_law(policy);
  if (law != nullptr) policy = to_string(Config{}.policy);
  std::string yaml;
  file.append_to(yaml, 0);
  auto parsed = parse_config(yaml);
  if (auto* const errors = std::get_if<std::vector<ConfigError>>(&parsed)) {
    for (ConfigError& error : *errors) {
      // They are places in a text that nobody has seen.
      error.line = error.column = 0;
      if (error.key == "policy") error.message += laboratory_laws(policy);
    }
    return std::move(*errors);
  }
  Config& config = std::get<Config>(parsed);
  if (auto error = load_classifier_of(config)) return std::vector{std::move(*error)};
  return policies::LabConfig{std::move(config), law};
}

}  // namespace pianissimo::replay
