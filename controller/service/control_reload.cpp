#include "config/say.hpp"
#include "controller/service/commands.hpp"
#include "controller/service/control_client.hpp"

namespace pianissimo::service {

ExitStatus ask_for_reload(const std::string& state_directory) {
  ControlClient client;
  const ExitStatus sent = client.ask(state_directory, control::Reload{});
  if (sent != ExitStatus::ok) return sent;
  // Nothing is refused but a configuration with errors.
  if (!client.next_answer()) return ExitStatus::bad_config;
  say(stdout, "the configuration is read anew");
  return ExitStatus::ok;
}

}  // namespace pianissimo::service
