#include "experiments/lab/sweep_command.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>

#include "config/say.hpp"
#include "experiments/evaluate/parallel.hpp"
#include "experiments/evaluate/sweep.hpp"
#include "experiments/lab/budget.hpp"
#include "experiments/lab/json_result.hpp"
#include "experiments/lab/long_run.hpp"
#include "experiments/lab/scenario_files.hpp"
#include "experiments/replay/replay.hpp"
#include "experiments/report/input.hpp"
#include "experiments/sim/run.hpp"

namespace pianissimo::lab {
namespace {

constexpr int usage = 64;       // sysexits(3): EX_USAGE
constexpr int bad_config = 78;  // EX_CONFIG

struct Options {
  std::vector<std::string> grid;
  std::vector<std::string> scenarios;
  std::vector<std::filesystem::path> journals;
  std::string config;
  int seeds = 1;
  double keep = 0.97;
  int jobs = 0;
  bool is_long = false;
  std::string shard = "1/1";
  std::string out;
  std::string json;
};

/// What ends the command: its message is on standard error.
struct Failure {
  int status;
};

template <class T>
T wanted(std::variant<T, evaluate::UsageError> parsed) {
  if (const auto* const error = std::get_if<evaluate::UsageError>(&parsed)) {
    say(stderr, error->message);
    throw Failure{usage};
  }
  return std::get<T>(std::move(parsed));
}

[[noreturn]] void fail(const sim::ScenarioError& error) {
  say(stderr, error.message);
  throw Failure{error.exit_status()};
}

std::vector<evaluate::SweptScenario> load_swept(const Options& options, std::size_t combinations) {
  auto texts = read_scenarios(options.scenarios);
  if (const auto* const error = std::get_if<sim::ScenarioError>(&texts)) fail(*error);
  auto& read = std::get<std::vector<ScenarioText>>(texts);
  const std::size_t runs = read.size() * combinations * static_cast<std::size_t>(options.seeds);
  const int jobs = evaluate::jobs_for(runs, options.jobs);
  std::vector<evaluate::SweptScenario> out;
  for (ScenarioText& scenario : read) {
    auto parsed = sim::parse_scenario(scenario.text, scenario.path);
    if (const auto* const error = std::get_if<sim::ScenarioError>(&parsed)) fail(*error);
    const sim::Cost one = sim::cost_of(std::get<sim::Scenario>(parsed));
    if (!is_affordable(scenario.path, {3 * jobs * one.bytes, 2 * one.seconds}, options.is_long))
      throw Failure{usage};
    out.push_back({std::get<sim::Scenario>(std::move(parsed)), std::move(scenario.text)});
  }
  return out;
}

evaluate::SweepPlan plan_of(const Options& options) {
  evaluate::SweepPlan plan;
  for (const std::string& axis : options.grid) {
    plan.axes.push_back(wanted(evaluate::parse_axis(axis)));
  }
  plan.shard = wanted(evaluate::parse_shard(options.shard));
  if (!options.config.empty()) {
    auto loaded = load_config(options.config);
    if (const auto* const failed = std::get_if<LoadError>(&loaded)) {
      for (const auto& error : failed->errors) {
        say(stderr, to_string(error, options.config));
      }
      throw Failure{failed->exit_status()};
    }
    plan.base = std::get<Config>(std::move(loaded));
  }
  plan.seeds = options.seeds;
  plan.keep = options.keep;
  plan.version = PIANISSIMO_VERSION;
  if (options.journals.empty()) {
    plan.inputs = load_swept(options, evaluate::combinations(plan.axes).size());
  } else {
    plan.inputs = options.journals;
  }
  return plan;
}

int run_sweep(const Options& options) {
  const evaluate::SweepPlan plan = plan_of(options);
  auto runs = evaluate::runs_of(plan);
  if (const auto* const error = std::get_if<evaluate::UsageError>(&runs)) {
    say(stderr, error->message);
    return bad_config;
  }
  JsonResult json{options.json, "sweep"};
  evaluate::RunLog log{options.out};
  const StopRequest stop;
  evaluate::SweepResult result;
  {
    Progress progress;
    result = evaluate::sweep(
        std::get<std::vector<evaluate::SweepRun>>(std::move(runs)), log, options.jobs,
        [&](std::size_t done, std::size_t all) { progress.show(done, all); },
        [] { return StopRequest::is_asked(); });
  }
  say(stderr, fmt::format("{} done, {} had been done before: {}", result.done, result.skipped,
                          options.out));
  json.write({{"out", options.out},
              {"done", result.done},
              {"skipped", result.skipped},
              {"is_whole", result.is_whole}});
  if (result.is_whole) return EXIT_SUCCESS;
  say(stderr, "stopped; the same command goes on from here");
  return StopRequest::exit_status;
}

}  // namespace

void add_sweep(CLI::App& lab, int& status) {
  const auto options = std::make_shared<Options>();
  CLI::App* const command = lab.add_subcommand(
      "sweep", "Try a grid of parameters on scenarios or journals; writes a row of JSON per run");
  command
      ->add_option(
          "--grid", options->grid,
          "A parameter of the configuration and its values (descend.keep=0.8,0.9); may be given "
          "again")
      ->required()
      ->take_all()
      ->expected(1);
  CLI::Option* const journals = command->add_option("--journals", options->journals,
                                                    "Journals: what would have been decided");
  command
      ->add_option("--scenarios", options->scenarios,
                   "Names (simulate --list), files or folders; default: the whole suite")
      ->type_name("SCENARIO")
      ->excludes(journals);
  command->add_option("-c,--config", options->config,
                      "What the grid changes; default: the defaults, or what a journal recorded");
  command->add_option("--seeds", options->seeds, "Of each scenario: 1 to N (default 1)")
      ->excludes(journals)
      ->check(CLI::Range(1, 100'000));
  command->add_option("--keep", options->keep, "Share to judge harm and settling by (default 0.97)")
      ->excludes(journals)
      ->check(
          CLI::IsMember(std::vector<double>{sim::oracle_keeps.begin(), sim::oracle_keeps.end()}));
  command->add_option("--jobs", options->jobs, "Threads (default: one per core)")
      ->check(CLI::Range(1, 1024));
  command->add_option("--shard", options->shard,
                      "i/n: of the runs only the i-th of n parts, which depend on nothing but the "
                      "runs");
  command
      ->add_option("-o,--out", options->out,
                   "Rows are appended here as runs are done; what is here is not done again")
      ->required();
  add_json(*command, options->json, "How many runs were done (the rows are JSON Lines in --out)");
  add_long(*command, options->is_long);
  command->footer(
      "Exit status: 0; 64 wrong usage; 65 bad scenario, journal or output file; 66 no such input; "
      "73 cannot write; 78 the configuration does not take what the grid says; 130 stopped.");
  command->callback([options, &status] {
    try {
      status = run_sweep(*options);
    } catch (const Failure& failure) {
      status = failure.status;
    } catch (const OutputError& error) {
      say(stderr, error.what());
      status = error.exit_status();
    } catch (const report::InputError& error) {
      say(stderr, error.what());
      status = error.exit_status();
    } catch (const replay::SettingsError& error) {
      say(stderr, error.what());
      status = bad_config;
    } catch (const evaluate::RunLogError& error) {
      say(stderr, error.what());
      status = static_cast<int>(error.kind);
    }
  });
}

}  // namespace pianissimo::lab
