#include "experiments/lab/report_command.hpp"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>

#include "experiments/report/report.hpp"

namespace pianissimo::lab {
namespace {

constexpr int cannot_create = 73;  // sysexits(3): EX_CANTCREAT

struct Options {
  std::vector<std::string> runs;
  std::string baseline;
  std::string page;
  std::string summary;
};

// no-color.org: set and not empty.
bool wants_colours() {
  const char* const no_color = std::getenv("NO_COLOR");
  return isatty(STDOUT_FILENO) == 1 && (no_color == nullptr || *no_color == '\0');
}

bool write_file(const std::string& path, const std::string& text) {
  std::ofstream file{path, std::ios::binary};
  file << text;
  file.close();
  if (file) return true;
  std::cerr << path << ": cannot be written\n";
  return false;
}

int run_report(const Options& options) {
  std::vector<report::Run> runs;
  for (const std::string& path : options.runs) runs.push_back(report::load_run(path));
  std::optional<report::Run> baseline;
  if (!options.baseline.empty()) baseline = report::load_run(options.baseline);
  const report::Report made = report::make_report(std::move(runs), std::move(baseline));

  if (!options.page.empty() && !write_file(options.page, report::page_text(made))) {
    return cannot_create;
  }
  if (!options.summary.empty() && !write_file(options.summary, report::summary_text(made))) {
    return cannot_create;
  }
  std::cout << report::terminal_text(made, wants_colours());
  return EXIT_SUCCESS;
}

}  // namespace

void add_report(CLI::App& lab, int& status) {
  const auto options = std::make_shared<Options>();
  CLI::App* const command = lab.add_subcommand("report", "Figures and a page of one or more runs");
  command
      ->add_option("RUN", options->runs,
                   "A run's directory as the testbed leaves it, or a journal (its newest file)")
      ->required();
  command->add_option("-o,--output", options->page,
                      "The page, one HTML file that needs nothing else");
  command->add_option("--summary", options->summary, "The figures as JSON");
  command->add_option("--baseline", options->baseline,
                      "The same scenario at full power: what the runs are judged against");
  command->callback([options, &status] {
    try {
      status = run_report(*options);
    } catch (const report::InputError& error) {
      std::cerr << error.what() << '\n';
      status = error.exit_status();
    }
  });
}

}  // namespace pianissimo::lab
