#include "experiments/evaluate/sweep.hpp"

#include <array>
#include <boost/json.hpp>
#include <fstream>
#include <map>
#include <memory>
#include <mutex>
#include <set>

#include "controller/policy/fixed.hpp"
#include "experiments/evaluate/figures.hpp"
#include "experiments/evaluate/parallel.hpp"
#include "experiments/replay/replay.hpp"
#include "experiments/replay/settings.hpp"
#include "experiments/report/input.hpp"
#include "experiments/report/journal.hpp"

namespace pianissimo::evaluate {
namespace {

// The run at the ceiling that all runs of one scenario, seed and box are held against: made by the
// first that needs it, gone with the last.
class CeilingRun {
 public:
  CeilingRun(const sim::Scenario& scenario, std::uint64_t seed, const BoxParams& box)
      : scenario_{scenario}, seed_{seed}, box_{box} {}

  const sim::RunResult& get() {
    std::call_once(once_, [this] {
      const PolicyFactory fixed = [] { return make_fixed({}); };
      result_ = sim::run(scenario_, {.seed = seed_, .policy = fixed, .box = box_, .record = {}});
    });
    return result_;
  }

 private:
  const sim::Scenario& scenario_;
  std::uint64_t seed_;
  BoxParams box_;
  std::once_flag once_;
  sim::RunResult result_;
};

boost::json::object settings_object(std::span<const std::string> settings) {
  boost::json::object out;
  for (const std::string& setting : settings) {
    const std::size_t equals = setting.find('=');
    out[setting.substr(0, equals)] = setting.substr(equals + 1);
  }
  return out;
}

struct Combination {
  std::vector<std::string> settings;
  policies::LabConfig lab;  // settings on top of the base, or of the defaults
};

// Shared by the runs.
using Combinations = std::vector<std::shared_ptr<const Combination>>;

std::variant<Combinations, UsageError> combinations_of(const SweepPlan& plan) {
  Combinations out;
  for (auto& settings : combinations(plan.axes)) {
    auto lab = replay::with_settings({plan.base.value_or(Config{})}, settings);
    if (const auto* const errors = std::get_if<std::vector<ConfigError>>(&lab)) {
      return UsageError{to_string(errors->front(), "--grid")};
    }
    out.push_back(std::make_shared<Combination>(
        Combination{std::move(settings), std::get<policies::LabConfig>(std::move(lab))}));
  }
  return out;
}

std::string scenario_row(const std::string& id, const SweepPlan& plan,
                         const sim::Scenario& scenario, std::uint64_t seed,
                         const Combination& combination, CeilingRun& ceiling) {
  const JudgedRun run = run_judged(scenario, {.seed = seed,
                                              .policy = policy_of(combination.lab),
                                              .box = combination.lab.config.box,
                                              .interval = combination.lab.config.interval,
                                              .record = {}});
  const Figures figures = judge(run, ceiling.get(), plan.keep);
  boost::json::object row{{"id", id},
                          {"version", plan.version},
                          {"scenario", scenario.name},
                          {"seed", seed},
                          {"settings", settings_object(combination.settings)},
                          {"config_hash", config_hash(to_json(combination.lab))},
                          {"judged_by_keep", plan.keep}};
  for (const FigureName& name : figure_names()) {
    // The oracle's own are evaluate's.
    if (name.figure == Figure::oracle_saved_db || name.figure == Figure::oracle_gap_db ||
        name.figure == Figure::unspent_db) {
      continue;
    }
    const auto& value = figures[name.figure];
    row[name.key] = value ? boost::json::value(*value) : boost::json::value(nullptr);
  }
  return boost::json::serialize(row);
}

std::string journal_row(const std::string& id, const SweepPlan& plan,
                        const std::filesystem::path& journal, const Combination& combination) {
  replay::Options how{.config = plan.base, .settings = combination.settings, .journal = {}};
  const replay::Summary summary = replay::replay(std::array{journal}, how);
  boost::json::object row{{"id", id},
                          {"version", plan.version},
                          {"journal", journal.string()},
                          {"settings", settings_object(combination.settings)}};
  const boost::json::value parsed = boost::json::parse(replay::summary_json(summary));
  for (const auto& [key, value] : parsed.as_object()) {
    row[key] = value;
  }
  return boost::json::serialize(row);
}

// Of the journal with its older files, as replay reads them.
Hash hash_of_journal(const std::filesystem::path& newest) {
  Hash hash;
  const auto files = report::journal_files(newest);
  for (auto file = files.rbegin(); file != files.rend(); ++file) {
    report::require_readable(*file);
    std::ifstream in{*file, std::ios::binary};
    if (!in) {
      throw report::InputError{report::InputError::Kind::no_input, *file, 0, "cannot be read"};
    }
    std::string piece(1 << 20, '\0');
    do {
      in.read(piece.data(), static_cast<std::streamsize>(piece.size()));
      hash.add(std::string_view{piece}.substr(0, static_cast<std::size_t>(in.gcount())));
    } while (in);
  }
  return hash;
}

// The runs of one shard, each once.
class Runs {
 public:
  explicit Runs(const Shard& shard) : shard_{shard} {}

