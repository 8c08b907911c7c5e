#include "experiments/recorded/judge.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

#include "controller/policy/fixed.hpp"
#include "experiments/evaluate/parallel.hpp"
#include "experiments/policies/registry.hpp"

namespace pianissimo::recorded {
namespace {

constexpr std::string_view best_fixed = "best-fixed";

constexpr std::array<FigureName, 6> names{{
    {&Figures::kept, "kept", "kept, %", 1, 100},
    {&Figures::kept_of_best, "kept_of_best", "kept of the best level's, %", 1, 100},
    {&Figures::saved_db, "saved_db", "saved, dB", 2, 1},
    {&Figures::saved_at_receiver_db, "saved_at_receiver_db", "saved at the receiver, dB", 2, 1},
    {&Figures::below_keep, "below_keep", "below keep, % of time", 1, 100},
    {&Figures::changes_per_minute, "changes_per_minute", "changes/min", 1, 1},
}};

PolicyFactory policy_for(const std::string& law, const PowerTable& table, double keep) {
  if (law == best_fixed) {
    const Dbm level = lowest_level_that_keeps(table, keep);
    return [level] { return make_fixed({.level = level}); };
  }
  const policies::Law* const found = policies::find_law(law);
  if (found == nullptr) throw std::invalid_argument{"no such law: " + law};
  return found->make(keep);
}

}  // namespace

std::span<const FigureName> figure_names() { return names; }

Figures judge(const PowerTable& table, const RunResult& run, double keep) {
  const auto& [ceiling, at_ceiling] = *table.levels.rbegin();
  const Throughput whole = mean_throughput(at_ceiling);
  const Throughput best = mean_throughput(table.levels.at(best_level(table)));
  const auto share = [](double bps, Throughput of) {
    return of.is_zero() ? 1 : bps / static_cast<double>(of.bps());
  };
  Figures out;
  double all = 0;
  for (const auto& [level, spent] : run.spent) {
    const double s = std::chrono::duration<double>(spent).count();
    const auto& samples = table.levels.at(level);
    all += s;
    out.saved_db += s * (ceiling - level).value();
    out.saved_at_receiver_db += s * (mean_signal(at_ceiling) - mean_signal(samples));
    if (mean_throughput(samples) < keep * whole) out.below_keep += s;
  }
  out.saved_db /= all;
  out.saved_at_receiver_db /= all;
  out.below_keep /= all;
  out.kept = share(run.delivered_bits / all, whole);
  out.kept_of_best = share(run.delivered_bits / all, best);
  out.changes_per_minute = 60 * run.changes / all;
  return out;
}

std::vector<std::string> contender_names() {
  std::vector<std::string> out{std::string{best_fixed}};
  for (const policies::Law& law : policies::laws()) out.emplace_back(law.name);
  return out;
}

std::optional<std::vector<Row>> judge_all(std::span<const NamedTable> tables,
                                          const JudgeOptions& options) {
  const auto seeds = static_cast<std::size_t>(options.seeds);
  std::vector<Row> rows;
  std::vector<ShownLevels> levels;
  for (const NamedTable& table : tables) {
    levels.push_back(shown(table.table));
    for (const std::string& law : options.laws) {
      rows.push_back({table.name, law, std::vector<Figures>(seeds)});
    }
  }
  const std::size_t all = rows.size() * seeds;
  const auto work = [&](std::size_t i) {
    Row& row = rows[i / seeds];
    const std::size_t which = i / seeds / options.laws.size();
    const PowerTable& table = tables[which].table;
    const RunResult result = run(levels[which], {.seed = 1 + i % seeds,
                                                 .policy = policy_for(row.law, table, options.keep),
                                                 .length = options.length});
    row.by_seed[i % seeds] = judge(table, result, options.keep);
  };
  const auto progress = [&](std::size_t done) {
    if (options.progress) options.progress(done, all);
  };
  const auto stop = [&] { return options.stop && options.stop(); };
  if (!evaluate::do_all(all, options.jobs, work, progress, stop)) return std::nullopt;
  return rows;
}

std::vector<Row> over_recordings(std::span<const Row> rows) {
  std::vector<Row> out;
  std::vector<int> counts;
  for (const Row& row : rows) {
    auto found = std::ranges::find(out, row.law, &Row::law);
    if (found == out.end()) {
      out.push_back({"", row.law, std::vector<Figures>(row.by_seed.size())});
      counts.push_back(0);
      found = out.end() - 1;
    }
    ++counts[static_cast<std::size_t>(found - out.begin())];
    for (std::size_t seed = 0; seed < row.by_seed.size(); ++seed) {
      for (const FigureName& name : names) {
        found->by_seed[seed].*name.figure += row.by_seed[seed].*name.figure;
      }
    }
  }
  for (std::size_t i = 0; i < out.size(); ++i) {
    for (Figures& figures : out[i].by_seed) {
      for (const FigureName& name : names) figures.*name.figure /= counts[i];
    }
  }
  return out;
}

}  // namespace pianissimo::recorded
