#include "experiments/lab/recorded_command.hpp"

#include <CLI/CLI.hpp>
#include <filesystem>
#include <iostream>
#include <memory>
#include <optional>

#include "config/printable.hpp"
#include "config/say.hpp"
#include "controller/command_line/parse.hpp"
#include "experiments/evaluate/parallel.hpp"
#include "experiments/lab/given_twice.hpp"
#include "experiments/lab/guarded.hpp"
#include "experiments/lab/json_result.hpp"
#include "experiments/lab/long_run.hpp"
#include "experiments/lab/output_file.hpp"
#include "experiments/lab/power_table_file.hpp"
#include "experiments/recorded/figure_table.hpp"

namespace pianissimo::lab {
namespace {

constexpr int wrong_usage = 64;  // EX_USAGE

struct Options {
  std::vector<std::string> tables;
  std::vector<std::string> laws;
  double keep = 0.97;
  int seeds = 20;
  int seconds = 600;
  int jobs = 0;
  std::string json;
};

constexpr Signature json_table{"a table of pianissimo-lab recorded",
                               "[\n{\"recording\":",
                               {"\"policy\":", "\"keep\":", "\"kept_of_best\":"}};

int run_recorded(const Options& options) {
  std::vector<recorded::NamedTable> tables;
  for (const std::string& path : options.tables) {
    tables.push_back({printable(std::filesystem::path{path}.stem().string()),
                      read_power_table(path, recorded::table_names).table});
  }
  const auto* const table = given_twice(tables, &recorded::NamedTable::name);
  const std::string* const twice = table != nullptr ? &table->name : given_twice(options.laws);
  if (twice != nullptr) {
    say(stderr, *twice + " is there twice");
    return wrong_usage;
  }
  // CLI11's ranges let what is no number pass.
  if (!(options.keep > 0)) {
    say(stderr, "--keep: not a number");
    return wrong_usage;
  }
  const StopRequest stop;
  std::optional<OutputFile> json;
  if (!options.json.empty() && options.json != "-") json.emplace(options.json, json_table);

  recorded::JudgeOptions how{
      .laws = options.laws.empty() ? recorded::contender_names() : options.laws,
      .keep = options.keep,
      .seeds = options.seeds,
      .jobs = options.jobs,
      .length = std::chrono::seconds{options.seconds},
      .progress = {},
      .stop = [] { return StopRequest::is_asked(); }};
  how.jobs = evaluate::jobs_for(
      tables.size() * how.laws.size() * static_cast<std::size_t>(options.seeds), options.jobs);
  std::optional<std::vector<recorded::Row>> rows;
  {
    Progress progress;
    how.progress = [&](std::size_t done, std::size_t all) { progress.show(done, all); };
    rows = recorded::judge_all(tables, how);
  }
  if (!rows) {
    say(stderr, "stopped: nothing was written");
    return StopRequest::exit_status;
  }
  if (json) {
    json->stream() << recorded::json_of(tables, *rows, how);
    json->commit();
  }
  std::cout << (options.json == "-" ? recorded::json_of(tables, *rows, how)
                                    : recorded::markdown_of(tables, *rows, how))
            << std::flush;
  return EXIT_SUCCESS;
}

}  // namespace

void add_recorded(CLI::App& lab, int& status) {
  const auto options = std::make_shared<Options>();
  CLI::App* const command =
      lab.add_subcommand("recorded", "Run laws on recordings of the throughput at each power");
  command->add_option("TABLE", options->tables, "Tables that `import lqe` made")->required();
  command->add_option("--laws", options->laws, "Laws and yardsticks; default: all")
      ->delimiter(',')
      ->check(command_line::one_of(recorded::contender_names()));
  command
      ->add_option("--keep", options->keep,
                   "Share of the ceiling's throughput to aim at and to judge by")
      ->check(CLI::Range(0.01, 1.0))
      ->capture_default_str();
  command->add_option("--seeds", options->seeds, "Seeds 1 to N")
      ->check(CLI::Range(1, 100'000))
      ->capture_default_str();
  command->add_option("--seconds", options->seconds, "How long each run is")
      ->check(CLI::Range(1, 86'400))
      ->capture_default_str();
  command->add_option("--jobs", options->jobs, "Threads (default: one per core)")
      ->check(CLI::Range(1, 1024));
  add_json(*command, options->json, "An object per law and recording");
  command->footer(
      "Exit status: 0; 64 wrong usage; 65 bad table, or an output file that another program wrote; "
      "66 no such table; 73 cannot write; 130 stopped, and nothing written.");
  command->callback(
      [options, &status] { status = guarded([&] { return run_recorded(*options); }); });
}

}  // namespace pianissimo::lab
