#include "experiments/evaluate/variant.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <stdexcept>

#include "config/parameters.hpp"
#include "config/printable.hpp"
#include "experiments/replay/settings.hpp"

namespace pianissimo::evaluate {
namespace {

constexpr std::string_view hide = "hide=";

// The law's own shares of the ceiling's throughput.
std::vector<std::string> keeps_of(const policies::LabConfig& lab, double keep) {
  std::vector<std::string> out;
  for (const std::string_view name : {"keep", "probe.keep"}) {
    const std::string key = fmt::format("{}.{}", law_name(lab), name);
    for (const Parameter& parameter : parameters()) {
      if (parameter.key == key) out.push_back(fmt::format("{}={}", key, keep));
    }
  }
  return out;
}

}  // namespace

std::variant<Variant, UsageError> parse_variant(std::string_view text) {
  const auto wrong = [text](std::string_view why) {
    return UsageError{fmt::format("--variant '{}': {}", text, why)};
  };
  const std::size_t colon = text.find(':');
  Variant out{.name = std::string{text.substr(0, colon)}, .settings = {}, .hidden = {}};
  if (out.name.empty() || out.name.find_first_of("=|\n") != out.name.npos ||
      printable(out.name) != out.name) {
    return wrong("is not NAME:key=value,key=value");
  }
  if (colon != text.npos) out.settings = split(text.substr(colon + 1), ',');
  for (auto setting = out.settings.begin(); setting != out.settings.end();) {
    if (!setting->starts_with(hide)) {
      ++setting;
      continue;
    }
    for (const std::string& name : split(std::string_view{*setting}.substr(hide.size()), '+')) {
      const auto observation = policies::find_observation(name);
      if (!observation) {
        return wrong(fmt::format("'{}' cannot be hidden, only {}", name,
                                 fmt::join(policies::observation_names(), ", ")));
      }
      out.hidden.push_back(*observation);
    }
    setting = out.settings.erase(setting);
  }
  const auto lab = replay::with_settings({}, out.settings);
  if (const auto* const errors = std::get_if<std::vector<ConfigError>>(&lab)) {
    const ConfigError& error = errors->front();
    return wrong(error.key.empty() ? error.message : error.key + ": " + error.message);
  }
  if (std::get<policies::LabConfig>(lab).config.box != BoxParams{}) {
    return wrong("all laws meet in one box: leave its limits alone");
  }
  return out;
}

policies::LabConfig config_of(const Variant& variant, double keep) {
  const auto changed = [](std::span<const std::string> settings) {
    auto lab = replay::with_settings({}, settings);
    if (!std::holds_alternative<policies::LabConfig>(lab)) {
      throw std::invalid_argument{"a variant that was not parsed"};
    }
    return std::get<policies::LabConfig>(std::move(lab));
  };
  std::vector<std::string> settings = keeps_of(changed(variant.settings), keep);
  settings.insert(settings.end(), variant.settings.begin(), variant.settings.end());
  return changed(settings);
}

}  // namespace pianissimo::evaluate
