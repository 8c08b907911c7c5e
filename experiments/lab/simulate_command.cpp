#include "experiments/lab/simulate_command.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <boost/json/array.hpp>
#include <ctime>
#include <deque>
#include <filesystem>
#include <memory>
#include <optional>

#include "config/say.hpp"
#include "controller/command_line/parse.hpp"
#include "experiments/lab/budget.hpp"
#include "experiments/lab/json_result.hpp"
#include "experiments/lab/output_file.hpp"
#include "experiments/lab/scenario_files.hpp"
#include "experiments/lab/whole_number.hpp"
#include "experiments/replay/settings.hpp"
#include "experiments/sim/figures.hpp"
#include "experiments/sim/run_files.hpp"

namespace pianissimo::lab {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

constexpr int wrong_usage = 64;  // EX_USAGE
constexpr int bad_config = 78;   // EX_CONFIG

constexpr Signature simulated_journal{
    "a journal of pianissimo-lab simulate",
    R"({"t_ns":)",
    {R"("type":"header")", R"("version":"simulated","kernel":"simulated")"}};
constexpr Signature simulated_truth{
    "a truth of pianissimo-lab simulate",
    "t_s,station,power_dbm,path_loss_db,fading_db,frames,attempts,mpdus,delivered_mpdus,"};
constexpr Signature simulated_run{"a run of pianissimo-lab simulate",
                                  R"({"scenario":")",
                                  {R"("kernel":"simulated","accelerator":"simulator")"}};

struct Options {
  std::string scenario;
  std::string config;
  std::string policy;
  std::vector<std::string> settings;
  std::uint64_t seed = 1;
  std::string out;
  bool bare = false;
  bool is_long = false;
  bool list = false;
  std::string json;
};

std::optional<policies::LabConfig> lab_config_of(const Options& options, int& status) {
  Config base;
  if (!options.config.empty()) {
    auto loaded = load_config(options.config);
    if (const auto* const failed = std::get_if<LoadError>(&loaded)) {
      const std::string name = options.config == "-" ? "(standard input)" : options.config;
      for (const ConfigError& error : failed->errors) say(stderr, to_string(error, name));
      status = failed->exit_status();
      return std::nullopt;
    }
    base = std::get<Config>(std::move(loaded));
  }
  std::vector<std::string> settings = options.settings;
  if (!options.policy.empty()) settings.insert(settings.begin(), "policy=" + options.policy);
  auto changed = replay::with_settings({base}, settings);
  if (const auto* const errors = std::get_if<std::vector<ConfigError>>(&changed)) {
    for (const ConfigError& error : *errors) {
      const bool is_policy = error.key == "policy" && !options.policy.empty();
      say(stderr, to_string(error, is_policy ? "--policy" : "--set"));
    }
    status = bad_config;
    return std::nullopt;
  }
  return std::get<policies::LabConfig>(std::move(changed));
}

/// The folder of one access point's run: all of it, or nothing.
class Folder {
 public:
  explicit Folder(const fs::path& path)
      : journal_{make_folder(path) / "journal.jsonl", simulated_journal},
        truth_{path / "truth.csv", simulated_truth},
        run_{path / "run.json", simulated_run} {}

  OutputFile& journal() { return journal_; }
  void finish(const sim::Scenario& scenario, const sim::RunResult& result, int ap,
              const std::string& label, std::uint64_t seed) {
    sim::write_truth_csv(truth_.stream(), result, ap);
    run_.stream() << sim::run_json(scenario, result, ap, label, seed);
    journal_.commit();
    truth_.commit();
    run_.commit();
  }

 private:
  OutputFile journal_;
  OutputFile truth_;
  OutputFile run_;
};

// Of this process: what a simulation costs, whoever else uses the machine.
double cpu_seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

