// pianissimo-lab: the researcher's bench.
#include <CLI/CLI.hpp>
#include <exception>
#include <sstream>

#include "config/say.hpp"
#include "experiments/lab/campaign_command.hpp"
#include "experiments/lab/evaluate_command.hpp"
#include "experiments/lab/export_command.hpp"
#include "experiments/lab/import_command.hpp"
#include "experiments/lab/recorded_command.hpp"
#include "experiments/lab/replay_command.hpp"
#include "experiments/lab/report_command.hpp"
#include "experiments/lab/simulate_command.hpp"
#include "experiments/lab/sweep_command.hpp"
#include "experiments/lab/traffic_command.hpp"
#include "experiments/lab/train_command.hpp"

namespace {

constexpr int usage = 64;     // sysexits(3): EX_USAGE
constexpr int software = 70;  // EX_SOFTWARE

}  // namespace

int main(int argc, char** argv) {
  CLI::App lab{"Pianissimo's laboratory: what runs of the controller gave"};
  lab.require_subcommand(1);
  lab.footer(
      "Exit status: 0; 64 wrong usage; 65 bad data; 66 no such input; 69 something is not there; "
      "71 system error; 73 cannot write; 77 not permitted; 78 bad configuration.");
  int status = EXIT_SUCCESS;
  pianissimo::lab::add_campaign(lab, status);
  pianissimo::lab::add_evaluate(lab, status);
  pianissimo::lab::add_export(lab, status);
  pianissimo::lab::add_import(lab, status);
  pianissimo::lab::add_recorded(lab, status);
  pianissimo::lab::add_replay(lab, status);
  pianissimo::lab::add_report(lab, status);
  pianissimo::lab::add_simulate(lab, status);
  pianissimo::lab::add_sweep(lab, status);
  pianissimo::lab::add_traffic(lab, status);
  pianissimo::lab::add_train(lab, status);
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
