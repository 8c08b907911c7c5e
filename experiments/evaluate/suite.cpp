#include "experiments/evaluate/suite.hpp"

#include <algorithm>
#include <array>
#include <deque>
#include <map>
#include <stdexcept>

#include "controller/policy/fixed.hpp"
#include "experiments/evaluate/frontier.hpp"
#include "experiments/evaluate/parallel.hpp"
#include "experiments/evaluate/plan.hpp"
#include "experiments/policies/registry.hpp"

namespace pianissimo::evaluate {
namespace {

constexpr std::string_view best_fixed = "best-fixed";
constexpr std::string_view oracle = "oracle";
constexpr std::string_view oracle_late = "oracle-late:";
constexpr std::string_view rate_slowest = "rate-slowest";
constexpr std::string_view rate_fixed = "rate-fixed:";

// nullopt: no contender that sets the bit rate.
std::optional<sim::MaskedRate> bit_rate_of(std::string_view contender) {
  if (contender == rate_slowest) return sim::slowest_bit_rate;
  if (!contender.starts_with(rate_fixed)) return std::nullopt;
  return sim::parse_bit_rate(contender.substr(rate_fixed.size()));
}

// nullopt: not the oracle that lags.
std::optional<Lateness> lateness_of(std::string_view contender) {
  if (!contender.starts_with(oracle_late)) return std::nullopt;
  return parse_lateness(contender.substr(oracle_late.size()));
}

PolicyFactory fixed_at(FixedParams params) {
  return [params] { return make_fixed(params); };
}

// All that runs on one channel: one scenario with one seed.
class Channel {
 public:
  Channel(const sim::Scenario& scenario, std::uint64_t seed, const SuiteOptions& options)
      : scenario_{scenario},
        seed_{seed},
        options_{options},
        ceiling_{run(fixed_at({.level = FixedParams::Edge::max}))},
        frontier_{options.gap ? std::optional{run_frontier()} : std::nullopt} {}

  /// In the order of options.keeps, then of options.contenders.
  std::vector<Figures> figures() {
    std::vector<Figures> out;
    for (const double keep : options_.keeps) {
      for (const std::string& contender : options_.contenders) {
        Figures figures = judge(run_of(contender, keep), ceiling_.result, keep);
        const double oracle_saves = saved_db(oracle_for(keep).result);
        figures[Figure::oracle_saved_db] = oracle_saves;
        figures[Figure::unspent_db] = oracle_saves - *figures[Figure::saved_db];
        const auto& retained = figures[Figure::capacity_retained];
        if (frontier_ && retained) {
          figures[Figure::oracle_gap_db] =
              frontier_->saved_at(*retained) - *figures[Figure::saved_db];
        }
        out.push_back(figures);
      }
    }
    return out;
  }

 private:
  JudgedRun run(PolicyFactory policy, std::chrono::milliseconds interval = Config{}.interval,
                const std::optional<sim::MaskedRate>& bit_rate = std::nullopt) const {
    return run_judged(scenario_, {.seed = seed_,
                                  .policy = std::move(policy),
                                  .box = options_.box,
                                  .interval = interval,
                                  .bit_rate = bit_rate,
                                  .record = {}});
  }

  /// Runs what nobody has asked for before.
  template <class Run>
  const JudgedRun& once(const std::pair<std::string, double>& key, Run make) {
    const auto found = runs_.find(key);
    return found != runs_.end() ? found->second : runs_.emplace(key, make()).first->second;
  }

  const JudgedRun& oracle_for(double keep) {
    const std::size_t index = keep_index(keep);
    auto& run = oracles_.at(index);
    if (!run) {
      const auto plan = oracle_plan(ceiling_.result, index);
      run = this->run([plan] { return policies::make_oracle(plan); });
    }
    return *run;
  }

  const JudgedRun& late_oracle_for(const std::string& contender, const Lateness& late,
                                   double keep) {
    return once({contender, keep}, [&] {
      const auto plan = late_plan(*oracle_plan(ceiling_.result, keep_index(keep)), late);
      return run([plan] { return policies::make_oracle(plan); });
    });
  }

  Frontier run_frontier() {
    std::vector<Frontier::Point> points;
    for (const double keep : sim::oracle_keeps) {
      const JudgedRun& run = oracle_for(keep);
      const Figures figures = judge(run, ceiling_.result, keep);
      points.push_back({figures[Figure::capacity_retained].value_or(1), saved_db(run.result)});
    }
    // Nobody can save more than this.
    const JudgedRun& floor = run_of("fixed-min", 0);
    points.push_back({judge(floor, ceiling_.result, 0.97)[Figure::capacity_retained].value_or(1),
                      saved_db(floor.result)});
    return Frontier{std::move(points)};
  }

  const JudgedRun& run_of(const std::string& contender, double keep) {
    if (contender == oracle) return oracle_for(keep);
    if (contender == best_fixed) return best_fixed_for(keep);
    const auto variant = std::ranges::find(options_.variants, contender, &Variant::name);
    if (variant != options_.variants.end()) return run_of(*variant, keep);
    if (const auto late = lateness_of(contender)) return late_oracle_for(contender, *late, keep);
    const auto bit_rate = bit_rate_of(contender);
    const policies::Law* const law =
        policies::find_law(bit_rate ? std::string_view{"fixed-max"} : contender);
    if (law == nullptr) throw std::invalid_argument{"no such contender: " + contender};
    // A law without a keep does the same for every keep.
    return once({contender, law->has_keep ? keep : 0.0},
                [&] { return run(law->make(keep), Config{}.interval, bit_rate); });
  }

