#include "controller/service/commands.hpp"
#include "controller/service/control_client.hpp"

namespace pianissimo::service {

ExitStatus resume(const std::string& state_directory, const control::Resume& asked) {
  return ask_and_show(state_directory, asked);
}

}  // namespace pianissimo::service
