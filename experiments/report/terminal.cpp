#include <algorithm>

#include "config/printable.hpp"
#include "experiments/report/changes.hpp"
#include "experiments/report/figure_table.hpp"
#include "experiments/report/report.hpp"

namespace pianissimo::report {
namespace {

constexpr std::string_view bold = "\x1b[1m";
constexpr std::string_view red = "\x1b[31m";
constexpr std::string_view plain = "\x1b[0m";

struct Cell {
  std::string text;
  bool bad = false;
};

// The first column leans left, the others right.
class Grid {
 public:
  void add(std::vector<Cell> row) { rows_.push_back(std::move(row)); }

  std::string text(bool colours) const {
    std::vector<std::size_t> widths;
    for (const auto& row : rows_) {
      widths.resize(std::max(widths.size(), row.size()));
      for (std::size_t i = 0; i < row.size(); ++i) {
        widths[i] = std::max(widths[i], row[i].text.size());
      }
    }
    std::string out;
    for (std::size_t r = 0; r < rows_.size(); ++r) {
      std::string line;
      for (std::size_t i = 0; i < rows_[r].size(); ++i) {
        const Cell& cell = rows_[r][i];
        const std::string space(widths[i] - cell.text.size(), ' ');
        const std::string_view colour = r == 0 ? bold : cell.bad ? red : std::string_view{};
        if (i > 0) line += "  " + space;
        if (colours) line += colour;
        line += cell.text;
        if (colours && !colour.empty()) line += plain;
        if (i == 0 && rows_[r].size() > 1) line += space;
      }
      out += line + '\n';
    }
    return out;
  }

 private:
  std::vector<std::vector<Cell>> rows_;
};

std::string title(const FigureRow& row) {
  std::string text{row.name};
  return row.unit.empty() ? text : text.append(", ").append(row.unit);
}

Cell cell_of(const FigureRow& row, const RunFigures& figures) {
  Figure figure = row.of(figures);
  const bool bad = row.key == "retained" && figure.value_or(1) < whole_share;
  if (figure) figure = row.scale * *figure;
  return {number_text(figure, row.decimals), bad};
}

Grid figures_grid(const Report& report) {
  Grid grid;
  std::vector<Cell> head{{""}};
  for (const JudgedRun& judged : report.runs) head.push_back({printable(judged.run.name)});
  if (report.baseline) head.push_back({printable(report.baseline->run.name) + " (baseline)"});
  grid.add(std::move(head));
  for (const FigureRow& row : figure_rows()) {
    std::vector<Cell> line{{title(row)}};
    for (const JudgedRun& judged : report.runs) line.push_back(cell_of(row, judged.figures));
    if (report.baseline) line.push_back(cell_of(row, report.baseline->figures));
    grid.add(std::move(line));
  }
  return grid;
}

Grid stations_grid(const RunFigures& figures) {
  Grid grid;
  grid.add({{"station"}, {"saved, dB"}, {"retained, %"}, {"below 90 %, s"}, {"longest, s"}});
  for (const StationFigures* station : neediest_first(figures)) {
    const Comparison& capacity = station->capacity;
    Figure retained = capacity.retained;
    if (retained) retained = 100 * *retained;
    grid.add({{to_string(station->station)},
              {number_text(station->saved_db, 1)},
              {number_text(retained, 1), capacity.retained.value_or(1) < whole_share},
              {number_text(capacity.below_s, 0)},
              {number_text(capacity.longest_below_s, 0)}});
  }
  return grid;
}

Grid phases_grid(const StationFigures& station, const Run& run) {
  Grid grid;
  grid.add({{"path loss"},
            {"when"},
            {"power, dBm"},
            {"saved, dB"},
            {"capacity, Mbit/s"},
            {"at full power"},
            {"retained, %"},
            {"below 90 %, s"}});
  for (const PhaseFigures& phase : station.phases) {
    const Comparison& capacity = phase.capacity;
    Figure retained = capacity.retained;
    if (retained) retained = 100 * *retained;
    grid.add({{path_loss_text(phase.phase)},
              {when_text(phase.phase, run)},
              {number_text(phase.mean_power_dbm, 1)},
              {number_text(phase.saved_db, 1)},
              {number_text(capacity.capacity_mbps, 1)},
              {number_text(capacity.baseline_capacity_mbps, 1)},
              {number_text(retained, 1), capacity.retained.value_or(1) < whole_share},
              {number_text(capacity.below_s, 0)}});
  }
  return grid;
}

// A terminal is no place for a hundred rows.
constexpr std::size_t most_rows = 20;

std::string changes_text(const Run& run, bool colours) {
  const ChangeTable table = changes_of(run, most_rows);
  if (table.empty()) return {};
  Grid grid;
  std::vector<Cell> head;
  for (const ChangeColumn& column : change_columns()) head.push_back({std::string{column.name}});
  grid.add(std::move(head));
  for (const JudgedChange& change : table.shown) {
    std::vector<Cell> row;
    for (const ChangeColumn& column : change_columns()) {
      const bool is_verdict = column.name == "verdict";
      row.push_back(
          {printable(column.text(change, run)), is_verdict && change.verdict == Verdict::hurt});
    }
    grid.add(std::move(row));
  }
  std::string text = '\n' + printable(run.name) + ", what lasting changes did\n";
  text += grid.text(colours);
  if (table.more > 0) text += "and " + std::to_string(table.more) + " more\n";
  return text;
}

}  // namespace

std::string terminal_text(const Report& report, bool colours) {
  std::string out;
  for (const JudgedRun& judged : report.runs) out += printable(judged.headline) + '\n';
  out += '\n' + figures_grid(report).text(colours);
  for (const JudgedRun& judged : report.runs) {
    if (judged.figures.stations.size() > 1) {
      out += '\n' + printable(judged.run.name) + ", all stations\n";
      out += stations_grid(judged.figures).text(colours);
    }
    for (const StationFigures& station : judged.figures.stations) {
      if (station.phases.empty()) continue;
      out += '\n' + printable(judged.run.name) + ", station " + to_string(station.station) + '\n';
      out += phases_grid(station, judged.run).text(colours);
    }
    out += changes_text(judged.run, colours);
    if (!judged.remarks.empty()) out += '\n';
    for (const std::string& remark : judged.remarks) {
      out += printable(judged.run.name) + ": " + printable(remark) + '\n';
    }
  }
  return out;
}

}  // namespace pianissimo::report
