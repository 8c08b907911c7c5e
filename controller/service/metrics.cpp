#include "controller/service/metrics.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>
#include <iterator>
#include <span>
#include <utility>

#include "config/printable.hpp"

namespace pianissimo::service {
namespace {

enum class Kind : std::uint8_t { gauge, counter, histogram, info };

struct Label {
  std::string_view name;
  std::string_view value;
};

/// Families and their samples, as both formats write them. Names are given without the ending that
/// their kind has; `unit` is the name's own ending, as OpenMetrics wants it.
class Text {
 public:
  explicit Text(MetricsFormat format) : is_open_{format == MetricsFormat::open_metrics} {}

  void family(Kind kind, std::string_view name, std::string_view unit, std::string_view help) {
    name_ = "pianissimo_";
    if (name.starts_with("process_")) name_.clear();  // a name that all exporters share
    name_ += name;
    ending_ = kind == Kind::counter ? "_total" : kind == Kind::info ? "_info" : "";
    // The older format knows a family by the name of its samples, and no info.
    const std::string shown = is_open_ ? name_ : name_ + std::string{ending_};
    constexpr std::array<std::string_view, 4> open{"gauge", "counter", "histogram", "info"};
    constexpr std::array<std::string_view, 4> older{"gauge", "counter", "histogram", "gauge"};
    const auto type = (is_open_ ? open : older).at(static_cast<std::size_t>(kind));
    fmt::format_to(out(), "# TYPE {} {}\n", shown, type);
    if (is_open_ && !unit.empty()) fmt::format_to(out(), "# UNIT {} {}\n", shown, unit);
    fmt::format_to(out(), "# HELP {} {}\n", shown, help);
  }

  template <class Number>
  void sample(std::initializer_list<Label> labels, Number number) {
    sample(ending_, labels, number);
  }
  template <class Number>
  void sample(std::string_view ending, std::initializer_list<Label> labels, Number number) {
    text_ += name_;
    text_ += ending;
    char separator = '{';
    for (const auto& [name, value] : labels) {
      fmt::format_to(out(), "{}{}=\"", std::exchange(separator, ','), name);
      append_escaped(value);
      text_ += '"';
    }
    if (labels.size() > 0) text_ += '}';
    fmt::format_to(out(), " {}\n", number);
  }

  std::string take() {
    if (is_open_) text_ += "# EOF\n";
    return std::move(text_);
  }

 private:
  std::back_insert_iterator<std::string> out() { return std::back_inserter(text_); }

  // An interface may have any name but for a few characters.
  void append_escaped(std::string_view value) {
    for (const char c : printable(value)) {
      if (c == '"' || c == '\\') text_ += '\\';
      text_ += c;
    }
  }

