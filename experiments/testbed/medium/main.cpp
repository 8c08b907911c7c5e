// pianissimo-medium: the air between the simulated radios of the virtual testbed.
#include <poll.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <iostream>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include "experiments/testbed/medium/control_socket.hpp"
#include "experiments/testbed/medium/hwsim.hpp"
#include "experiments/testbed/medium/medium.hpp"
#include "experiments/testbed/medium/power.hpp"
#include "experiments/testbed/medium/scenario.hpp"

namespace {

using namespace pianissimo::testbed;

constexpr const char* usage =
    R"(usage: pianissimo-medium run --scenario FILE --truth FILE --control SOCKET
                             [--interface NAME] [--aggregates]
       pianissimo-medium describe FILE          check a scenario; print it for shells
       pianissimo-medium control SOCKET COMMAND...
)";

Instant monotonic() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return std::chrono::seconds{now.tv_sec} + std::chrono::nanoseconds{now.tv_nsec};
}

// Reports SIGTERM and SIGINT as input, so that the truth is written to its end.
int termination_fd() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  sigprocmask(SIG_BLOCK, &signals, nullptr);
  return signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
}

timespec until(Instant deadline) {
  const Instant left = std::max(deadline - monotonic(), Instant{0});
  const auto whole = std::chrono::duration_cast<std::chrono::seconds>(left);
  return {.tv_sec = whole.count(), .tv_nsec = (left - whole).count()};
}

void serve(Medium& medium, Hwsim& hwsim, const ControlSocket& control) {
  std::array<pollfd, 3> ready{{{.fd = hwsim.fd(), .events = POLLIN, .revents = 0},
                               {.fd = control.fd(), .events = POLLIN, .revents = 0},
                               {.fd = termination_fd(), .events = POLLIN, .revents = 0}}};
  for (;;) {
    const Instant now = monotonic();
    while (auto frame = hwsim.next(now)) medium.accept(std::move(*frame));
    const Instant next = medium.advance(monotonic());
    // Frames may have come in while we talked to the kernel; poll() would not tell about those
    // that are in the inbox already.
    const timespec wait = hwsim.has_inbox() ? timespec{} : until(next);
    if (ppoll(ready.data(), ready.size(), &wait, nullptr) <= 0) continue;
    if (ready[1].revents != 0) {
      control.serve([&](const std::string& text) { return medium.command(text, monotonic()); });
    }
    if (ready[2].revents != 0) break;
  }
  std::cout << medium.command("counters", monotonic()) << std::endl;
}

int run(const std::vector<std::string>& arguments) {
  std::map<std::string, std::string> options{{"--interface", "wlan0"}};
  bool aggregates = false;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string& name = arguments.at(i);
    if (name == "--aggregates") {
      aggregates = true;
    } else if ((name == "--scenario" || name == "--truth" || name == "--control" ||
                name == "--interface") &&
               i + 1 < arguments.size()) {
      options[name] = arguments.at(++i);
    } else {
      throw std::invalid_argument{"run: unexpected '" + name + "'"};
    }
  }
  for (const char* name : {"--scenario", "--truth", "--control"}) {
    if (!options.contains(name)) {
      throw std::invalid_argument{std::string{"run: "} + name + " is missing"};
    }
  }
  const Scenario scenario = load_scenario(options["--scenario"]);
  std::ofstream truth_file{options["--truth"]};
  if (!truth_file) throw std::runtime_error{options["--truth"] + ": cannot be written"};
  Truth truth{truth_file};
  Hwsim hwsim;
  Nl80211Power power{options["--interface"], 20};
  Medium medium{scenario, aggregates, hwsim, power, truth};
  const ControlSocket control{options["--control"]};
  std::cout << "medium: " << scenario.name << ", " << scenario.stations.size() << " stations, "
            << (aggregates ? "aggregates" : "no aggregates") << std::endl;
  serve(medium, hwsim, control);
  return 0;
}

int control(const std::vector<std::string>& arguments) {
  if (arguments.size() < 2) throw std::invalid_argument{"control: SOCKET and COMMAND expected"};
  std::string command = arguments.at(1);
  for (std::size_t i = 2; i < arguments.size(); ++i) command += " " + arguments.at(i);
  const std::string answer = ask(arguments.at(0), command);
  const bool failed = answer.starts_with("error:");
  (failed ? std::cerr : std::cout) << answer << '\n';
  return failed ? 1 : 0;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    std::vector<std::string> arguments(argv + 1, argv + argc);
    if (arguments.empty()) throw std::invalid_argument{"a command is missing"};
    const std::string command = arguments.front();
    arguments.erase(arguments.begin());
    if (command == "run") return run(arguments);
    if (command == "control") return control(arguments);
    if (command == "describe" && arguments.size() == 1) {
      describe(load_scenario(arguments.front()), std::cout);
      return 0;
    }
    throw std::invalid_argument{"unexpected '" + command + "'"};
  } catch (const std::invalid_argument& error) {
    std::cerr << "pianissimo-medium: " << error.what() << '\n' << usage;
    return 2;
  } catch (const std::exception& error) {
    std::cerr << "pianissimo-medium: " << error.what() << '\n';
    return 1;
  }
}
