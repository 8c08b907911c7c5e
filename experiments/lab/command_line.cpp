#include "experiments/lab/command_line.hpp"

#include <CLI/CLI.hpp>

#include "controller/command_line/parse.hpp"
#include "experiments/evaluate/suite.hpp"

#include "experiments/lab/campaign_command.hpp"
#include "experiments/lab/evaluate_command.hpp"
#include "experiments/lab/export_command.hpp"
#include "experiments/lab/import_command.hpp"
#include "experiments/lab/recorded_command.hpp"
#include "experiments/lab/replay_command.hpp"
#include "experiments/lab/report_command.hpp"
#include "experiments/lab/shipped.hpp"
#include "experiments/lab/simulate_command.hpp"
#include "experiments/lab/sweep_command.hpp"
#include "experiments/lab/traffic_command.hpp"
#include "experiments/lab/train_command.hpp"

namespace pianissimo::lab {

void declare_command_line(CLI::App& lab, int& status) {
  command_line::begin(lab, "pianissimo-lab", PIANISSIMO_VERSION);
  lab.description(
      "Pianissimo's laboratory: simulate, measure, compare and report what control laws do");
  lab.require_subcommand(1);
  add_campaign(lab, status);
  add_evaluate(lab, status);
  add_export(lab, status);
  add_import(lab, status);
  add_recorded(lab, status);
  add_replay(lab, status);
  add_report(lab, status);
  add_simulate(lab, status);
  add_sweep(lab, status);
  add_traffic(lab, status);
  add_train(lab, status);
  command_line::end(
      lab,
      {"pianissimo-lab simulate --list                     # the scenarios",
       "pianissimo-lab simulate walk-away --out out/walk   # a journal and the truth",
       "pianissimo-lab report out/walk -o walk.html        # a page of it",
       "pianissimo-lab evaluate --scenarios door --seeds 5 # laws beside each other"},
      "Exit status: 0; 64 wrong usage; 65 bad data; 66 no such input; 69 something is not there; "
      "71 system error; 73 cannot write; 77 not permitted; 78 bad configuration.");
}

std::map<std::string, std::vector<std::string>> value_lists() {
  std::vector<std::string> scenarios;
  for (const Shipped& carried : shipped_suite()) scenarios.emplace_back(carried.name);
  return {{"SCENARIO", std::move(scenarios)},
          {"LAW", simulated_laws()},
          {"CONTENDER", evaluate::contender_names()}};
}

}  // namespace pianissimo::lab
