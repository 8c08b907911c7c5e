#include "experiments/replay/replay.hpp"

#include <numeric>

#include "experiments/replay/check.hpp"
#include "experiments/replay/settings.hpp"

namespace pianissimo::replay {
namespace {

using policies::LabConfig;
using report::InputError;

std::string line_of(const std::optional<Decision>& decision) {
  return decision ? journal::to_line({decision->at, 0, *decision}) : "";
}

std::string level_text(Dbm level) {
  std::string text = std::to_string(level.value());
  text.erase(text.find_last_not_of('0') + 1);
  if (text.ends_with('.')) text.pop_back();
  return text + " dBm";
}

std::string why(const FirstUnsupported& first) {
  return "this reading was taken at " + level_text(first.recorded) + ", here " +
         level_text(first.here) + " are in force";
}

class Replay {
 public:
  explicit Replay(const Options& options)
      : options_{options},
        other_{{.told = [this](const Event& event) { write(time_of(event), event); },
                .decided = [this](const Decision& d, Ground) { write(d.at, d); },
                .unsupported =
                    [this](const FirstUnsupported& first) {
                      write(first.at, journal::Note{"replay: from here on " + why(first)});
                    }}} {}

  void play(const std::filesystem::path& newest) {
    Recording recording{newest};
    while (const Step* const step = recording.next()) take(*step);
    end_run();
    summary_.lost_lines += recording.lost_lines();
    summary_.torn_lines += recording.torn_lines();
    // Places name files by their Recording.
    keep_places();
  }

  Summary finish() {
    summary_.decisions_recorded = check_.decisions_recorded();
    summary_.decisions_replayed = check_.decisions_replayed();
    summary_.decisions_equal = check_.decisions_equal();
    summary_.recorded_mean_dbm = power_.mean_dbm();
    if (options_.is_counterfactual()) {
      auto& counterfactual = places_;
      for (std::size_t i = 0; i < grounds; ++i) {
        counterfactual.decisions[i] = other_.decisions(static_cast<Ground>(i));
      }
      counterfactual.mean_dbm = other_.mean_dbm();
      counterfactual.left_out = other_.left_out();
      summary_.counterfactual = std::move(counterfactual);
    }
    return std::move(summary_);
  }

 private:
  void take(const Step& step) {
    wall_ms_ = step.record.wall_ms;
    if (const auto* const header = std::get_if<journal::Header>(&step.record.what)) {
      if (step.begins_run) begin_run(*header, step.place);
      write_header(*header, step.record.at);
    }
    if (!step.gap.empty()) lose_track(step);
    if (const auto* const event = std::get_if<Event>(&step.record.what)) {
      tell(*event, step.place);
    } else if (const auto* const decision = std::get_if<Decision>(&step.record.what)) {
      check_.recorded(*decision, step.place);
    } else if (options_.journal && !std::holds_alternative<journal::Header>(step.record.what)) {
      options_.journal(step.record);
    }
  }

  void begin_run(const journal::Header& header, const Place& place) {
    end_run();
    has_law_ = !header.config.empty();
    is_exact_ = true;
    if (!has_law_ && !options_.is_counterfactual()) {
      throw InputError{InputError::Kind::bad_data, *place.file, place.line,
                       "no configuration was recorded: name one with -c or --set"};
    }
    const LabConfig recorded = has_law_ ? recorded_config(header, place) : LabConfig{};
    if (has_law_) check_.begin(recorded);
    lab_ = options_.config ? LabConfig{*options_.config} : recorded;
    if (!options_.settings.empty()) lab_ = changed(lab_);
    if (options_.is_counterfactual()) other_.begin(lab_);
  }

  void end_run() {
    if (is_running_) ++summary_.runs;
    is_running_ = false;
    check_.end();
    other_.end();
    power_.end();
  }

  static LabConfig recorded_config(const journal::Header& header, const Place& place) {
    auto parsed = policies::parse_lab_config(header.config);
    if (const auto* const errors = std::get_if<std::vector<ConfigError>>(&parsed)) {
      const ConfigError& first = errors->front();
      throw InputError{InputError::Kind::bad_data, *place.file, place.line,
                       "the recorded configuration is not one of this program: " +
                           (first.key.empty() ? "" : first.key + ": ") + first.message};
    }
    return std::get<LabConfig>(std::move(parsed));
  }

  LabConfig changed(const LabConfig& base) const {
    auto result = with_settings(base, options_.settings);
    if (const auto* const errors = std::get_if<std::vector<ConfigError>>(&result)) {
      std::string text;
      for (const ConfigError& error : *errors) {
        text += (text.empty() ? "" : "\n") + to_string(error, "--set");
      }
      throw SettingsError{text};
    }
    return std::get<LabConfig>(std::move(result));
  }

  void tell(const Event& event, const Place& place) {
    is_running_ = true;
    ++summary_.events;
    if (!is_exact_) ++summary_.events_not_exact;
    power_.on(event);
    const Outcome* const answered = has_law_ ? &check_.tell(event, place) : nullptr;
    if (options_.is_counterfactual()) {
      other_.tell(event, answered, place);
    } else {
      write(time_of(event), event);
      for (const Decision& decision : answered->decisions) write(decision.at, decision);
    }
  }

  void lose_track(const Step& step) {
    is_exact_ = false;
    check_.lose_track();
    if (summary_.not_exact) return;
    summary_.not_exact = From{to_string(step.place), step.record.at, step.gap};
  }

  void keep_places() {
    if (const auto& first = check_.first_difference(); first && !summary_.difference) {
      summary_.difference = {to_string(first->event), first->place ? to_string(*first->place) : "",
                             line_of(first->recorded), line_of(first->replayed)};
    }
    if (const auto& parts = other_.first_divergence(); parts && !places_.parts) {
      places_.parts = to_string(*parts);
    }
    if (const auto& first = other_.first_unsupported(); first && !places_.unsupported) {
      places_.unsupported = From{to_string(first->place), first->at, why(*first)};
    }
  }

  void write_header(journal::Header header, Instant at) {
    if (!options_.journal) return;
    if (options_.is_counterfactual()) {
      header.config = to_json(lab_);
      header.config_hash = config_hash(header.config);
      if (!header.version.ends_with(version_mark)) header.version += version_mark;
    }
    write(at, std::move(header));
  }
  template <class T>
  void write(Instant at, T what) {
    if (options_.journal) options_.journal({at, wall_ms_, std::move(what)});
  }

  const Options& options_;
  Summary summary_;
  CounterfactualSummary places_;
  Check check_;
  Counterfactual other_;
  PowerInForce power_;
  LabConfig lab_;  // that of the journal written
  std::int64_t wall_ms_ = 0;
  bool has_law_ = false;
  bool is_exact_ = true;
  bool is_running_ = false;
};

}  // namespace

std::uint64_t CounterfactualSummary::all() const {
  return std::accumulate(decisions.begin(), decisions.end(), std::uint64_t{0});
}

Summary replay(std::span<const std::filesystem::path> journals, const Options& options) {
  Replay replay{options};
  for (const auto& journal : without_older_files(journals)) replay.play(journal);
  return replay.finish();
}

}  // namespace pianissimo::replay
