// The control law that a configuration names.
#pragma once

#include "config/config.hpp"
#include "controller/core/policy.hpp"

namespace pianissimo {

/// Makes the law that the configuration names, with its parameters.
PolicyFactory policy_of(const Config& config);

/// Another law under the configuration's classifier; the law itself without one. The classifier's
/// file has been loaded.
PolicyFactory under_classifier(const Config& config, PolicyFactory law);

}  // namespace pianissimo