json::object figures_json(const sim::RunResult& run, const sim::RunResult& ceiling) {
  json::array stations;
  for (std::size_t i = 0; i < run.stations.size(); ++i) {
    const sim::StationFigures f = sim::station_figures(run, ceiling, i);
    stations.push_back({{"station", to_string(run.stations[i].mac)},
                        {"delivered_mbps", f.delivered_mbps},
                        {"retained", f.retained},
                        {"capacity_mbps", f.capacity_mbps},
                        {"capacity_retained", f.capacity_retained},
                        {"saved_db", f.saved_db},
                        {"oracle_db", f.oracle_db}});
  }
  json::array access_points;
  for (const sim::AccessPointRun& ap : run.access_points) {
    json::object decisions;
    for (const auto& [reason, count] : ap.decisions) decisions[to_string(reason)] = count;
    access_points.push_back(
        {{"commands", ap.commands}, {"changes", ap.changes}, {"decisions", std::move(decisions)}});
  }
  return {{"stations", std::move(stations)}, {"access_points", std::move(access_points)}};
}

int list_scenarios(const Options& options) {
  JsonResult result{options.json, "simulate --list"};
  const auto loaded = load_scenarios({});
  json::array all;
  for (const sim::Scenario& scenario : std::get<std::vector<sim::Scenario>>(loaded)) {
    all.push_back({{"name", scenario.name}, {"description", scenario.description}});
    if (result.is_on_output()) continue;
    say(stdout, fmt::format("{:<23}{}", scenario.name, scenario.description));
  }
  result.write({{"scenarios", std::move(all)}});
  return EXIT_SUCCESS;
}

int run_simulate(const Options& options) {
  const auto read = read_scenario(options.scenario);
  if (const auto* const error = std::get_if<sim::ScenarioError>(&read)) {
    say(stderr, error->message);
    return error->exit_status();
  }
  const auto& [path, text] = std::get<ScenarioText>(read);
  const auto parsed = sim::parse_scenario(text, path);
  if (const auto* const error = std::get_if<sim::ScenarioError>(&parsed)) {
    say(stderr, error->message);
    return error->exit_status();
  }
  const auto& scenario = std::get<sim::Scenario>(parsed);
  // The law's run and that at the ceiling.
  const sim::Cost one = sim::cost_of(scenario);
  if (!is_affordable(options.scenario, {2 * one.bytes, 2 * one.seconds}, options.is_long)) {
    return wrong_usage;
  }
  int status = EXIT_SUCCESS;
  const auto lab = lab_config_of(options, status);
  if (!lab) return status;
  JsonResult json_result{options.json, "simulate"};

  const std::string policy{law_name(*lab)};
  const int aps = static_cast<int>(scenario.access_points.size());
  const fs::path out = options.out.empty() ? fs::path{"out/simulate"} / scenario.name / policy
                                           : fs::path{options.out};
  std::deque<Folder> folders;
  sim::RunOptions how{.seed = options.seed,
                      .policy = policy_of(*lab),
                      .box = lab->config.box,
                      .interval = lab->config.interval,
                      .verdict = lab->config.verdict,
                      .record = {}};
  if (!options.bare) {
    for (int ap = 0; ap < aps; ++ap) {
      Folder& folder = folders.emplace_back(aps == 1 ? out : out / fmt::format("ap{}", ap + 1));
      folder.journal().stream() << to_line(sim::journal_header(scenario, to_json(*lab), ap))
                                << '\n';
    }
    how.record = [&folders](int ap, const journal::Record& record) {
      folders[static_cast<std::size_t>(ap)].journal().stream() << to_line(record) << '\n';
    };
  }
  const double begin = cpu_seconds();
  const sim::RunResult result = sim::run(scenario, how);
  const double took = std::max(cpu_seconds() - begin, 1e-6);
  for (int ap = 0; ap < static_cast<int>(folders.size()); ++ap) {
    folders[static_cast<std::size_t>(ap)].finish(scenario, result, ap, policy, options.seed);
  }
  how.record = {};
  how.verdict = {.enabled = false};
  how.policy = [] { return make_fixed({}); };
  const sim::RunResult ceiling = sim::run(scenario, how);

  const double simulated = scenario.warm_up_s + scenario.duration_s;
  json::object figures{{"scenario", scenario.name},
                       {"description", scenario.description},
                       {"policy", policy},
                       {"seed", options.seed},
                       {"simulated_s", simulated},
                       {"cpu_s", took},
                       {"out", options.bare ? json::value(nullptr) : json::value(out.string())}};
  for (auto& [key, value] : figures_json(result, ceiling)) figures[key] = std::move(value);
  json_result.write(std::move(figures));
  if (json_result.is_on_output()) return EXIT_SUCCESS;
  say(stdout, scenario.name + ": " + scenario.description);
  say_lines(stdout, sim::figures_text(result, ceiling));
  say(stdout, fmt::format("{:g} s simulated in {:.3f} s of CPU time, {:.0f} times real time",
                          simulated, took, simulated / took));
  if (!options.bare) say(stdout, "results are in " + out.string());
  return EXIT_SUCCESS;
}

