#include "experiments/report/run_json.hpp"

#include <algorithm>
#include <boost/json.hpp>

#include "controller/core/sentence.hpp"
#include "controller/drawing/mark_look.hpp"
#include "experiments/report/changes.hpp"
#include "experiments/report/figure_table.hpp"
#include "experiments/report/json_text.hpp"
#include "experiments/report/series.hpp"

namespace pianissimo::report {
namespace {

namespace json = boost::json;

json::value word(const std::string& text) {
  if (text.empty()) return nullptr;
  return json::value(text);
}

json::value mbps(const std::optional<Throughput>& rate) {
  return rounded(rate ? std::optional{rate->mbps()} : std::nullopt, 3);
}

// Parallel lists are half as long as a list of pairs.
json::object lists(const Series& series, int decimals) {
  json::array times;
  json::array values;
  for (const SeriesPoint& point : series) {
    times.push_back(rounded(point.t, 3));
    values.push_back(rounded(point.value, decimals));
  }
  return {{"t", std::move(times)}, {"v", std::move(values)}};
}

json::object path_loss(const std::vector<TruthRow>& rows, const Run& run) {
  Series series;
  for (const TruthRow& row : rows) {
    if (row.path_loss_db) series.push_back({run.since_start(row.span.end), row.path_loss_db});
  }
  return lists(series, 2);
}

json::object load_lists(const std::vector<LoadSecond>& seconds) {
  json::array times;
  json::array offered;
  json::array utilisation;
  for (const LoadSecond& second : seconds) {
    times.push_back(rounded(second.t, 0));
    offered.push_back(rounded(second.offered_mbps, 3));
    utilisation.push_back(rounded(second.utilisation, 4));
  }
  return {{"t", std::move(times)},
          {"offered", std::move(offered)},
          {"utilisation", std::move(utilisation)}};
}

std::string knob_name(const Knob& knob) {
  std::string name{to_string(knob.kind)};
  switch (knob.kind) {
    case KnobKind::wiphy:
      return name + ' ' + std::to_string(value(knob.wiphy));
    case KnobKind::interface:
      return name + ' ' + std::to_string(value(knob.interface));
    case KnobKind::station:
      break;
  }
  return name + ' ' + to_string(knob.station);
}

json::array capacities(const std::vector<Bin>& bins) {
  json::array values;
  for (const Bin& bin : bins) values.push_back(rounded(bin.capacity_mbps(), 3));
  return values;
}

json::object readings(const JournalStation& station, const Run& run) {
  Series expected;
  json::array rate;
  json::array mcs;
  json::array streams;
  for (const StationReading& reading : station.readings) {
    const double t = run.since_start(reading.at);
    if (!joins(expected, t)) {
      expected.push_back({expected.back().t + reading_holds_s, std::nullopt});
      for (json::array* const list : {&rate, &mcs, &streams}) list->push_back(nullptr);
    }
    expected.push_back({t, reading.expected ? Figure{reading.expected->mbps()} : std::nullopt});
    const auto& tx = reading.rate;
    rate.push_back(mbps(tx ? std::optional{tx->rate} : std::nullopt));
    mcs.push_back(tx && tx->mcs ? json::value(*tx->mcs) : nullptr);
    streams.push_back(tx && tx->nss ? json::value(*tx->nss) : nullptr);
  }
  json::object object = lists(expected, 3);
  object["expected"] = std::move(object["v"]);
  object.erase("v");
  object["rate"] = std::move(rate);
  object["mcs"] = std::move(mcs);
  object["nss"] = std::move(streams);
  return object;
}

json::array decision_list(const Run& run) {
  json::array list;
  for (const Decision& decision : run.journal->decisions) {
    list.push_back(json::object{{"t", rounded(run.since_start(decision.at), 4)},
                                {"knob", knob_name(decision.knob)},
                                {"reason", to_string(decision.reason)},
                                {"from", rounded(decision.from.value(), 2)},
                                {"to", rounded(decision.to.value(), 2)},
                                {"said", sentence(decision)}});
  }
  return list;
}

// Cells are texts, as in the terminal.
json::object change_table(const Run& run) {
  const ChangeTable table = changes_of(run);
  json::array head;
  for (const ChangeColumn& column : change_columns()) head.emplace_back(column.name);
  json::array rows;
  for (const JudgedChange& change : table.shown) {
    json::array cells;
    for (const ChangeColumn& column : change_columns()) {
      cells.emplace_back(column.text(change, run));
    }
    rows.push_back(
        json::object{{"cells", std::move(cells)}, {"hurt", change.verdict == Verdict::hurt}});
  }
  return {{"head", std::move(head)}, {"rows", std::move(rows)}, {"more", table.more}};
}

json::array visit_list(const Run& run) {
  json::array list;
  for (const Visit& visit : run.journal->visits) {
    const auto length = visit.length();
    list.push_back(json::object{
        {"t", rounded(run.since_start(visit.began.value_or(visit.decided)), 4)},
        {"knob", knob_name(visit.knob)},
        {"ms", rounded(length ? std::optional{1e3 * seconds(*length)} : std::nullopt, 2)},
        {"level", rounded(visit.level.value(), 2)},
        {"ceiling", rounded(visit.ceiling.value(), 2)},
        {"reason", to_string(visit.outcome ? visit.outcome->reason : Reason::visit)},
        {"said", visit.outcome ? sentence(*visit.outcome) : sentence(Reason::visit)},
        {"interrupted", visit.interrupted}});
  }
  return list;
}

// The table's cells are texts, so that page and terminal round alike.
json::object phase_object(const PhaseFigures& phase, const Run& run) {
  const auto cell = [](Figure figure, int decimals) {
    return figure ? json::value(number_text(figure, decimals)) : json::value(nullptr);
  };
  const Comparison& capacity = phase.capacity;
  json::array spans;
  for (const Span& span : phase.phase.spans) {
    spans.push_back(json::array{rounded(run.since_start(span.start), 3),
                                rounded(run.since_start(span.end), 3)});
  }
  Figure retained = capacity.retained;
  if (retained) retained = 100 * *retained;
  return {{"path_loss", path_loss_text(phase.phase)},
          {"when", when_text(phase.phase, run)},
          {"spans", std::move(spans)},
          {"power", cell(phase.mean_power_dbm, 1)},
          {"saved", cell(phase.saved_db, 1)},
          {"capacity", cell(capacity.capacity_mbps, 1)},
          {"baseline_capacity", cell(capacity.baseline_capacity_mbps, 1)},
          {"retained", cell(retained, 1)},
          {"bad", capacity.retained.value_or(1) < whole_share},
          {"below_s", cell(capacity.below_s, 0)}};
}

json::object overview_object(const StationFigures& station) {
  const auto cell = [](Figure figure, int decimals) {
    return figure ? json::value(number_text(figure, decimals)) : json::value(nullptr);
  };
  const Comparison& capacity = station.capacity;
  Figure retained = capacity.retained;
  if (retained) retained = 100 * *retained;
  return {
      {"saved", cell(station.saved_db, 1)},   {"power", cell(station.mean_power_dbm, 1)},
      {"retained", cell(retained, 1)},        {"bad", capacity.retained.value_or(1) < whole_share},
      {"below_s", cell(capacity.below_s, 0)}, {"longest_s", cell(capacity.longest_below_s, 0)}};
}

json::array phase_list(const StationFigures& station, const Run& run) {
  json::array list;
  for (const PhaseFigures& phase : station.phases) list.push_back(phase_object(phase, run));
  return list;
}

bool moves_in_steps(const StationFigures& station) {
  for (const PhaseFigures& phase : station.phases) {
    if (phase.phase.low_db != phase.phase.high_db) return false;
  }
  return true;
}

json::object station_series(const JudgedRun& judged, const MacAddress& mac) {
  const Run& run = judged.run;
  const auto& all = judged.figures.stations;
  const auto figures = std::ranges::find(all, mac, &StationFigures::station);
  json::object object;
  object["mac"] = to_string(mac);
  object["on_the_air"] = figures != all.end();
  object["level"] = lists(level_in_use(run, mac), 2);
  object["ceiling"] = lists(ceiling_of(run, mac), 2);
  object["enough"] = lists(enough_of(run, mac), 2);
  if (figures != all.end()) {
    object["in_steps"] = moves_in_steps(*figures);
    if (!moves_in_steps(*figures)) object["path_loss"] = path_loss(run.truth.stations.at(mac), run);
    object["capacity"] = capacities(figures->bins);
    object["baseline_capacity"] = capacities(figures->baseline_bins);
    if (judged.figures.yardstick == Yardstick::own_truth) {
      object["judged_capacity"] = capacities(figures->judged_bins);
    }
    object["overview"] = overview_object(*figures);
    object["phases"] = phase_list(*figures, run);
  }
  if (!run.journal) return object;
  if (const auto knob = run.journal->knob_of(mac)) object["knob"] = knob_name(*knob);
  if (const auto known = run.journal->stations.find(mac); known != run.journal->stations.end()) {
    object["readings"] = readings(known->second, run);
    object["load"] = load_lists(load_of(run, mac));
    object["counted_by"] = counted_by(run, mac);
  }
  return object;
}

}  // namespace

json::object reasons_object() {
  json::object reasons;
  for (const ReasonRow& row : all_reasons) {
    const drawing::MarkLook look = drawing::look_of(row.reason);
    reasons[row.word] = {{"text", sentence(row.reason)},
                         {"shape", drawing::to_string(look.shape)},
                         {"tone", look.tone},
                         {"key", look.name},
                         {"of_a_visit", drawing::is_of_a_visit(row.mark)}};
  }
  return reasons;
}

json::object run_description(const Run& run) {
  json::object object;
  object["name"] = run.name;
  object["scenario"] = word(run.info.scenario);
  object["date"] = word(run.info.date);
  object["kernel"] = word(run.info.kernel);
  object["accelerator"] = word(run.info.accelerator);
  object["aggregates"] = run.info.aggregates ? json::value(*run.info.aggregates) : nullptr;
  for (const char* const key : {"version", "policy", "config_hash"}) object[key] = nullptr;
  if (run.journal && run.journal->header) {
    const journal::Header& header = *run.journal->header;
    object["version"] = word(header.version);
    object["config_hash"] = word(header.config_hash);
    object["policy"] = word(config_word(header, "policy").value_or(""));
  }
  return object;
}

json::object run_series(const JudgedRun& judged) {
  const Run& run = judged.run;
  json::object object = run_description(run);
  object["seconds"] = rounded(run.seconds(), 3);
  object["ceiling"] = rounded(judged.figures.ceiling_dbm, 2);
  object["visit_nominal_ms"] = rounded(judged.figures.visit_nominal_ms, 2);
  object["headline"] = judged.headline;
  object["story"] = judged.story;
  object["own_truth"] = judged.figures.yardstick == Yardstick::own_truth;
  object["remarks"] = json::value_from(judged.remarks);
  json::array stations;
  // The neediest first: that is what the page opens on. Then those that were never on the air.
  for (const MacAddress& mac : drawn_stations(run, judged.figures)) {
    stations.push_back(station_series(judged, mac));
  }
  if (run.journal) {
    object["decisions"] = decision_list(run);
    object["visits"] = visit_list(run);
    object["changes"] = change_table(run);
    if (run.journal->header) object["config"] = word(run.journal->header->config);
    json::array notes;
    for (const JournalNote& note : run.journal->notes) {
      notes.push_back(
          json::object{{"t", rounded(run.since_start(note.at), 3)}, {"text", note.text}});
    }
    object["notes"] = std::move(notes);
  }
  object["stations"] = std::move(stations);
  return object;
}

}  // namespace pianissimo::report
