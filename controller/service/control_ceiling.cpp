#include "controller/service/commands.hpp"
#include "controller/service/control_client.hpp"

namespace pianissimo::service {

ExitStatus set_ceiling(const std::string& state_directory, const control::Ceiling& asked) {
  return ask_and_show(state_directory, asked);
}

}  // namespace pianissimo::service
