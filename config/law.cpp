#include "config/law.hpp"

#include <cassert>
#include <utility>

#include "controller/policy/classified.hpp"

namespace pianissimo {
namespace {

PolicyFactory law_of(const Config& config) {
  switch (config.policy) {
    case PolicyName::anchor:
      return [params = config.anchor] { return make_anchor(params); };
    case PolicyName::descend:
      return [params = config.descend] { return make_descend(params); };
    case PolicyName::fixed:
      return [params = config.fixed] { return make_fixed(params); };
  }
  return {};
}

}  // namespace

PolicyFactory policy_of(const Config& config) { return under_classifier(config, law_of(config)); }

PolicyFactory under_classifier(const Config& config, PolicyFactory law) {
  assert(!std::holds_alternative<std::string>(config.traffic.classifier));
  const auto* const tree = std::get_if<TrafficTree>(&config.traffic.classifier);
  return tree != nullptr ? classified(std::move(law), *tree) : law;
}

}  // namespace pianissimo
