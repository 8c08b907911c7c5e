#include "controller/service/commands.hpp"
#include "controller/service/control_client.hpp"

namespace pianissimo::service {

ExitStatus hold(const std::string& state_directory, const control::Hold& asked) {
  return ask_and_show(state_directory, asked);
}

}  // namespace pianissimo::service