  const JudgedRun& run_of(const Variant& variant, double keep) {
    const policies::LabConfig lab = config_of(variant, keep);
    const std::pair key{variant.name, keep};
    const auto found = runs_.find(key);
    if (found != runs_.end()) return found->second;
    // A law without a keep does the same for every keep.
    for (const auto& [other, run] : runs_) {
      if (other.first == variant.name && config_of(variant, other.second) == lab) return run;
    }
    return runs_
        .emplace(key,
                 run(policies::blindfolded(policy_of(lab), variant.hidden), lab.config.interval))
        .first->second;
  }

  // Level by level from the floor up, as far as anybody has asked for.
  const JudgedRun& best_fixed_for(double keep) {
    Box box = ceiling_.result.access_points.front().box;
    for (const auto& ap : ceiling_.result.access_points) {
      box = {std::min(box.floor(), ap.box.floor()), std::max(box.ceiling(), ap.box.ceiling())};
    }
    for (int i = 0; i < box.levels(); ++i) {
      if (i == static_cast<int>(levels_.size())) {
        levels_.push_back(run(fixed_at({.level = box.floor() + db(i)})));
      }
      const JudgedRun& level = levels_[static_cast<std::size_t>(i)];
      const Figures figures = judge(level, ceiling_.result, keep);
      if (figures[Figure::capacity_retained_worst].value_or(1) >= keep) return level;
    }
    return ceiling_;
  }

  const sim::Scenario& scenario_;
  std::uint64_t seed_;
  const SuiteOptions& options_;
  JudgedRun ceiling_;
  std::array<std::optional<JudgedRun>, sim::oracle_keeps.size()> oracles_;
  std::deque<JudgedRun> levels_;  // from the floor up
  std::map<std::pair<std::string, double>, JudgedRun> runs_;
  std::optional<Frontier> frontier_;  // made by running: after all that runs are kept in
};

}  // namespace

std::vector<std::string> contender_names() {
  std::vector<std::string> out;
  for (const policies::Law& law : policies::laws()) {
    // The yardsticks together, before the laws.
    if (law.name == "descend")
      out.insert(out.end(), {std::string{best_fixed}, std::string{oracle}});
    out.emplace_back(law.name);
  }
  out.emplace_back(rate_slowest);
  return out;
}

bool is_contender(std::string_view name) {
  return bit_rate_of(name) || lateness_of(name) || std::ranges::count(contender_names(), name) > 0;
}

std::optional<std::vector<Row>> evaluate(std::span<const sim::Scenario> scenarios,
                                         const SuiteOptions& options) {
  const auto seeds = static_cast<std::size_t>(options.seeds);
  const std::size_t all = scenarios.size() * seeds;
  std::vector<std::vector<Figures>> results(all);
  const auto work = [&](std::size_t i) {
    results[i] = Channel{scenarios[i / seeds], 1 + i % seeds, options}.figures();
  };
  const auto progress = [&](std::size_t done) {
    if (options.progress) options.progress(done, all);
  };
  const auto stop = [&] { return options.stop && options.stop(); };
  if (!do_all(all, options.jobs, work, progress, stop)) return std::nullopt;

  std::vector<Row> rows;
  for (std::size_t scenario = 0; scenario < scenarios.size(); ++scenario) {
    for (std::size_t k = 0; k < options.keeps.size(); ++k) {
      for (std::size_t c = 0; c < options.contenders.size(); ++c) {
        Row& row = rows.emplace_back(
            Row{scenarios[scenario].name, options.contenders[c], options.keeps[k], {}});
        for (std::size_t seed = 0; seed < seeds; ++seed) {
          row.by_seed.push_back(
              results[scenario * seeds + seed][k * options.contenders.size() + c]);
        }
      }
    }
  }
  return rows;
}

std::vector<Row> over_scenarios(std::span<const Row> rows) {
  std::vector<Row> out;
  for (const Row& row : rows) {
    const auto found = std::ranges::find_if(out, [&](const Row& other) {
      return other.contender == row.contender && other.keep == row.keep;
    });
    if (found == out.end()) {
      out.push_back({"", row.contender, row.keep, std::vector<Figures>(row.by_seed.size())});
    }
  }
  for (Row& mean : out) {
    for (std::size_t seed = 0; seed < mean.by_seed.size(); ++seed) {
      for (std::size_t figure = 0; figure < figure_count; ++figure) {
        double sum = 0;
        int count = 0;
        for (const Row& row : rows) {
          if (row.contender != mean.contender || row.keep != mean.keep) continue;
          const auto& value = row.by_seed.at(seed).values[figure];
          if (!value) continue;
          sum += *value;
          ++count;
        }
        if (count > 0) mean.by_seed[seed].values[figure] = sum / count;
      }
    }
  }
  return out;
}

}  // namespace pianissimo::evaluate
