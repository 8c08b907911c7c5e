#include <boost/json.hpp>

#include "experiments/report/changes.hpp"
#include "experiments/report/figure_table.hpp"
#include "experiments/report/json_text.hpp"
#include "experiments/report/report.hpp"
#include "experiments/report/run_json.hpp"

namespace pianissimo::report {
namespace {

namespace json = boost::json;

constexpr int decimals = 4;

void put_figures(json::object& object, const RunFigures& figures) {
  for (const FigureRow& row : figure_rows()) {
    object[row.key] = rounded(row.of(figures), decimals);
  }
}

void put_comparison(json::object& object, const Comparison& capacity) {
  object["capacity_mbps"] = rounded(capacity.capacity_mbps, decimals);
  object["baseline_capacity_mbps"] = rounded(capacity.baseline_capacity_mbps, decimals);
  object["retained"] = rounded(capacity.retained, decimals);
  object["below_s"] = rounded(capacity.below_s, decimals);
  object["below_share"] = rounded(capacity.below_share, decimals);
  object["longest_below_s"] = rounded(capacity.longest_below_s, decimals);
}

json::object phase_object(const PhaseFigures& phase, const Run& run) {
  json::object object;
  object["path_loss_db"] =
      json::array{rounded(phase.phase.low_db, 2), rounded(phase.phase.high_db, 2)};
  json::array spans;
  for (const Span& span : phase.phase.spans) {
    spans.push_back(json::array{rounded(run.since_start(span.start), 3),
                                rounded(run.since_start(span.end), 3)});
  }
  object["spans_s"] = std::move(spans);
  object["seconds"] = rounded(phase.seconds, 3);
  object["mean_power_dbm"] = rounded(phase.mean_power_dbm, decimals);
  object["saved_db"] = rounded(phase.saved_db, decimals);
  put_comparison(object, phase.capacity);
  return object;
}

json::object station_object(const StationFigures& station, const Run& run) {
  json::object object;
  object["station"] = to_string(station.station);
  object["mean_power_dbm"] = rounded(station.mean_power_dbm, decimals);
  object["saved_db"] = rounded(station.saved_db, decimals);
  put_comparison(object, station.capacity);
  object["retained_pooled"] = rounded(station.retained_pooled, decimals);
  object["received_mbps"] = rounded(station.received_mbps, decimals);
  object["received_ratio"] = rounded(station.received_ratio, decimals);
  json::array phases;
  for (const PhaseFigures& phase : station.phases) phases.push_back(phase_object(phase, run));
  object["phases"] = std::move(phases);
  return object;
}

json::value mbps(const std::optional<Throughput>& value) {
  return rounded(value ? Figure{value->mbps()} : std::nullopt, decimals);
}

json::value share(const std::optional<int>& permille) {
  return rounded(permille ? Figure{*permille / 1000.0} : std::nullopt, decimals);
}

json::value level(const std::optional<Dbm>& value) {
  return rounded(value ? Figure{value->value()} : std::nullopt, 2);
}

json::object change_object(const JudgedChange& change, const Run& run) {
  const Evidence& evidence = change.evidence;
  json::object object{{"t_s", rounded(run.since_start(change.at), 3)},
                      {"radio", radio_name(*run.journal, change.knob)},
                      {"from_dbm", level(change.from)},
                      {"to_dbm", level(change.to)},
                      {"verdict", change_word(word_index(change))}};
  object["station"] = evidence.station ? json::value(to_string(*evidence.station)) : nullptr;
  object["before_mbps"] = mbps(evidence.reference);
  object["after_mbps"] = mbps(evidence.observed);
  object["acknowledged_before"] = share(evidence.reference_permille);
  object["acknowledged_after"] = share(evidence.acknowledged_permille);
  object["followed"] = to_string(change.followed);
  object["taken_back_until_s"] =
      rounded(change.until ? Figure{run.since_start(*change.until)} : std::nullopt, 3);
  return object;
}

json::object changes_object(const Run& run) {
  const ChangeTable table = changes_of(run);
  json::object object;
  for (std::size_t i = 0; i < change_words; ++i) object[change_word(i)] = table.counts.at(i);
  json::array list;
  for (const JudgedChange& change : table.shown) list.push_back(change_object(change, run));
  object["list"] = std::move(list);
  object["more"] = table.more;
  return object;
}

json::object run_object(const JudgedRun& judged) {
  json::object object = run_description(judged.run);
  put_figures(object, judged.figures);
  object["visit_nominal_ms"] = rounded(judged.figures.visit_nominal_ms, decimals);
  object["visits_unmeasured"] = rounded(judged.figures.visits_unmeasured, 0);
  object["ceiling_dbm"] = rounded(judged.figures.ceiling_dbm, 2);
  json::object decisions;
  for (const auto& [reason, count] : judged.figures.decisions) decisions[reason] = count;
  object["decisions"] = std::move(decisions);
  object["changes"] = judged.run.journal ? json::value(changes_object(judged.run)) : nullptr;
  json::array stations;
  for (const StationFigures& station : judged.figures.stations) {
    stations.push_back(station_object(station, judged.run));
  }
  object["stations"] = std::move(stations);
  object["headline"] = judged.headline;
  object["story"] = judged.story;
  object["remarks"] = json::value_from(judged.remarks);
  return object;
}

}  // namespace

std::string summary_text(const Report& report) {
  json::object summary;
  put_figures(summary, report.runs.front().figures);
  json::array runs;
  for (const JudgedRun& run : report.runs) runs.push_back(run_object(run));
  summary["runs"] = std::move(runs);
  summary["baseline"] = report.baseline ? json::value(run_object(*report.baseline)) : nullptr;
  return json_text(summary, Layout::indented) + '\n';
}

}  // namespace pianissimo::report
