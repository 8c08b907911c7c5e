#include "experiments/export/tables.hpp"

#include <algorithm>
#include <array>

#include "experiments/export/cells.hpp"
#include "experiments/replay/power.hpp"
#include "experiments/replay/recording.hpp"
#include "experiments/report/journal.hpp"

namespace pianissimo::tables {
namespace {

// A row of runs.csv.
struct Run {
  std::uint64_t number = 0;
  std::string journal;
  std::string version;
  std::string kernel;
  std::string regulatory_domain;
  std::string policy;
  std::string config_hash;
  Instant begin;
  std::int64_t begin_wall_ms = 0;
  Instant end;
  std::uint64_t events = 0;
  std::uint64_t decisions = 0;
  std::uint64_t lost_lines = 0;
  bool is_whole = true;
};

double seconds(Duration duration) { return std::chrono::duration<double>(duration).count(); }

void fields(Cells& cells, const Run& run) {
  cells("run", run.number);
  cells("journal", run.journal);
  cells("version", run.version);
  cells("kernel", run.kernel);
  cells("regulatory_domain", run.regulatory_domain);
  cells("policy", run.policy);
  cells("config_hash", run.config_hash);
  cells("begin_unix_s", static_cast<double>(run.begin_wall_ms) / 1000);
  cells("duration_s", seconds(run.end - run.begin));
  cells("events", run.events);
  cells("decisions", run.decisions);
  cells("lost_lines", run.lost_lines);
  cells("is_whole", run.is_whole);
}

// Cells are text in the order of the columns: their names are those of a row of defaults.
class Table {
 public:
  explicit Table(std::ostream& to) : to_{to} {}
  void name(Cells& cells) {
    to_ << cells.names();
    cells.take_line();
  }
  void row(Cells& cells) { to_ << cells.take_line(); }

 private:
  std::ostream& to_;
};

class Exporter {
 public:
  Exporter(const Sinks& sinks, report::StationNames* names)
      : names_of_stations_{names},
        runs_{sinks.runs},
        stations_{sinks.stations},
        decisions_{sinks.decisions},
        power_{sinks.power},
        traffic_{sinks.traffic} {
    const Decision no_decision;
    const PowerResult no_result;
    fields(cells_, Run{});
    runs_.name(cells_);
    begin_row({});
    station_cells({}, {});
    stations_.name(cells_);
    begin_row({});
    journal::fields(cells_, no_decision);
    decisions_.name(cells_);
    begin_row({});
    journal::fields(cells_, no_result);
    power_.name(cells_);
    begin_row({});
    traffic_cells({}, {});
    traffic_.name(cells_);
  }

  void read(const std::filesystem::path& journal) {
    replay::Recording recording{journal};
    while (const replay::Step* const step = recording.next()) {
      if (!names_of_stations_) {
        take(*step, journal);
        continue;
      }
      replay::Step hidden = *step;
      names_of_stations_->hide(hidden.record);
      take(hidden, journal);
    }
    end_run();
  }

 private:
  void take(const replay::Step& step, const std::filesystem::path& journal) {
    if (step.begins_run) begin_run(step.record, journal);
    if (!step.gap.empty()) run_.is_whole = false;
    run_.end = std::max(run_.end, step.record.at);
    std::visit([&](const auto& what) { on(what, step.record.at); }, step.record.what);
  }

  void begin_run(const journal::Record& record, const std::filesystem::path& journal) {
    end_run();
    is_open_ = true;
    const auto& header = std::get<journal::Header>(record.what);
    run_ = {.number = run_.number + 1,
            .journal = journal.string(),
            .version = header.version,
            .kernel = header.kernel,
            .regulatory_domain = header.regulatory_domain,
            .policy = report::config_word(header, "policy").value_or(""),
            .config_hash = header.config_hash,
            .begin = record.at,
            .begin_wall_ms = record.wall_ms,
            .end = record.at};
    names_.clear();
  }

  void end_run() {
    if (!is_open_) return;
    is_open_ = false;
    fields(cells_, run_);
    runs_.row(cells_);
    in_force_.end();
  }

