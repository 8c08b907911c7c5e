// The flight recorder's format, version 1: JSON Lines. Each line is one record: the header, an
// event that the core was told, a decision that it made, the number of lines that were lost, or a
// note for the human reader.
// Header, events and configuration are enough to replay every decision.
// controller/journal/README.md describes every field.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "controller/core/decision.hpp"
#include "controller/core/events.hpp"

namespace pianissimo::journal {

inline constexpr int schema_version = 1;

/// What an interface is, as far as a reader of the journal needs it.
struct HeaderInterface {
  std::string name;
  std::uint32_t index = 0;
  std::string driver;
  std::uint32_t frequency_mhz = 0;
  std::uint32_t width_mhz = 0;
  friend bool operator==(const HeaderInterface&, const HeaderInterface&) = default;
};

/// First line of every file, also of each rotated one.
struct Header {
  int schema = schema_version;
  std::string version;            ///< of the program
  std::string kernel;             ///< uname -r
  std::string regulatory_domain;  ///< ISO 3166 alpha-2, "00" for the world domain, "" if unknown
  std::string config;             ///< the configuration in force, as one JSON object
  std::string config_hash;        ///< of that text
  std::vector<HeaderInterface> interfaces;
  /// What stands for stations: "hmac", "none" (StationIds); absent: their MAC addresses.
  std::optional<std::string> stations{};
  friend bool operator==(const Header&, const Header&) = default;
};

/// Lines that could not be kept (disk full, writer too slow) before this one.
struct Lost {
  std::uint64_t lines = 0;
  friend bool operator==(const Lost&, const Lost&) = default;
};

/// What happened beside the core: a read that failed, power put back, configuration read anew.
struct Note {
  std::string text;
  friend bool operator==(const Note&, const Note&) = default;
};

struct Record {
  Instant at;                ///< CLOCK_MONOTONIC
  std::int64_t wall_ms = 0;  ///< CLOCK_REALTIME, ms since the epoch
  std::variant<Header, Event, Decision, Lost, Note> what;
  friend bool operator==(const Record&, const Record&) = default;
};

/// One line, without the newline.
std::string to_line(const Record& record);

/// Why a line is not a record of this version: names the field.
struct ParseError {
  std::string message;
};

/// Reads what to_line() writes. Fields that this version does not know are ignored; a field that
/// it needs and misses, or that is out of its range, is an error.
std::variant<Record, ParseError> from_line(std::string_view line);

}  // namespace pianissimo::journal
