#include "experiments/lab/evaluate_command.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <functional>
#include <iostream>
#include <memory>
#include <optional>

#include "config/say.hpp"
#include "controller/command_line/parse.hpp"
#include "experiments/evaluate/parallel.hpp"
#include "experiments/evaluate/table.hpp"
#include "experiments/lab/budget.hpp"
#include "experiments/lab/given_twice.hpp"
#include "experiments/lab/json_result.hpp"
#include "experiments/lab/long_run.hpp"
#include "experiments/lab/output_file.hpp"
#include "experiments/lab/scenario_files.hpp"

namespace pianissimo::lab {
namespace {

constexpr int wrong_usage = 64;  // EX_USAGE

struct Options {
  std::vector<std::string> scenarios;
  std::vector<std::string> policies;
  std::vector<std::string> variants;
  std::vector<double> keeps{0.90, 0.97};
  bool no_gap = false;
  int seeds = 20;
  int jobs = 0;
  bool is_long = false;
  std::string json;
  std::string markdown;
};

constexpr Signature json_table{"a table of pianissimo-lab evaluate",
                               "[\n{\"scenario\":",
                               {"\"policy\":", "\"keep\":", "\"seeds\":"}};
constexpr Signature markdown_table{"a table of pianissimo-lab evaluate",
                                   "## All scenarios\n\nMean of ",
                                   {"half the 95 % interval (Student's t).\n\n"}};

std::optional<OutputFile> opened(const std::string& path, const Signature& signature) {
  if (path.empty() || path == "-") return std::nullopt;
  return std::optional<OutputFile>{std::in_place, path, signature};
}

void write(std::optional<OutputFile>& file, const std::string& path, const std::string& text) {
  if (path == "-") std::cout << text << std::flush;
  if (!file) return;
  file->stream() << text;
  file->commit();
}

CLI::Validator contender() {
  return {[](std::string& name) {
            return evaluate::is_contender(name)
                       ? std::string{}
                       : command_line::not_among(name, "law", evaluate::contender_names());
          },
          ""};
}

// Adds the variants to the contenders; false: said what is wrong with one.
bool add_variants(const std::vector<std::string>& texts, evaluate::SuiteOptions& how) {
  const auto laws = evaluate::contender_names();
  for (const std::string& text : texts) {
    auto parsed = evaluate::parse_variant(text);
    if (const auto* const error = std::get_if<evaluate::UsageError>(&parsed)) {
      say(stderr, error->message);
      return false;
    }
    auto& variant = std::get<evaluate::Variant>(parsed);
    if (std::ranges::count(laws, variant.name) + std::ranges::count(how.contenders, variant.name) >
        0) {
      say(stderr, "--variant '" + text + "': there is a " + variant.name + " already");
      return false;
    }
    how.contenders.push_back(variant.name);
    how.variants.push_back(std::move(variant));
  }
  return true;
}

// True: said so.
template <class Items, class Name = std::identity>
bool said_twice(const std::string& option, const Items& items, Name name = {}) {
  const auto* const twice = given_twice(items, name);
  if (twice == nullptr) return false;
  say(stderr, fmt::format("{}: {} is there twice", option, std::invoke(name, *twice)));
  return true;
}

int run_evaluate(const Options& options) {
  const std::string markdown_path =
      options.markdown.empty() && options.json != "-" ? "-" : options.markdown;
  if (options.json == "-" && markdown_path == "-") {
    say(stderr, "--json and --markdown cannot both go to standard output");
    return wrong_usage;
  }
  evaluate::SuiteOptions how;
  how.contenders = options.policies.empty() ? evaluate::contender_names() : options.policies;
  if (said_twice("--policies", options.policies) || said_twice("--keep", options.keeps)) {
    return wrong_usage;
  }
  if (!add_variants(options.variants, how)) return wrong_usage;
  const auto loaded = load_scenarios(options.scenarios);
  if (const auto* const error = std::get_if<sim::ScenarioError>(&loaded)) {
    say(stderr, error->message);
    return error->exit_status();
  }
  const auto& scenarios = std::get<std::vector<sim::Scenario>>(loaded);
  if (said_twice("--scenarios", scenarios, &sim::Scenario::name)) return wrong_usage;
  const int jobs =
      evaluate::jobs_for(scenarios.size() * static_cast<std::size_t>(options.seeds), options.jobs);
  for (const auto& scenario : scenarios) {
    // Each thread keeps runs beside those that they are judged by; of every law and seed there are
    // several. How many there are in all is the user's own choice, and Progress shows it.
    const sim::Cost one = sim::cost_of(scenario);
    if (!is_affordable(scenario.name, {5 * jobs * one.bytes, 10 * one.seconds}, options.is_long)) {
      return wrong_usage;
    }
  }
  const StopRequest stop;
  // Before hours of work: what cannot be written is known now.
  auto json = opened(options.json, json_table);
  auto markdown = opened(markdown_path, markdown_table);

  std::optional<std::vector<evaluate::Row>> rows;
  {
    Progress progress;
    how.keeps = options.keeps;
    how.gap = !options.no_gap;
    how.seeds = options.seeds;
    how.jobs = jobs;
    how.progress = [&](std::size_t done, std::size_t all) { progress.show(done, all); };
    how.stop = [] { return StopRequest::is_asked(); };
    rows = evaluate::evaluate(scenarios, how);
  }
  if (!rows) {
    say(stderr, "stopped: nothing was written");
    return StopRequest::exit_status;
  }
  write(json, options.json, evaluate::json_of(*rows));
  write(markdown, markdown_path, evaluate::markdown_of(*rows));
  return EXIT_SUCCESS;
}

}  // namespace

void add_evaluate(CLI::App& lab, int& status) {
  const auto options = std::make_shared<Options>();
  CLI::App* const command =
      lab.add_subcommand("evaluate", "Compare laws over a suite of simulated scenarios");
  command
      ->add_option("--scenarios", options->scenarios,
                   "Names (simulate --list), files or folders; default: the whole suite")
      ->type_name("SCENARIO");
  command
      ->add_option(
          "--policies", options->policies,
          fmt::format("Laws and yardsticks: {}; or rate-fixed:MCS, rate-fixed:MCSxSTREAMS, a "
                      "bit rate at the ceiling; or oracle-late:SECONDS, oracle-late:SECONDS+DB, "
                      "the oracle that learns of the channel so late, and adds a margin; "
                      "default: all but those by a number",
                      fmt::join(evaluate::contender_names(), ", ")))
      ->type_name("CONTENDER")
      ->delimiter(',')
      ->check(contender());
  command
      ->add_option("--variant", options->variants,
                   "NAME:key=value,key=value: the default configuration with these settings, as a "
                   "contender of its own; hide=signal+failed+retries+airtime+estimate+rate: what "
                   "its law is not shown; may be given again")
      ->take_all()
      ->expected(1);
  command
      ->add_option("--keep", options->keeps,
                   "Shares of the ceiling's throughput to aim at and to judge by (0.9,0.97)")
      ->delimiter(',')
      ->check(
          CLI::IsMember(std::vector<double>{sim::oracle_keeps.begin(), sim::oracle_keeps.end()}));
  command->add_flag("--no-gap", options->no_gap,
                    "Leave out the oracle gap, and with it most of the oracles' runs");
  command->add_option("--seeds", options->seeds, "Seeds 1 to N (default 20)")
      ->check(CLI::Range(1, 100'000));
  command->add_option("--jobs", options->jobs, "Threads (default: one per core)")
      ->check(CLI::Range(1, 1024));
  add_json(*command, options->json, "An object per policy, scenario and keep");
  command->add_option("--markdown", options->markdown,
                      "The tables; - (default, but for --json -) is standard output");
  add_long(*command, options->is_long);
  command_line::end(
      *command,
      {"pianissimo-lab evaluate --seeds 20 --json all.json     # the whole suite, hours of work",
       "pianissimo-lab evaluate --scenarios door --policies anchor,parf --seeds 5"},
      "Exit status: 0; 64 wrong usage; 65 bad scenario, or an output file that another program "
      "wrote; 66 no such scenario; 73 cannot write; "
      "130 stopped, and nothing written.");
  command->callback([options, &status] {
    try {
      status = run_evaluate(*options);
    } catch (const OutputError& error) {
      say(stderr, error.what());
      status = error.exit_status();
    }
  });
}

}  // namespace pianissimo::lab
