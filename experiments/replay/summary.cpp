#include <fmt/format.h>

#include <boost/json/object.hpp>

#include "experiments/replay/replay.hpp"
#include "experiments/report/json_text.hpp"

namespace pianissimo::replay {
namespace {

namespace json = boost::json;

constexpr std::array<std::string_view, grounds> ground_names{"recorded", "other_level",
                                                             "never_visited", "after"};

std::string dbm_text(const std::optional<double>& level) {
  return level ? fmt::format("{:.2f} dBm", *level) : "-";
}

double seconds(Instant at) { return std::chrono::duration<double>(at.time_since_epoch()).count(); }

json::value json_of(const std::optional<From>& from) {
  if (!from) return nullptr;
  return json::object{{"where", from->where}, {"t_s", seconds(from->at)}, {"why", from->why}};
}

json::value json_of(const std::optional<std::string>& text) {
  return text ? json::value(json::string{*text}) : json::value{nullptr};
}

json::value json_of(const std::optional<DifferenceText>& difference) {
  if (!difference) return nullptr;
  return json::object{{"event", difference->event},
                      {"where", difference->where},
                      {"recorded", difference->recorded},
                      {"replayed", difference->replayed}};
}

json::value json_of(const std::optional<CounterfactualSummary>& other) {
  if (!other) return nullptr;
  json::object by_ground;
  for (std::size_t i = 0; i < grounds; ++i) by_ground[ground_names[i]] = other->decisions[i];
  const auto all = static_cast<double>(other->all());
  std::optional<double> share;
  if (all > 0) share = static_cast<double>(other->unsupported_count()) / all;
  return json::object{{"decisions", other->all()},
                      {"on", by_ground},
                      {"unsupported_share", report::rounded(share, 4)},
                      {"parts_at", json_of(other->parts)},
                      {"unsupported_from", json_of(other->unsupported)},
                      {"mean_dbm", report::rounded(other->mean_dbm, 3)},
                      {"left_out_s", report::rounded(report::seconds(other->left_out), 3)}};
}

std::string text_of(const CounterfactualSummary& other) {
  const auto on = [&](Ground ground) { return other.decisions[static_cast<std::size_t>(ground)]; };
  std::string text = fmt::format("counterfactual: {} decisions, mean power {}\n", other.all(),
                                 dbm_text(other.mean_dbm));
  if (other.parts) {
    text += fmt::format("  parts from the recording at {}\n", *other.parts);
  } else {
    text += "  never wants anything that the recording did not do\n";
  }
  if (other.unsupported) {
    text += fmt::format("  UNSUPPORTED from {} ({:.3f} s) on: {}\n", other.unsupported->where,
                        seconds(other.unsupported->at), other.unsupported->why);
  }
  const double share = other.all() == 0 ? 0
                                        : 100.0 * static_cast<double>(other.unsupported_count()) /
                                              static_cast<double>(other.all());
  text += fmt::format(
      "  decisions on readings at the power in force: {}\n"
      "  not so: {} ({:.1f} %): on a reading at another level {}, and this one never visited {};\n"
      "    on none such, but after one: {}\n",
      on(Ground::recorded), other.unsupported_count(), share, on(Ground::other_level),
      on(Ground::never_visited), on(Ground::after));
  if (other.left_out > Duration{}) {
    text += fmt::format("  left out: {:.3f} s in which the recording is silent\n",
                        report::seconds(other.left_out));
  }
  return text;
}

}  // namespace

std::string summary_text(const Summary& summary) {
  std::string text = fmt::format(
      "{} events, runs: {}; decisions: {} recorded, {} replayed, {} equal; mean power {}\n",
      summary.events, summary.runs, summary.decisions_recorded, summary.decisions_replayed,
      summary.decisions_equal, dbm_text(summary.recorded_mean_dbm));
  if (summary.difference) {
    const DifferenceText& first = *summary.difference;
    text += fmt::format("DIFFERENT at {}, the answer to {}\n  recorded: {}\n  replayed: {}\n",
                        first.where.empty() ? first.event : first.where, first.event,
                        first.recorded.empty() ? "nothing more" : first.recorded,
                        first.replayed.empty() ? "nothing more" : first.replayed);
  }
  if (summary.not_exact) {
    text += fmt::format("NOT EXACT from {} ({:.3f} s) on: {}; {} events cannot be compared\n",
                        summary.not_exact->where, seconds(summary.not_exact->at),
                        summary.not_exact->why, summary.events_not_exact);
  }
  if (summary.lost_lines > 0 || summary.torn_lines > 0) {
    text += fmt::format("lines lost: {}, torn: {}\n", summary.lost_lines, summary.torn_lines);
  }
  if (summary.counterfactual) text += text_of(*summary.counterfactual);
  return text;
}

std::string summary_json(const Summary& summary) {
  const json::object object{{"runs", summary.runs},
                            {"events", summary.events},
                            {"events_not_exact", summary.events_not_exact},
                            {"decisions_recorded", summary.decisions_recorded},
                            {"decisions_replayed", summary.decisions_replayed},
                            {"decisions_equal", summary.decisions_equal},
                            {"lost_lines", summary.lost_lines},
                            {"torn_lines", summary.torn_lines},
                            {"recorded_mean_dbm", report::rounded(summary.recorded_mean_dbm, 3)},
                            {"difference", json_of(summary.difference)},
                            {"not_exact", json_of(summary.not_exact)},
                            {"counterfactual", json_of(summary.counterfactual)}};
  return report::json_text(object, report::Layout::indented) + "\n";
}

}  // namespace pianissimo::replay