  void on(const journal::Header&, Instant) {}
  void on(const journal::Note&, Instant) {}
  void on(const journal::Lost& lost, Instant) { run_.lost_lines += lost.lines; }
  void on(const Decision& decision, Instant at) {
    ++run_.decisions;
    begin_row(at);
    journal::fields(cells_, decision);
    decisions_.row(cells_);
  }
  void on(const Event& event, Instant at) {
    ++run_.events;
    in_force_.on(event);
    std::visit([&](const auto& e) { take(e, at); }, event);
  }

  void take(const auto&, Instant) {}
  void take(const InterfaceUp& up, Instant at) {
    names_[up.interface] = up.name;
    if (up.path == KnobKind::station) return;
    // The power that it came up with, or was moved to by somebody else.
    take(
        PowerResult{
            .at = up.at, .knob = replay::knob_of(up, {}), .asked = up.power, .read_back = up.power},
        at);
  }
  void take(const PowerResult& result, Instant at) {
    begin_row(at);
    journal::fields(cells_, result);
    power_.row(cells_);
  }
  void take(const StationReport& report, Instant at) {
    for (const StationSample& sample : report.stations) {
      begin_row(at);
      station_cells(report.interface, sample);
      stations_.row(cells_);
    }
  }
  void take(const TrafficReport& report, Instant at) {
    for (const TrafficSample& sample : report.stations) {
      begin_row(at);
      traffic_cells(report.interface, sample);
      traffic_.row(cells_);
    }
  }

  void begin_row(Instant at) {
    cells_("run", run_.number);
    cells_("t_s", seconds(at - run_.begin));
  }
  void station_cells(InterfaceIndex interface, const StationSample& sample) {
    cells_("interface", names_[interface]);
    cells_("power_dbm", in_force_.level(interface, sample.station));
    journal::fields(cells_, sample);
  }
  void traffic_cells(InterfaceIndex interface, const TrafficSample& sample) {
    cells_("interface", names_[interface]);
    journal::fields(cells_, sample);
  }

  report::StationNames* names_of_stations_;
  Table runs_;
  Table stations_;
  Table decisions_;
  Table power_;
  Table traffic_;
  Cells cells_;
  Run run_;
  bool is_open_ = false;
  std::map<InterfaceIndex, std::string> names_;
  replay::PowerInForce in_force_;
};

}  // namespace

namespace {

// Where a cell begins: one that separates by something else than commas does not see our quotes,
// and begins cells and rows inside of ours.
constexpr std::string_view separators = ";\t\r\n";

// What a spreadsheet would run; some of them skip white space and quotes before it, and some take
// the wide forms of East Asian scripts for the same.
bool begins_a_formula(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(" \"\v\f"), text.size()));
  constexpr std::array<std::string_view, 8> signs{"=",      "+",      "-",      "@",
                                                  "\uFF1D", "\uFF0B", "\uFF0D", "\uFF20"};
  return std::ranges::any_of(signs, [&](std::string_view s) { return text.starts_with(s); });
}

// With an apostrophe wherever a spreadsheet would begin a formula.
std::string without_formulas(std::string_view text) {
  std::string out;
  // White space at the front is taken away by some, with what follows it then at the front.
  if (text.find_first_of("\t\r\n") == 0) out += '\'';
  for (bool is_begin = true; !text.empty(); text.remove_prefix(1)) {
    if (is_begin && begins_a_formula(text)) out += '\'';
    is_begin = separators.find(text.front()) != separators.npos;
    out += text.front();
  }
  return out;
}

}  // namespace

std::string csv_text(std::string_view text) {
  const std::string harmless = without_formulas(text);
  if (harmless == text && text.find_first_of(",\"\r\n") == text.npos) return harmless;
  std::string quoted = "\"";
  for (const char c : harmless) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + '"';
}

std::string Cells::line_of(const std::vector<std::string>& cells) {
  return fmt::format("{}\n", fmt::join(cells, ","));
}

void write_tables(std::span<const std::filesystem::path> journals, const Sinks& sinks,
                  report::StationNames* names) {
  Exporter exporter{sinks, names};
  for (const auto& journal : replay::without_older_files(journals)) exporter.read(journal);
}

}  // namespace pianissimo::tables