  bool wants(const std::string& id) { return is_in(shard_, id) && ids_.insert(id).second; }
  void add(std::string id, std::function<std::string()> row) {
    runs_.push_back({std::move(id), std::move(row)});
  }
  std::vector<SweepRun> take() { return std::move(runs_); }

 private:
  Shard shard_;
  std::set<std::string> ids_;
  std::vector<SweepRun> runs_;
};

void add_scenario(Runs& runs, const SweepPlan& plan, const SweptScenario& swept, std::uint64_t seed,
                  const Combinations& combinations) {
  const Hash input = hash_of(swept.scenario, swept.text);
  std::map<std::pair<Dbm, std::optional<Dbm>>, std::shared_ptr<CeilingRun>> ceilings;
  for (const auto& combination : combinations) {
    Hash hash = input;
    hash.add("scenario").add(seed).add(to_json(combination->lab));
    hash.add(std::to_string(plan.keep)).add(plan.version);
    const std::string id = run_id(hash);
    if (!runs.wants(id)) continue;
    const BoxParams& box = combination->lab.config.box;
    auto& ceiling = ceilings[{box.floor, box.ceiling}];
    if (!ceiling) ceiling = std::make_shared<CeilingRun>(swept.scenario, seed, box);
    runs.add(id, [&plan, &swept, combination, id, seed, ceiling] {
      return scenario_row(id, plan, swept.scenario, seed, *combination, *ceiling);
    });
  }
}

void add_journal(Runs& runs, const SweepPlan& plan, const std::filesystem::path& journal,
                 const Combinations& combinations) {
  const Hash input = hash_of_journal(journal);
  for (const auto& combination : combinations) {
    Hash hash = input;
    hash.add("journal").add(plan.base ? to_json(*plan.base) : "as recorded");
    for (const std::string& setting : combination->settings) hash.add(setting);
    const std::string id = run_id(hash.add(plan.version));
    if (!runs.wants(id)) continue;
    runs.add(id, [&plan, &journal, combination, id] {
      return journal_row(id, plan, journal, *combination);
    });
  }
}

}  // namespace

std::variant<std::vector<SweepRun>, UsageError> runs_of(const SweepPlan& plan) {
  const auto combinations = combinations_of(plan);
  if (const auto* const error = std::get_if<UsageError>(&combinations)) return *error;
  const auto& all = std::get<Combinations>(combinations);
  Runs runs{plan.shard};
  if (const auto* const journals = std::get_if<SweptJournals>(&plan.inputs)) {
    for (const auto& journal : *journals) add_journal(runs, plan, journal, all);
    return runs.take();
  }
  for (const SweptScenario& swept : std::get<std::vector<SweptScenario>>(plan.inputs)) {
    for (int seed = 1; seed <= plan.seeds; ++seed) {
      add_scenario(runs, plan, swept, static_cast<std::uint64_t>(seed), all);
    }
  }
  return runs.take();
}

SweepResult sweep(std::vector<SweepRun> runs, RunLog& log, int jobs,
                  const std::function<void(std::size_t done, std::size_t all)>& progress,
                  const std::function<bool()>& stop) {
  SweepResult result;
  result.skipped = std::erase_if(runs, [&](const SweepRun& run) { return log.has(run.id); });
  const auto work = [&](std::size_t i) {
    log.append(runs[i].row());
    runs[i].row = nullptr;  // and with it what only this run needed
  };
  const auto count = [&](std::size_t done) {
    result.done = done;
    if (progress) progress(done, runs.size());
  };
  result.is_whole = do_all(runs.size(), jobs, work, count, stop);
  return result;
}

}  // namespace pianissimo::evaluate
