// The operator's choices: YAML -> Config, with errors that say where.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "controller/core/box.hpp"
#include "controller/core/station_ids.hpp"
#include "controller/core/traffic_tree.hpp"
#include "controller/core/verdict.hpp"
#include "controller/policy/anchor.hpp"
#include "controller/policy/descend.hpp"
#include "controller/policy/fixed.hpp"

namespace pianissimo {

enum class PolicyName : std::uint8_t { anchor, descend, fixed };
/// What may be written: nothing, what an operator has approved (downwards), or what the law
/// decides.
enum class Mode : std::uint8_t { dry_run, recommend, automatic };
enum class PowerPath : std::uint8_t { automatic, wiphy, interface, station };
/// Who counts the stations' bytes.
enum class TrafficSourceChoice : std::uint8_t { automatic, bpf, nl80211 };
/// Where our programs are attached at ingress.
enum class TrafficAttach : std::uint8_t { automatic, native, tcx, clsact, generic };
enum class LogLevel : std::uint8_t { trace, debug, info, warn, error };

/// The names in the file: "descend", "auto", "warn".
std::string_view to_string(PolicyName policy);
std::string_view to_string(Mode mode);
std::string_view to_string(PowerPath path);
std::string_view to_string(LogLevel level);

/// Who says which stations are idle: each law's own rule, a table in a file, or that table itself,
/// which is what a journal holds.
using ClassifierChoice = std::variant<std::monostate, std::string, TrafficTree>;

struct TrafficConfig {
  TrafficSourceChoice source = TrafficSourceChoice::automatic;
  TrafficAttach attach = TrafficAttach::automatic;
  ClassifierChoice classifier;
  friend bool operator==(const TrafficConfig&, const TrafficConfig&) = default;
};

/// Flow records for a collector (IPFIX, RFC 7011), for diagnosis.
struct FlowConfig {
  std::string collector;  ///< parse_endpoint() reads it; empty: nothing is recorded
  std::chrono::seconds active{60};
  std::chrono::seconds idle{15};
  std::uint64_t most = 4096;
  std::chrono::seconds templates{60};
  friend bool operator==(const FlowConfig&, const FlowConfig&) = default;
};

/// Who asks over HTTP is told what the daemon does.
struct HttpConfig {
  std::string listen;         ///< parse_endpoint() reads it; empty: nobody is listened to
  bool allow_remote = false;  ///< at an address that other machines reach, too
  bool control = false;       ///< who has the token may hold the power and lower the ceiling
  friend bool operator==(const HttpConfig&, const HttpConfig&) = default;
};

struct MetricsConfig {
  std::string textfile;   ///< for node_exporter; empty: none is written
  bool stations = false;  ///< series of their own for each station
  friend bool operator==(const MetricsConfig&, const MetricsConfig&) = default;
};

struct JournalConfig {
  std::string path = "/run/pianissimo/journal.jsonl";
  std::uint64_t budget_bytes = 8'388'608;
  friend bool operator==(const JournalConfig&, const JournalConfig&) = default;
};

/// What stands for stations in what leaves RAM.
struct PrivacyConfig {
  StationIds stations = StationIds::hmac;
  std::string key_file = "/var/lib/pianissimo/salt";
  friend bool operator==(const PrivacyConfig&, const PrivacyConfig&) = default;
};

/// The socket that operators ask through.
struct ControlConfig {
  bool socket = true;
  std::string group = "root";  ///< who may use it, beside root
  friend bool operator==(const ControlConfig&, const ControlConfig&) = default;
};

/// How proposals are treated while somebody approves them.
struct RecommendConfig {
  std::chrono::seconds expires{86'400};  ///< what is not approved by then is proposed anew
  friend bool operator==(const RecommendConfig&, const RecommendConfig&) = default;
};

/// Everything that can be set. The defaults here are the program's; the YAML file only overrides.
/// Keys, units, ranges and reasons: the table in parameters.cpp.
struct Config {
  /// Interfaces to drive; empty means "auto": every AP interface.
  std::vector<std::string> interfaces;
  PolicyName policy = PolicyName::anchor;
  BoxParams box;
  PowerPath power_path = PowerPath::automatic;
  std::chrono::milliseconds interval{50};
  AnchorParams anchor;
  DescendParams descend;
  FixedParams fixed;
  VerdictParams verdict;
  TrafficConfig traffic;
  FlowConfig flows;
  bool trace_power = true;  ///< ask the kernel who else sets a power
  HttpConfig http;
  MetricsConfig metrics;
  ControlConfig control;
  JournalConfig journal;
  PrivacyConfig privacy;
  LogLevel log_level = LogLevel::info;
  Mode mode = Mode::automatic;
  RecommendConfig recommend;
  /// parse_day_span() reads them; empty: at any time.
  std::vector<std::string> auto_between;
  std::string ceiling_file;  ///< an external controller's; empty: none
  bool dry_run = false;      ///< also set by whoever reads `mode: dry-run`
  friend bool operator==(const Config&, const Config&) = default;
};

/// What is wrong, and where.
struct ConfigError {
  int line = 0;     ///< from 1; 0: no place in a file
  int column = 0;   ///< from 1, in bytes; 0: no place in a file
  std::string key;  ///< "descend.probe.every"; empty: the file as a whole
  std::string message;
  friend bool operator==(const ConfigError&, const ConfigError&) = default;
};

/// "pianissimo.yaml:12:3: descend.prob: unknown key (did you mean 'probe'?)", without a newline.
std::string to_string(const ConfigError& error, std::string_view file);

/// Longer texts are refused: a configuration has a few kB, and the parser's work must stay bounded.
inline constexpr std::size_t max_config_bytes = 65'536;

/// Reads YAML (or JSON, which is YAML). Errors come all at once, in the order of their lines; but
/// what is no YAML at all is one error alone. An empty text is Config{}.
std::variant<Config, std::vector<ConfigError>> parse_config(std::string_view yaml);

/// Checks what did not come from a file, such as the command line's overrides; empty: all is well.
std::vector<ConfigError> validate(const Config& config);

struct LoadError {
  enum class Kind : std::uint8_t { unreadable, invalid };
  Kind kind = Kind::invalid;
  std::vector<ConfigError> errors;  ///< never empty
  /// sysexits(3): EX_NOINPUT or EX_CONFIG.
  int exit_status() const { return kind == Kind::unreadable ? 66 : 78; }
};

/// Puts the classifier's table in the place of the file that a configuration names; what is wrong
/// with the file.
std::optional<ConfigError> load_classifier_of(Config& config);

/// Reads a file, "-" is standard input, and the file of the classifier that it names.
std::variant<Config, LoadError> load_config(const std::string& path);

/// An address and a port of UDP or TCP.
struct Endpoint {
  std::string address;  ///< IPv4 or IPv6, in figures
  std::uint16_t port = 0;
};
/// Reads "127.0.0.1:4739" or "[::1]:4739"; nullopt for anything else: names would have to be asked
/// for, which takes time.
std::optional<Endpoint> parse_endpoint(std::string_view text);
/// Whether only this machine reaches it: 127.0.0.0/8 or ::1.
bool is_loopback(const Endpoint& endpoint);

/// A part of each day, in minutes since midnight, local time; over midnight if it ends before it
/// begins.
struct DaySpan {
  int from = 0;
  int to = 0;
  bool has(int minute) const {
    return from < to ? from <= minute && minute < to : from <= minute || minute < to;
  }
};
/// Reads "02:00-05:00"; nullopt for anything else, also for one that ends as it begins.
std::optional<DaySpan> parse_day_span(std::string_view text);

/// JSON Schema (draft-07) of the file, indented, with a newline at its end.
std::string schema_json();

/// The configuration in full, in the file's own structure and keys, on one line without a newline:
/// the journal's header. parse_config() reads it back to an equal Config.
std::string to_json(const Config& config);

/// FNV-1a (64 bit) of to_json(), 16 hexadecimal digits: equal configurations have equal hashes.
std::string config_hash(const Config& config);
std::string config_hash(std::string_view json);

}  // namespace pianissimo