// CLI11 cannot say that one of two is needed, and which of them is what is usually meant.
int list_or_simulate(const Options& options) {
  if (options.list) return list_scenarios(options);
  if (!options.scenario.empty()) return run_simulate(options);
  say(stderr, "SCENARIO is required: `pianissimo-lab simulate --list` tells the names");
  return wrong_usage;
}

}  // namespace

std::vector<std::string> simulated_laws() {
  std::vector<std::string> out{"anchor", "descend", "fixed"};
  for (const policies::Law& law : policies::laws()) {
    if (policies::find_laboratory_law(law.name) != nullptr) out.emplace_back(law.name);
  }
  return out;
}

void add_simulate(CLI::App& lab, int& status) {
  const auto options = std::make_shared<Options>();
  CLI::App* const command =
      lab.add_subcommand("simulate", "Simulate one scenario under one law, in virtual time");
  command
      ->add_option("SCENARIO", options->scenario,
                   "A scenario's name (--list), or its file: with a slash or .yaml")
      ->type_name("SCENARIO");
  command->add_flag("--list", options->list,
                    "Instead: the names of the scenarios, and what they are for");
  CLI::Option* const config =
      command->add_option("-c,--config", options->config, "The controller's configuration");
  command
      ->add_option("--policy", options->policy,
                   fmt::format("The law ({}); the rest is the default configuration",
                               fmt::join(simulated_laws(), ", ")))
      ->type_name("LAW")
      ->excludes(config);
  command
      ->add_option("--set", options->settings,
                   "One key of the configuration (descend.keep=0.95); may be given again")
      ->take_all();
  command->add_option("--seed", options->seed, "Seed of all random numbers (default 1)")
      ->check(whole_number());
  command->add_option("-o,--out", options->out,
                      "Where journal.jsonl, truth.csv and run.json go (of several access points: "
                      "into ap1, ap2, ...); default out/simulate/SCENARIO/POLICY");
  command->add_flag("--bare", options->bare, "Write nothing: the figures alone");
  add_json(*command, options->json, "The figures");
  add_long(*command, options->is_long);
  command_line::end(
      *command,
      {"pianissimo-lab simulate --list              # the scenarios",
       "pianissimo-lab simulate door                # what the default law makes of one of them",
       "pianissimo-lab simulate door --policy blues --bare --json"},
      "Exit status: 0; 64 wrong usage, or too long without --long; 65 bad scenario, or an output "
      "file that another program wrote; 66 no such scenario or configuration; "
      "73 cannot write; 78 bad configuration.");
  command->callback([options, &status] {
    try {
      status = list_or_simulate(*options);
    } catch (const OutputError& error) {
      say(stderr, error.what());
      status = error.exit_status();
    }
  });
}

}  // namespace pianissimo::lab