  bool is_open_;
  std::string name_;
  std::string_view ending_;
  std::string text_;
};

/// The direction or kind of what a reason does, for a label.
std::string_view action_word(Mark mark) {
  constexpr std::array<std::string_view, 11> words{
      "stay",        "begin",     "down",         "up",           "loss",           "trouble",
      "visit_begin", "visit_end", "visit_passed", "visit_failed", "visit_undecided"};
  return words.at(static_cast<std::size_t>(mark));
}
static_assert(static_cast<int>(Mark::visit_undecided) == 10);

double seconds(Duration time) { return std::chrono::duration<double>(time).count(); }
double seconds(std::int64_t wall_ms) { return static_cast<double>(wall_ms) / 1000; }

std::string radio_name(const RadioMetrics& radio) {
  return fmt::format("phy{}", value(radio.wiphy));
}

/// A value of each radio now.
struct Gauge {
  std::string_view name;
  std::string_view unit;
  std::string_view help;
  double (*of)(const RadioMetrics&);
};

constexpr std::array gauges{
    Gauge{"radio_tx_power_dbm", "dbm", "Transmit power in force.",
          [](const RadioMetrics& r) { return r.power.value(); }},
    Gauge{
        "radio_tx_power_ceiling_dbm", "dbm",
        "Highest power that is used: the lowest of the channel's maximum, the power found and the "
        "operator's ceiling.",
        [](const RadioMetrics& r) { return r.ceiling.value(); }},
    Gauge{"radio_tx_power_floor_dbm", "dbm", "Lowest power that is used.",
          [](const RadioMetrics& r) { return r.floor.value(); }},
    Gauge{"radio_tx_power_found_dbm", "dbm",
          "Power that stands outside of the daemon: it is put back at the end.",
          [](const RadioMetrics& r) { return r.found.value(); }},
    Gauge{"radio_channel_maximum_dbm", "dbm", "Highest power that the rules allow on the channel.",
          [](const RadioMetrics& r) { return r.channel_maximum.value(); }},
    Gauge{"radio_power_saved_db", "db",
          "How far the power is below the one that would be there without the daemon.",
          [](const RadioMetrics& r) {
            return (std::min(r.found, r.channel_maximum) - r.power).value();
          }},
    Gauge{"radio_limited_by_others", "",
          "1: somebody else has set less than was found at first, and nothing goes above it.",
          [](const RadioMetrics& r) { return r.is_limited ? 1.0 : 0.0; }},
    Gauge{"radio_reverts_in_force", "",
          "Changes of power that hurt: nothing goes below the power before them for now.",
          [](const RadioMetrics& r) { return static_cast<double>(r.reverts); }},
    Gauge{"radio_change_window_open", "",
          "0: the power goes up where a station needs it, and never down (auto_between).",
          [](const RadioMetrics& r) { return r.is_window_open ? 1.0 : 0.0; }},
};

void append_radios(Text& text, const std::vector<RadioMetrics>& radios) {
  for (const Gauge& gauge : gauges) {
    text.family(Kind::gauge, gauge.name, gauge.unit, gauge.help);
    for (const RadioMetrics& radio : radios) {
      text.sample({{"interface", radio.interface}, {"radio", radio_name(radio)}}, gauge.of(radio));
    }
  }
  text.family(Kind::gauge, "radio_proposed_tx_power_dbm", "dbm",
              "Power that waits for an operator's approval (mode recommend). Absent: none does.");
  for (const RadioMetrics& radio : radios) {
    if (!radio.proposed) continue;
    text.sample({{"interface", radio.interface}, {"radio", radio_name(radio)}},
                radio.proposed->value());
  }
  text.family(Kind::gauge, "radio_stations", "",
              "Stations, by whether they were sent anything worth mentioning in the last seconds.");
  for (const RadioMetrics& radio : radios) {
    text.sample({{"interface", radio.interface}, {"state", "active"}}, radio.active);
    text.sample({{"interface", radio.interface}, {"state", "idle"}}, radio.idle);
  }
  text.family(Kind::gauge, "traffic_source", "", "1 at who counts the stations' bytes.");
  for (const RadioMetrics& radio : radios) {
    for (const auto origin : {TrafficOrigin::bpf, TrafficOrigin::nl80211}) {
      text.sample({{"interface", radio.interface}, {"source", to_string(origin)}},
                  radio.origin == origin ? 1 : 0);
    }
  }
  text.family(Kind::gauge, "power_effect_verified", "",
              "0: the law has found that the power changes nothing at the stations; 1: nothing "
              "speaks against its effect. Absent where the law does not test it.");
  for (const RadioMetrics& radio : radios) {
    if (radio.has_effect) text.sample({{"interface", radio.interface}}, *radio.has_effect ? 1 : 0);
  }
}

/// A total of each interface, for each word of one more label.
template <std::size_t size>
void append_counts(Text& text, const MetricsSnapshot& snapshot, std::string_view name,
                   std::string_view label, const std::array<std::string_view, size>& words,
                   Counts<size> InterfaceCounts::*counts, std::string_view help) {
  text.family(Kind::counter, name, "", help);
  for (const auto& [interface, of_this] : snapshot.counts) {
    for (std::size_t i = 0; i < size; ++i) {
      text.sample({{"interface", interface}, {label, words.at(i)}}, (of_this.*counts).at(i));
    }
  }
}

void append_interface_counts(Text& text, const MetricsSnapshot& snapshot) {
  text.family(Kind::counter, "decisions", "", "Decisions, by reason and by what they do.");
  for (const auto& [interface, counts] : snapshot.counts) {
    for (const ReasonRow& row : all_reasons) {
      text.sample(
          {{"interface", interface}, {"action", action_word(row.mark)}, {"reason", row.word}},
          counts.decisions.at(static_cast<std::size_t>(row.reason)));
    }
  }
  append_counts(text, snapshot, "power_changes", "direction", direction_words,
                &InterfaceCounts::changes, "Changes of the power in force.");
  append_counts(text, snapshot, "visits", "result", visit_words, &InterfaceCounts::visits,
                "Visits to a higher power to compare, by what they showed.");
  append_counts(text, snapshot, "fallbacks", "reason", fallback_words, &InterfaceCounts::fallbacks,
                "Times that judging was given up for the highest power that is allowed.");
  append_counts(text, snapshot, "power_commands", "result", command_words,
                &InterfaceCounts::commands, "Powers that the kernel was asked for.");
  append_counts(text, snapshot, "power_set_by_others", "effect", others_words,
                &InterfaceCounts::set_by_others, "Powers that somebody else has set.");
  append_counts(text, snapshot, "verdicts", "verdict", verdict_words, &InterfaceCounts::verdicts,
                "Verdicts on lasting changes of the power, by what they brought to the stations.");
  text.family(Kind::counter, "readings", "", "Readings of an interface's stations that came.");
  for (const auto& [interface, counts] : snapshot.counts) {
    text.sample({{"interface", interface}}, counts.readings);
  }
  text.family(Kind::counter, "readings_failed", "",
              "Readings of an interface's stations that failed.");
  for (const auto& [interface, counts] : snapshot.counts) {
    text.sample({{"interface", interface}}, counts.readings_failed);
  }
  text.family(Kind::gauge, "last_decision_timestamp_seconds", "seconds",
              "When the last decision was made (Unix time).");
  for (const auto& [interface, counts] : snapshot.counts) {
    if (counts.last_decision_ms) {
      text.sample({{"interface", interface}}, seconds(*counts.last_decision_ms));
    }
  }
}

/// A value that not every station has.
template <class Of>
void append_station_family(Text& text, const std::vector<RadioMetrics>& radios, Kind kind,
                           std::string_view name, std::string_view unit, std::string_view help,
                           Of of) {
  text.family(kind, name, unit, help);
  for (const RadioMetrics& radio : radios) {
    for (const StationMetrics& station : radio.stations) {
      if (const auto number = of(station)) {
        text.sample({{"interface", radio.interface}, {"station", station.name}}, *number);
      }
    }
  }
}

void append_stations(Text& text, const std::vector<RadioMetrics>& radios) {
  const bool has_any = std::ranges::any_of(
      radios, [](const RadioMetrics& radio) { return !radio.stations.empty(); });
  if (!has_any) return;
  append_station_family(text, radios, Kind::gauge, "station_expected_throughput_bytes_per_second",
                        "bytes_per_second", "What the station is expected to receive at the most.",
                        [](const StationMetrics& station) -> std::optional<double> {
                          if (!station.expected) return std::nullopt;
                          return static_cast<double>(station.expected->bps()) / 8;
                        });
  append_station_family(text, radios, Kind::counter, "station_transmit_bytes", "bytes",
                        "What the station was sent.",
                        [](const StationMetrics& station) { return station.totals.tx_bytes; });
  append_station_family(text, radios, Kind::counter, "station_transmit_retries", "",
                        "Transmissions to the station that were repeated.",
                        [](const StationMetrics& station) { return station.totals.tx_retries; });
  append_station_family(text, radios, Kind::counter, "station_transmit_failed", "",
                        "Frames that the station never acknowledged.",
                        [](const StationMetrics& station) { return station.totals.tx_failed; });
  append_station_family(text, radios, Kind::gauge, "station_signal_dbm", "dbm",
                        "Signal of the last frame from the station.",
                        [](const StationMetrics& station) -> std::optional<double> {
                          if (!station.signal) return std::nullopt;
                          return station.signal->value();
                        });
}

void append_daemon(Text& text, const MetricsSnapshot& snapshot) {
  text.family(Kind::info, "build", "", "The program.");
  text.sample({{"version", snapshot.version}, {"features", snapshot.features}}, 1);
  text.family(Kind::info, "config_hash", "", "The configuration in force, as journals name it.");
  text.sample({{"hash", snapshot.config_hash}}, 1);
  text.family(Kind::info, "mode", "", "What is written: nothing, what is approved, or all.");
  text.sample({{"mode", snapshot.mode}}, 1);
  text.family(Kind::gauge, "dry_run", "", "1: power is decided on, but not set.");
  text.sample({}, snapshot.dry_run ? 1 : 0);
  text.family(Kind::gauge, "kernel_heard", "", "0: the kernel answers nothing.");
  text.sample({}, snapshot.is_kernel_heard ? 1 : 0);
  text.family(Kind::gauge, "status_timestamp_seconds", "seconds",
              "When the status was written last (Unix time); every 5 s if all is well.");
  if (snapshot.status_ms) text.sample({}, seconds(*snapshot.status_ms));

  text.family(Kind::counter, "netlink_errors", "", "Requests that the kernel did not fulfil.");
  for (std::size_t op = 0; op < operation_words.size(); ++op) {
    for (std::size_t kind = 0; kind < trouble_words.size(); ++kind) {
      text.sample({{"op", operation_words.at(op)}, {"kind", trouble_words.at(kind)}},
                  snapshot.netlink_errors.at(op).at(kind));
    }
  }
  text.family(Kind::histogram, "tick_duration_seconds", "seconds",
              "From when the stations were to be read until all had been, and were answered.");
  std::uint64_t below = 0;
  for (std::size_t i = 0; i < Histogram::bounds.size(); ++i) {
    below += snapshot.ticks.counts.at(i);
    text.sample("_bucket", {{"le", Histogram::bounds.at(i)}}, below);
  }
  below += snapshot.ticks.counts.back();
  text.sample("_bucket", {{"le", "+Inf"}}, below);
  text.sample("_sum", {}, seconds(snapshot.ticks.sum));
  text.sample("_count", {}, below);

  text.family(Kind::counter, "journal_written_bytes", "bytes", "What the journal was written.");
  text.sample({}, snapshot.journal_bytes);
  text.family(Kind::counter, "journal_lost_lines", "", "Lines that the journal had no room for.");
  text.sample({}, snapshot.journal_lost);

  if (!snapshot.process) return;
  text.family(Kind::counter, "process_cpu_seconds", "seconds", "CPU time, user and system.");
  text.sample({}, snapshot.process->cpu_seconds);
  text.family(Kind::gauge, "process_resident_memory_bytes", "bytes", "Memory in use.");
  text.sample({}, snapshot.process->resident_bytes);
  text.family(Kind::gauge, "process_start_time_seconds", "seconds",
              "When the process began (Unix time).");
  text.sample({}, seconds(snapshot.process->started_ms));
}

}  // namespace

void Histogram::add(Duration took) {
  const auto bound = std::ranges::lower_bound(upper, took);
  ++counts.at(static_cast<std::size_t>(bound - upper.begin()));
  sum += took;
}

std::string_view content_type(MetricsFormat format) {
  return format == MetricsFormat::open_metrics
             ? "application/openmetrics-text; version=1.0.0; charset=utf-8"
             : "text/plain; version=0.0.4; charset=utf-8";
}

std::string metrics_text(const MetricsSnapshot& snapshot, MetricsFormat format) {
  Text text{format};
  append_daemon(text, snapshot);
  append_radios(text, snapshot.radios);
  append_interface_counts(text, snapshot);
  append_stations(text, snapshot.radios);
  return text.take();
}

}  // namespace pianissimo::service
