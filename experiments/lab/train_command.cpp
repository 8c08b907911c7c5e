#include "experiments/lab/train_command.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <memory>

#include "config/classifier.hpp"
#include "config/say.hpp"
#include "controller/policy/anchor.hpp"
#include "experiments/evaluate/parallel.hpp"
#include "experiments/lab/captured.hpp"
#include "experiments/lab/json_result.hpp"
#include "experiments/lab/output_file.hpp"
#include "experiments/lab/scenario_files.hpp"
#include "experiments/train/rows.hpp"
#include "experiments/train/score.hpp"

namespace pianissimo::lab {
namespace {

namespace fs = std::filesystem;
using train::Row;

constexpr int wrong_usage = 64;          // EX_USAGE
constexpr int unavailable = 69;          // EX_UNAVAILABLE
constexpr int software = 70;             // EX_SOFTWARE
constexpr int test_seeds_from = 10'001;  // above all those that are trained with

constexpr Signature rows_table{"windows of pianissimo-lab train",
                               "scenario,seed,station,t_s,packets,"};
constexpr Signature classifier_table{"a classifier of pianissimo-lab train", classifier_mark};
constexpr Signature fit_program{"the program of pianissimo-lab train",
                                "# Fits a decision tree to windows of traffic, with rpart."};

struct Options {
  std::vector<std::string> train;
  std::vector<std::string> test;
  int seeds = 4;
  int leaves = 24;
  int jobs = 1;
  fs::path out = "out/train";
  std::string json;
};

using Scenarios = std::vector<sim::Scenario>;

std::vector<Row> simulated(const Scenarios& scenarios, int first_seed, const Options& options) {
  const auto seeds = static_cast<std::size_t>(options.seeds);
  std::vector<std::vector<Row>> parts(scenarios.size() * seeds);
  const PolicyFactory law = [] { return make_anchor({}); };
  evaluate::do_all(
      parts.size(), options.jobs,
      [&](std::size_t i) {
        const auto seed = static_cast<std::uint64_t>(first_seed) + i % seeds;
        parts[i] = train::rows_of(scenarios[i / seeds], seed, law);
      },
      [](std::size_t) {}, [] { return false; });
  std::vector<Row> rows;
  for (std::vector<Row>& part : parts) rows.insert(rows.end(), part.begin(), part.end());
  return rows;
}

// Never the same scenario in both: a tree that has seen it knows it. True: said so.
bool said_shared(const Scenarios& train, const Scenarios& test) {
  for (const sim::Scenario& scenario : train) {
    if (std::ranges::find(test, scenario.name, &sim::Scenario::name) == test.end()) continue;
    say(stderr, scenario.name + " is among the scenarios to train with and to test with");
    return true;
  }
  return false;
}

// What the program that fits has said: the tree, and its own answers to the rows to test with.
struct Fit {
  TrafficTree tree;
  std::vector<std::string> answers;
};

std::variant<Fit, int> fitted(const Options& options) {
  const std::string program = (options.out / "fit.R").string();
  OutputFile file{program, fit_program};
  file.stream() << shipped_fit();
  file.commit();
  const std::array<std::string, 5> command{"Rscript", program, (options.out / "train.csv").string(),
                                           (options.out / "test.csv").string(),
                                           std::to_string(options.leaves)};
  const Captured said = captured(command);
  if (said.status == 127) {
    say(stderr, "there is no Rscript (Debian: r-cran-rpart)");
    return unavailable;
  }
  if (said.status != 0) {
    say(stderr, fmt::format("{}: ended with status {}", program, said.status));
    return said.status == unavailable ? unavailable : software;
  }
  const std::size_t middle = said.text.find("\n\n");
  auto tree = parse_classifier(std::string_view{said.text}.substr(0, middle));
  if (const auto* const error = std::get_if<ClassifierError>(&tree)) {
    say(stderr, fmt::format("{}: line {} of its table: {}", program, error->line, error->message));
    return software;
  }
  Fit fit{std::get<TrafficTree>(std::move(tree)), {}};
  std::istringstream rest{middle == said.text.npos ? "" : said.text.substr(middle + 2)};
  for (std::string line; std::getline(rest, line);) fit.answers.push_back(line);
  return fit;
}

// The table must say what the library says, in every row.
bool is_exact(const Fit& fit, const std::vector<Row>& test) {
  bool is_same = fit.answers.size() == test.size();
  for (std::size_t i = 0; is_same && i < test.size(); ++i) {
    is_same = to_string(fit.tree.classify(test[i].features)) == fit.answers[i];
  }
  if (!is_same) say(stderr, "the table does not give the answers of the library that made it");
  return is_same;
}

void write_rows(const fs::path& path, const std::vector<Row>& rows) {
  OutputFile file{path, rows_table};
  train::write_rows(file.stream(), rows);
  file.commit();
}

// For people and for the daemon: a line for each node, and where it comes from.
void write_tree(const Options& options, const TrafficTree& tree, std::size_t windows) {
  OutputFile file{options.out / "classifier.csv", classifier_table};
  std::string text = to_text(tree);
  std::ranges::replace(text, ';', '\n');
  file.stream() << text << '\n'
                << fmt::format("# pianissimo-lab train {}: {} windows, seeds 1 to {}\n",
                               PIANISSIMO_VERSION, windows, options.seeds);
  file.commit();
}

boost::json::object score_json(const train::Score& score) {
  boost::json::object classes;
  for (const LoadClass kind : train::load_classes) {
    const train::ClassScore of = score.of(kind);
    classes[to_string(kind)] = {
        {"windows", of.windows}, {"precision", of.precision}, {"recall", of.recall}, {"f1", of.f1}};
  }
  return {{"classes", std::move(classes)},
          {"macro_f1", score.macro_f1()},
          {"accuracy", score.accuracy()}};
}

int run_train(const Options& options) {
  const auto train_with = load_scenarios(options.train, shipped_training());
  const auto test_with = load_scenarios(options.test);
  for (const auto* const loaded : {&train_with, &test_with}) {
    if (const auto* const error = std::get_if<sim::ScenarioError>(loaded)) {
      say(stderr, error->message);
      return error->exit_status();
    }
  }
  const auto& to_train = std::get<Scenarios>(train_with);
  const auto& to_test = std::get<Scenarios>(test_with);
  if (said_shared(to_train, to_test)) return wrong_usage;
  JsonResult json{options.json, "train"};
  make_folder(options.out);
  const std::vector<Row> train = simulated(to_train, 1, options);
  const std::vector<Row> test = simulated(to_test, test_seeds_from, options);
  write_rows(options.out / "train.csv", train);
  write_rows(options.out / "test.csv", test);
  const auto fit = fitted(options);
  if (const auto* const failed = std::get_if<int>(&fit)) return *failed;
  const auto& good = std::get<Fit>(fit);
  if (!is_exact(good, test)) return software;
  write_tree(options, good.tree, train.size());
  train::Score tree;
  train::Score rule;
  for (const Row& row : test) {
    tree.add(row.truth, good.tree.classify(row.features));
    rule.add(row.truth, row.rule);
  }
  json.write({{"nodes", good.tree.nodes.size()},
              {"windows", train.size()},
              {"out", options.out.string()},
              {"tree", score_json(tree)},
              {"rule", score_json(rule)}});
  if (json.is_on_output()) return EXIT_SUCCESS;
  say_lines(stdout, train::score_table(tree, rule));
  say(stdout, fmt::format("{} nodes from {} windows; results are in {}", good.tree.nodes.size(),
                          train.size(), options.out.string()));
  return EXIT_SUCCESS;
}

}  // namespace

void add_train(CLI::App& lab, int& status) {
  const auto options = std::make_shared<Options>();
  CLI::App* const command = lab.add_subcommand(
      "train", "Train a traffic classifier on simulated runs, and test it on others");
  command
      ->add_option("--train", options->train,
                   "Scenarios to train with: names, files or folders (default: those that are "
                   "made for it)")
      ->type_name("SCENARIO");
  command
      ->add_option("--test", options->test,
                   "Scenarios to test with, none of them one to train with (default: the "
                   "whole suite)")
      ->type_name("SCENARIO");
  command
      ->add_option("--seeds", options->seeds,
                   "Runs of each scenario (default 4): seeds 1 to N to train with, 10001 to "
                   "10000 + N to test with")
      ->check(CLI::Range(1, 1000));
  command->add_option("--leaves", options->leaves, "The most answers of the tree (default 24)")
      ->check(CLI::Range(2, 128));
  command->add_option("--jobs", options->jobs, "Threads (default 1; 0: one per core)")
      ->check(CLI::Range(0, 1024));
  command->add_option(
      "-o,--out", options->out,
      "Where classifier.csv, train.csv, test.csv and fit.R, the program that fits, go "
      "(default out/train)");
  add_json(*command, options->json, "How good it is");
  command->footer(
      "Exit status: 0; 64 wrong usage; 65 bad scenario, or an output file that another program "
      "wrote; 66 no such scenario; 69 no Rscript, or no rpart; 70 what was fitted "
      "is not what the table says; 73 cannot write.");
  command->callback([options, &status] {
    try {
      status = run_train(*options);
    } catch (const OutputError& error) {
      say(stderr, error.what());
      status = error.exit_status();
    }
  });
}

}  // namespace pianissimo::lab
