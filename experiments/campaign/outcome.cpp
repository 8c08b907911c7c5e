#include "experiments/campaign/outcome.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

#include "experiments/policies/transmissions.hpp"
#include "experiments/report/figures.hpp"

namespace pianissimo::campaign {
namespace {

constexpr std::array<FigureName, 5> names{{
    {&Figures::received_mbps, "received_mbps", "received, Mbit/s", 2, 1},
    {&Figures::kept, "kept", "kept, %", 1, 100},
    {&Figures::saved_db, "saved_db", "saved, dB", 2, 1},
    {&Figures::retries, "retries", "retries, %", 1, 100},
    {&Figures::changes_per_minute, "changes_per_minute", "changes/min", 1, 1},
}};

std::optional<double> received_mbps(const report::Run& run) {
  if (!run.traffic) return std::nullopt;
  double bytes_per_s = 0;
  for (const auto& [station, received] : *run.traffic) bytes_per_s += received;
  return 8e-6 * bytes_per_s;
}

// Of the transmissions to all stations, those that were repetitions or failed.
std::optional<double> retries(const report::Run& run) {
  if (!run.journal) return std::nullopt;
  policies::Transmissions all;
  for (const auto& [mac, station] : run.journal->stations) {
    all += policies::transmissions_between(station.first, station.last)
               .value_or(policies::Transmissions{});
  }
  if (all.attempts == 0) return std::nullopt;
  return 1 - all.success();
}

std::string cell(const std::optional<double>& value) {
  return value ? fmt::format("{:.6g}", *value) : "";
}

}  // namespace

std::span<const FigureName> figure_names() { return names; }

Figures figures_of(const report::Run& run, const report::Run* yardstick) {
  const report::RunFigures judged = report::judge(run, yardstick);
  Figures out{.received_mbps = received_mbps(run),
              .kept = {},
              .saved_db = judged.saved_confirmed_db,
              .retries = retries(run),
              .changes_per_minute = judged.changes_per_minute};
  const auto full = yardstick != nullptr ? received_mbps(*yardstick) : std::nullopt;
  if (out.received_mbps && full && *full > 0) out.kept = *out.received_mbps / *full;
  return out;
}

std::optional<evaluate::Spread> Row::spread(const FigureName& name) const {
  std::vector<double> values;
  for (const Figures& figures : by_block) {
    if (const auto& value = figures.*name.figure) values.push_back(*value);
  }
  return evaluate::spread_of(values);
}

std::vector<Row> rows_of(std::span<const Outcome> outcomes) {
  std::vector<Row> rows;
  for (const Outcome& outcome : outcomes) {
    auto row = std::ranges::find_if(rows, [&](const Row& one) {
      return one.place == outcome.place && one.access_point == outcome.access_point &&
             one.law == outcome.law;
    });
    if (row == rows.end()) {
      rows.push_back({outcome.place, outcome.access_point, outcome.law, {}});
      row = rows.end() - 1;
    }
    row->by_block.push_back(outcome.figures);
  }
  return rows;
}

std::string runs_csv(std::span<const Outcome> outcomes) {
  std::string out{runs_csv_mark};
  for (const FigureName& name : names) {
    fmt::format_to(std::back_inserter(out), "{}{}", &name == names.data() ? "" : ",", name.key);
  }
  out += '\n';
  for (const Outcome& outcome : outcomes) {
    out +=
        fmt::format("{},{},{},{}", outcome.place, outcome.access_point, outcome.law, outcome.block);
    for (const FigureName& name : names) out += ',' + cell(outcome.figures.*name.figure);
    out += '\n';
  }
  return out;
}

std::string campaign_csv(std::span<const Row> rows) {
  std::string out{campaign_csv_mark};
  for (const FigureName& name : names) {
    out += fmt::format("{0}{1},{1}_ci95", &name == names.data() ? "" : ",", name.key);
  }
  out += '\n';
  for (const Row& row : rows) {
    out += fmt::format("{},{},{},{}", row.place, row.access_point, row.law, row.by_block.size());
    for (const FigureName& name : names) {
      const auto spread = row.spread(name);
      out += spread ? fmt::format(",{},{}", cell(spread->mean), cell(spread->ci95)) : ",,";
    }
    out += '\n';
  }
  return out;
}

std::string campaign_markdown(std::span<const Row> rows) {
  std::string out;
  std::string title;
  for (const Row& row : rows) {
    const std::string of = fmt::format("{}, {}", row.place, row.access_point);
    if (of != title) {
      title = of;
      out += fmt::format("{}### {}\n\n| law | blocks |", out.empty() ? "" : "\n", of);
      for (const FigureName& name : names) out += fmt::format(" {} |", name.name);
      out += "\n|---|--:|";
      for (std::size_t i = 0; i < names.size(); ++i) out += "--:|";
      out += '\n';
    }
    out += fmt::format("| {} | {} |", row.law, row.by_block.size());
    for (const FigureName& name : names) {
      const auto spread = row.spread(name);
      out += fmt::format(" {} |",
                         spread ? evaluate::cell_of(*spread, name.scale, name.decimals) : "-");
    }
    out += '\n';
  }
  return out;
}

}  // namespace pianissimo::campaign
