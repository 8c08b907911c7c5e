#include "experiments/lab/export_command.hpp"

#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>

#include "experiments/export/tables.hpp"
#include "experiments/lab/guarded.hpp"
#include "experiments/lab/output_file.hpp"
#include "experiments/report/input.hpp"

namespace pianissimo::lab {
namespace {

namespace fs = std::filesystem;

struct Options {
  std::vector<fs::path> journals;
  fs::path folder;
};

void run_export(const Options& options) {
  std::error_code error;
  fs::create_directories(options.folder, error);
  OutputFile runs{options.folder / "runs.csv"};
  OutputFile stations{options.folder / "stations.csv"};
  OutputFile decisions{options.folder / "decisions.csv"};
  OutputFile power{options.folder / "power.csv"};
  OutputFile traffic{options.folder / "traffic.csv"};
  tables::write_tables(options.journals, {runs.stream(), stations.stream(), decisions.stream(),
                                          power.stream(), traffic.stream()});
  for (OutputFile* const file : {&stations, &decisions, &power, &traffic, &runs}) file->commit();
}

}  // namespace

void add_export(CLI::App& lab, int& status) {
  const auto options = std::make_shared<Options>();
  CLI::App* const command = lab.add_subcommand("export", "Journals as tables, for R and pandas");
  command->add_option("JOURNAL", options->journals, "A journal (its newest file)")->required();
  command->add_option("--csv", options->folder, "Where runs.csv, stations.csv and so on go")
      ->required();
  command->callback([options, &status] {
    status = guarded([&] {
      run_export(*options);
      return EXIT_SUCCESS;
    });
  });
}

}  // namespace pianissimo::lab
