#include "config/law.hpp"

namespace pianissimo {

PolicyFactory policy_of(const Config& config) {
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

}  // namespace pianissimo
