// What the daemon tells tools that watch many machines: a value, and its text. Pure. The names are
// in metrics.cpp, once.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "controller/core/identity.hpp"
#include "controller/core/reason.hpp"
#include "controller/core/station_model.hpp"
#include "controller/core/time.hpp"
#include "controller/core/units.hpp"
#include "controller/core/verdict.hpp"

namespace pianissimo::service {

// What is counted by kind: the words of a label, in the order of the counts.
inline constexpr std::array<std::string_view, 2> direction_words{"up", "down"};
inline constexpr std::array<std::string_view, 3> visit_words{"passed", "failed", "undecided"};
inline constexpr std::array<std::string_view, 6> command_words{
    "accepted", "clamped", "busy", "gone", "not_permitted", "unsupported"};
inline constexpr std::array<std::string_view, 3> fallback_words{"stations_unreadable",
                                                                "kernel_silent", "knob_dead"};
inline constexpr std::array<std::string_view, 2> others_words{"lowered", "raised"};
inline constexpr std::array<std::string_view, 4> operation_words{"list_interfaces", "read_stations",
                                                                 "read_power", "set_power"};
inline constexpr std::array<std::string_view, 5> trouble_words{"failed", "busy", "gone",
                                                               "not_permitted", "unsupported"};

/// Why the daemon gave up judging, and went to the highest power that is allowed or had it put
/// back.
enum class Fallback : std::uint8_t { stations_unreadable, kernel_silent, knob_dead };
/// What the kernel is asked for.
enum class Operation : std::uint8_t { list_interfaces, read_stations, read_power, set_power };
/// What becomes of it.
enum class Trouble : std::uint8_t { failed, busy, gone, not_permitted, unsupported };

template <std::size_t size>
using Counts = std::array<std::uint64_t, size>;

/// What happened at one interface since the process began. What concerns a whole radio counts at
/// each of its interfaces.
struct InterfaceCounts {
  Counts<all_reasons.size()> decisions{};
  Counts<direction_words.size()> changes{};
  Counts<visit_words.size()> visits{};
  Counts<command_words.size()> commands{};
  Counts<fallback_words.size()> fallbacks{};
  Counts<others_words.size()> set_by_others{};
  Counts<verdict_words.size()> verdicts{};
  std::uint64_t readings = 0;  ///< of its stations
  std::uint64_t readings_failed = 0;
  std::optional<std::int64_t> last_decision_ms;  ///< wall clock
  bool is_knob_dead = false;                     ///< says the law now
};

/// How long things took.
struct Histogram {
  /// Upper bounds, in seconds, as they are written.
  static constexpr std::array<std::string_view, 10> bounds{
      "0.001", "0.002", "0.005", "0.01", "0.02", "0.05", "0.1", "0.2", "0.5", "1.0"};
  static constexpr std::array<Duration, 10> upper{
      std::chrono::milliseconds{1},   std::chrono::milliseconds{2},
      std::chrono::milliseconds{5},   std::chrono::milliseconds{10},
      std::chrono::milliseconds{20},  std::chrono::milliseconds{50},
      std::chrono::milliseconds{100}, std::chrono::milliseconds{200},
      std::chrono::milliseconds{500}, std::chrono::milliseconds{1000}};
  void add(Duration took);

  Counts<upper.size() + 1> counts{};  ///< each between its bound and the one below
  Duration sum{};
};

/// One station, under the name that the public may know it by.
struct StationMetrics {
  std::string name;
  std::optional<Throughput> expected;
  StationTotals totals;
  std::optional<Dbm> signal;
};

/// One interface that is driven, as it is now.
struct RadioMetrics {
  std::string interface;
  WiphyIndex wiphy{};
  Dbm power;
  Dbm floor;
  Dbm ceiling;  ///< the lowest of channel maximum, power found and the operator's
  Dbm found;
  Dbm channel_maximum;
  std::size_t active = 0;
  std::size_t idle = 0;
  TrafficOrigin origin = TrafficOrigin::nl80211;
  bool is_limited = false;               ///< somebody else has set less than was found at first
  std::size_t reverts = 0;               ///< changes that hurt, and are taken back for now
  std::optional<Dbm> proposed;           ///< waits for an operator's approval
  bool is_window_open = true;            ///< the change window
  std::optional<bool> has_effect;        ///< nullopt: the law does not test it
  std::vector<StationMetrics> stations;  ///< empty unless the operator wants them told
};

struct ProcessMetrics {
  double cpu_seconds = 0;
  std::uint64_t resident_bytes = 0;
  std::int64_t started_ms = 0;  ///< wall clock
};

/// Everything that is told, at one moment.
struct MetricsSnapshot {
  std::string version;
  std::string features;  ///< "bpf,http"
  std::string config_hash;
  std::string mode;  ///< the configuration's word
  bool dry_run = false;
  bool is_kernel_heard = true;
  std::optional<std::int64_t> status_ms;  ///< wall clock of the last status
  std::vector<RadioMetrics> radios;
  std::map<std::string, InterfaceCounts> counts;  ///< by interface
  std::array<Counts<trouble_words.size()>, operation_words.size()> netlink_errors{};
  Histogram ticks;
  std::uint64_t journal_bytes = 0;
  std::uint64_t journal_lost = 0;
  /// nullopt in a file for node_exporter, which has process metrics of its own.
  std::optional<ProcessMetrics> process;
};

enum class MetricsFormat : std::uint8_t {
  open_metrics,  ///< OpenMetrics 1.0.0, which ends in "# EOF"
  prometheus     ///< text format 0.0.4: for old servers and for node_exporter
};

/// The media type, for HTTP.
std::string_view content_type(MetricsFormat format);

std::string metrics_text(const MetricsSnapshot& snapshot, MetricsFormat format);

}  // namespace pianissimo::service
