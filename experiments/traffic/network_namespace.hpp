#pragma once

#include <string>

#include "experiments/traffic/error.hpp"

namespace pianissimo::traffic {

/// Moves the calling thread, and those it starts later, into a namespace of ip-netns(8).
Result<void> enter_network_namespace(const std::string& name);

}  // namespace pianissimo::traffic
