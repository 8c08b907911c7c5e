#include "experiments/recorded/figure_table.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>

#include "experiments/evaluate/spread.hpp"

namespace pianissimo::recorded {
namespace {

evaluate::Spread spread_of(const Row& row, const FigureName& name) {
  std::vector<double> values;
  for (const Figures& figures : row.by_seed) values.push_back(figures.*name.figure);
  return *evaluate::spread_of(values);
}

// `table`: none of a total.
boost::json::object object_of(const Row& row, const NamedTable* table,
                              const JudgeOptions& options) {
  boost::json::object out{{"recording", nullptr},
                          {"policy", row.law},
                          {"keep", options.keep},
                          {"seeds", row.by_seed.size()}};
  if (table != nullptr) {
    out["recording"] = table->name;
    out["ceiling_dbm"] = table->table.levels.rbegin()->first.value();
    out["best_dbm"] = best_level(table->table).value();
    out["best_fixed_dbm"] = lowest_level_that_keeps(table->table, options.keep).value();
  }
  for (const FigureName& name : figure_names()) {
    evaluate::put(out, name.key, spread_of(row, name));
  }
  return out;
}

std::string table_of(std::span<const Row> rows) {
  std::string head = "| law |";
  std::string line = "|---|";
  for (const FigureName& name : figure_names()) {
    head += fmt::format(" {} |", name.name);
    line += "--:|";
  }
  std::string out = head + '\n' + line + '\n';
  for (const Row& row : rows) {
    out += fmt::format("| {} |", row.law);
    for (const FigureName& name : figure_names()) {
      out +=
          fmt::format(" {} |", evaluate::cell_of(spread_of(row, name), name.scale, name.decimals));
    }
    out += '\n';
  }
  return out;
}

std::string level_text(const PowerTable& table, Dbm level) {
  return fmt::format("{} dBm ({:.3f} Mbit/s)", level.value(),
                     mean_throughput(table.levels.at(level)).mbps());
}

std::string head_of(const NamedTable& named, double keep) {
  const PowerTable& table = named.table;
  return fmt::format("### {}\n\n{} levels; ceiling {}; best {}; lowest that keeps {:g}: {}\n\n",
                     named.name, table.levels.size(),
                     level_text(table, table.levels.rbegin()->first),
                     level_text(table, best_level(table)), keep,
                     level_text(table, lowest_level_that_keeps(table, keep)));
}

}  // namespace

std::string json_of(std::span<const NamedTable> tables, std::span<const Row> rows,
                    const JudgeOptions& options) {
  std::vector<boost::json::object> objects;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    objects.push_back(object_of(rows[i], &tables[i / options.laws.size()], options));
  }
  if (tables.size() > 1) {
    for (const Row& row : over_recordings(rows)) {
      objects.push_back(object_of(row, nullptr, options));
    }
  }
  return evaluate::lines_of(objects);
}

std::string markdown_of(std::span<const NamedTable> tables, std::span<const Row> rows,
                        const JudgeOptions& options) {
  std::string out = fmt::format(
      "## Laws on recordings\n\nkeep {:g}; mean of {} seed{}, ± half the 95 % interval "
      "(Student's t).\n\n",
      options.keep, options.seeds, options.seeds == 1 ? "" : "s");
  if (tables.size() > 1) out += "### All\n\n" + table_of(over_recordings(rows)) + '\n';
  const std::size_t laws = options.laws.size();
  for (std::size_t i = 0; i < tables.size(); ++i) {
    out += head_of(tables[i], options.keep) + table_of(rows.subspan(i * laws, laws)) + '\n';
  }
  return out;
}

}  // namespace pianissimo::recorded
