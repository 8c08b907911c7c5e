#include "experiments/evaluate/table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

namespace pianissimo::evaluate {
namespace {

boost::json::object object_of(const Row& row) {
  boost::json::object out{{"scenario", row.scenario},
                          {"policy", row.contender},
                          {"keep", row.keep},
                          {"seeds", row.by_seed.size()}};
  for (const FigureName& name : figure_names()) {
    const auto spread = spread_of(row, name.figure);
    const std::string key{name.key};
    if (!spread) {
      out[key] = nullptr;
      continue;
    }
    put(out, key, *spread);
    if (static_cast<std::size_t>(spread->n) != row.by_seed.size()) out[key + "_n"] = spread->n;
  }
  return out;
}

std::string cell(const Row& row, const FigureName& name) {
  const auto spread = spread_of(row, name.figure);
  return spread ? cell_of(*spread, name.scale, name.decimals) : "-";
}

// Rows of one scenario and one keep.
std::string table_of(std::span<const Row> rows) {
  std::string head = "| law |";
  std::string line = "|---|";
  std::vector<FigureName> columns;
  for (const FigureName& name : figure_names()) {
    const bool is_empty = !name.is_shown || std::ranges::none_of(rows, [&](const Row& row) {
      return spread_of(row, name.figure).has_value();
    });
    if (is_empty) continue;
    columns.push_back(name);
    head += fmt::format(" {} |", name.name);
    line += "--:|";
  }
  std::string out = head + '\n' + line + '\n';
  for (const Row& row : rows) {
    out += fmt::format("| {} |", row.contender);
    for (const FigureName& name : columns) out += fmt::format(" {} |", cell(row, name));
    out += '\n';
  }
  return out;
}

std::string tables_of(std::span<const Row> rows) {
  std::string out;
  for (std::size_t from = 0; from < rows.size();) {
    std::size_t to = from;
    while (to < rows.size() && rows[to].scenario == rows[from].scenario &&
           rows[to].keep == rows[from].keep) {
      ++to;
    }
    const bool is_new = from == 0 || rows[from - 1].scenario != rows[from].scenario;
    if (is_new && !rows[from].scenario.empty())
      out += fmt::format("### {}\n\n", rows[from].scenario);
    out += fmt::format("keep {:.2f}\n\n{}\n", rows[from].keep,
                       table_of(rows.subspan(from, to - from)));
    from = to;
  }
  return out;
}

}  // namespace

std::optional<Spread> spread_of(const Row& row, Figure figure) {
  std::vector<double> values;
  for (const Figures& figures : row.by_seed) {
    if (figures[figure]) values.push_back(*figures[figure]);
  }
  return spread_of(values);
}

std::string json_of(std::span<const Row> rows) {
  std::vector<boost::json::object> objects;
  for (const Row& row : rows) objects.push_back(object_of(row));
  return lines_of(objects);
}

std::string markdown_of(std::span<const Row> rows) {
  const std::size_t seeds = rows.empty() ? 0 : rows.front().by_seed.size();
  return fmt::format(
      "## All scenarios\n\nMean of {} seed{}, ± half the 95 % interval (Student's t).\n\n{}"
      "## By scenario\n\n{}",
      seeds, seeds == 1 ? "" : "s", tables_of(over_scenarios(rows)), tables_of(rows));
}

}  // namespace pianissimo::evaluate
