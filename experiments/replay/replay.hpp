// Journals through the core once more: the same decisions, or what another configuration would have
// decided.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "config/config.hpp"
#include "controller/journal/record.hpp"
#include "experiments/replay/counterfactual.hpp"

namespace pianissimo::replay {

/// Stands in the header of a journal as another configuration would have made it, behind the
/// version: by it such a journal is told from a recorded one.
inline constexpr std::string_view version_mark = ", replayed";

/// Settings that the recorded configuration cannot take; ready to be printed.
struct SettingsError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

struct Options {
  /// Another configuration than the recorded one; absent: the recorded one.
  std::optional<Config> config;
  /// "key=value", on top of it.
  std::vector<std::string> settings;
  /// Gets every record of the journal as it would have been; may be empty.
  std::function<void(const journal::Record&)> journal;

  bool is_counterfactual() const { return config || !settings.empty(); }
};

/// A decision as a line of the journal, where it stands or what it answers.
struct DifferenceText {
  std::string event;     ///< "journal.jsonl:17": the event that was answered
  std::string where;     ///< the recorded decision; empty if there is none
  std::string recorded;  ///< the line, without wall_ms; empty: nothing more was decided
  std::string replayed;
};

/// From here on something is so.
struct From {
  std::string where;  ///< "journal.jsonl:17"
  Instant at;
  std::string why;
};

struct CounterfactualSummary {
  std::array<std::uint64_t, grounds> decisions{};  ///< by Ground
  std::optional<std::string> parts;                ///< from this event on it wants something else
  std::optional<From> unsupported;                 ///< the first reading that does not hold
  std::optional<double> mean_dbm;
  Duration left_out{};  ///< of silences of the recording, after their first ten seconds

  std::uint64_t all() const;
  /// Decisions that do not rest on readings at the power in force.
  std::uint64_t unsupported_count() const { return all() - decisions[0]; }
};

struct Summary {
  std::uint64_t runs = 0;
  std::uint64_t events = 0;
  std::uint64_t events_not_exact = 0;  ///< told while the core's state was not the recorded one's
  std::uint64_t decisions_recorded = 0;
  std::uint64_t decisions_replayed = 0;
  std::uint64_t decisions_equal = 0;
  std::uint64_t lost_lines = 0;
  std::uint64_t torn_lines = 0;
  std::optional<double> recorded_mean_dbm;
  std::optional<DifferenceText> difference;  ///< the first one
  std::optional<From> not_exact;             ///< the first place
  std::optional<CounterfactualSummary> counterfactual;

  /// sysexits(3): 0 all decisions are the recorded ones; EX_DATAERR (65) they are not;
  /// EX_UNAVAILABLE (69) none differs, but a part of the recording cannot be compared.
  int exit_status() const { return difference ? 65 : not_exact ? 69 : 0; }
};

/// Each journal is named by its newest file. Throws report::InputError or SettingsError.
Summary replay(std::span<const std::filesystem::path> journals, const Options& options);

/// For people, with a newline at its end.
std::string summary_text(const Summary& summary);
/// The same as a JSON object, with a newline at its end.
std::string summary_json(const Summary& summary);

}  // namespace pianissimo::replay
