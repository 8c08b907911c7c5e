// What runs on a router: agent.sh, embedded.
#pragma once

#include <string_view>

namespace pianissimo::campaign {

extern const std::string_view agent_sh;

}  // namespace pianissimo::campaign
