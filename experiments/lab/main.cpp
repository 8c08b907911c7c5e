// pianissimo-lab: the researcher's bench.
#include <CLI/CLI.hpp>
#include <exception>

#include "config/say.hpp"
#include "controller/command_line/parse.hpp"
#include "experiments/lab/command_line.hpp"

namespace {

constexpr int usage = 64;     // sysexits(3): EX_USAGE
constexpr int software = 70;  // EX_SOFTWARE

}  // namespace

int main(int argc, char** argv) {
  CLI::App lab;
  int status = EXIT_SUCCESS;
  pianissimo::lab::declare_command_line(lab, status);
  try {
    return pianissimo::command_line::parse(lab, argc, argv) ? status : usage;
  } catch (const std::exception& error) {
    pianissimo::say(stderr, std::string{"pianissimo-lab: "} + error.what());
    return software;
  }
}
