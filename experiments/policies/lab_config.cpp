#include "experiments/policies/lab_config.hpp"

#include <algorithm>

#include "config/law.hpp"

namespace pianissimo::policies {
namespace {

// As it stands in the text and, since quotes within strings are escaped, nowhere else.
std::string policy_key(std::string_view name) { return "\"policy\":\"" + std::string{name} + '"'; }

// `json` with another law; as it is, if it does not have `from`.
std::string renamed(std::string json, std::string_view from, std::string_view to) {
  const std::string key = policy_key(from);
  if (const std::size_t at = json.find(key); at != json.npos) {
    json.replace(at, key.size(), policy_key(to));
  }
  return json;
}

}  // namespace

const Law* find_laboratory_law(std::string_view name) {
  const Law* const law = find_law(name);
  return law != nullptr && !law->has_keep ? law : nullptr;
}

std::string_view law_name(const LabConfig& lab) {
  return lab.law != nullptr ? lab.law->name : to_string(lab.config.policy);
}

PolicyFactory policy_of(const LabConfig& lab) {
  return lab.law != nullptr ? under_classifier(lab.config, lab.law->make(1))
                            : pianissimo::policy_of(lab.config);
}

std::string to_json(const LabConfig& lab) {
  return renamed(pianissimo::to_json(lab.config), to_string(lab.config.policy), law_name(lab));
}

std::variant<LabConfig, std::vector<ConfigError>> parse_lab_config(std::string_view json) {
  const auto found = std::ranges::find_if(laws(), [json](const Law& law) {
    return find_laboratory_law(law.name) != nullptr && json.find(policy_key(law.name)) != json.npos;
  });
  const Law* const law = found == laws().end() ? nullptr : &*found;
  std::string text{json};
  if (law != nullptr) text = renamed(text, law->name, to_string(Config{}.policy));
  auto parsed = parse_config(text);
  if (auto* const errors = std::get_if<std::vector<ConfigError>>(&parsed))
    return std::move(*errors);
  LabConfig lab{std::get<Config>(std::move(parsed)), law};
  // Journals from before there were verdicts: nothing was judged.
  if (json.find("\"verdict\":{") == json.npos) lab.config.verdict.enabled = false;
  return lab;
}

}  // namespace pianissimo::policies
