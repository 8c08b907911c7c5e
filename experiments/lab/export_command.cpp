#include "experiments/lab/export_command.hpp"

#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>

#include "experiments/export/tables.hpp"
#include "experiments/lab/guarded.hpp"
#include "experiments/lab/json_result.hpp"
#include "experiments/lab/output_file.hpp"
#include "experiments/lab/station_options.hpp"
#include "experiments/report/input.hpp"

namespace pianissimo::lab {
namespace {

namespace fs = std::filesystem;

struct Options {
  std::vector<fs::path> journals;
  fs::path folder;
  std::string json;
  StationOptions stations;
};

// By its first columns.
constexpr Signature table_that_begins(std::string_view columns) {
  return {"a table of pianissimo-lab export", columns};
}

void run_export(const Options& options) {
  JsonResult json{options.json, "export"};
  make_folder(options.folder);
  OutputFile runs{options.folder / "runs.csv", table_that_begins("run,journal,version,kernel,")};
  OutputFile stations{options.folder / "stations.csv",
                      table_that_begins("run,t_s,interface,power_dbm,station,")};
  OutputFile decisions{
      options.folder / "decisions.csv",
      table_that_begins("run,t_s,knob_kind,knob_wiphy,knob_interface,knob_station,reason,")};
  OutputFile power{
      options.folder / "power.csv",
      table_that_begins("run,t_s,knob_kind,knob_wiphy,knob_interface,knob_station,asked_")};
  OutputFile traffic{options.folder / "traffic.csv",
                     table_that_begins("run,t_s,interface,station,tx_packets,")};
  report::StationNames names = station_names(options.stations);
  tables::write_tables(
      options.journals,
      {runs.stream(), stations.stream(), decisions.stream(), power.stream(), traffic.stream()},
      &names);
  say_trouble(names);
  for (OutputFile* const file : {&stations, &decisions, &power, &traffic, &runs}) file->commit();
  json.write(
      {{"journals", options.journals.size()},
       {"folder", options.folder.string()},
       {"tables", {"runs.csv", "stations.csv", "decisions.csv", "power.csv", "traffic.csv"}}});
}

}  // namespace

void add_export(CLI::App& lab, int& status) {
  const auto options = std::make_shared<Options>();
  CLI::App* const command =
      lab.add_subcommand("export", "Write journals as tables (CSV), for R and pandas");
  command->add_option("JOURNAL", options->journals, "A journal (its newest file)")->required();
  command->add_option("--csv", options->folder, "Where runs.csv, stations.csv and so on go")
      ->required();
  add_json(*command, options->json, "What was written");
  add_station_options(*command, options->stations);
  command->callback([options, &status] {
    status = guarded([&] {
      run_export(*options);
      return EXIT_SUCCESS;
    });
  });
}

}  // namespace pianissimo::lab
