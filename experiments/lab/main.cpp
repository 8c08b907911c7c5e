// pianissimo-lab: the researcher's bench.
#include <CLI/CLI.hpp>
#include <exception>
#include <sstream>

#include "config/say.hpp"
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
    lab.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    // --help comes this way too. Both name arguments as they were given.
    std::ostringstream out;
    std::ostringstream err;
    const bool is_help = lab.exit(error, out, err) == EXIT_SUCCESS;
    pianissimo::say_lines(stdout, out.str());
    pianissimo::say_lines(stderr, err.str());
    return is_help ? EXIT_SUCCESS : usage;
  } catch (const std::exception& error) {
    pianissimo::say(stderr, std::string{"pianissimo-lab: "} + error.what());
    return software;
  }
  return status;
}
