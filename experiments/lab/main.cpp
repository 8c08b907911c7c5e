// pianissimo-lab: the researcher's bench.
#include <CLI/CLI.hpp>
#include <exception>
#include <iostream>

#include "experiments/lab/report_command.hpp"

namespace {

constexpr int usage = 64;     // sysexits(3): EX_USAGE
constexpr int software = 70;  // EX_SOFTWARE

}  // namespace

int main(int argc, char** argv) {
  CLI::App lab{"Pianissimo's laboratory: what runs of the controller gave"};
  lab.require_subcommand(1);
  lab.footer("Exit status: 0; 64 wrong usage; 65 bad data; 66 no such input; 73 cannot write.");
  int status = EXIT_SUCCESS;
  pianissimo::lab::add_report(lab, status);
  try {
    lab.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    // --help comes this way too.
    return lab.exit(error) == EXIT_SUCCESS ? EXIT_SUCCESS : usage;
  } catch (const std::exception& error) {
    std::cerr << "pianissimo-lab: " << error.what() << '\n';
    return software;
  }
  return status;
}
