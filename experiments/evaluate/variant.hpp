// A contender by its settings: one law with a part of it switched off, or without an observation.
#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "experiments/evaluate/grid.hpp"
#include "experiments/policies/blindfold.hpp"
#include "experiments/policies/lab_config.hpp"

namespace pianissimo::evaluate {

struct Variant {
  std::string name;                           ///< in the tables
  std::vector<std::string> settings;          ///< "key=value", on top of the default configuration
  std::vector<policies::Observation> hidden;  ///< what the law is not shown
};

/// "NAME:key=value,key=value,hide=signal+failed"; "NAME" alone is the default configuration. A
/// value has no comma. All laws meet in one box, so it has no settings of the box's.
std::variant<Variant, UsageError> parse_variant(std::string_view text);

/// The default configuration with the variant's settings. A law's `keep` and `probe.keep` are
/// `keep`, unless the settings say otherwise.
policies::LabConfig config_of(const Variant& variant, double keep);

}  // namespace pianissimo::evaluate
