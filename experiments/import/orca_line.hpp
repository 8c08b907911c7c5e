// One line of an ORCA trace (orca-rcd, and minstrel-rcd before it), as a value. Pure.
//
// "<phy>;<time>;<type>;..." with numbers in hexadecimal. README.md lists the versions.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "controller/core/identity.hpp"

namespace pianissimo::orca {

/// Rates are numbered group * 16 + place in the group.
using RateIndex = std::uint16_t;

enum class RateKind : std::uint8_t { ht, vht, cck, ofdm };

/// A row of Minstrel-HT's table: rates of the same kind, streams, width and guard interval.
struct Group {
  RateIndex first = 0;
  RateKind kind = RateKind::ht;
  std::uint8_t nss = 1;
  std::uint8_t width = 0;  ///< 0, 1, 2: 20, 40, 80 MHz
  bool short_gi = false;
  std::array<std::uint32_t, 10> airtime_ns{};  ///< of a frame of 1200 bytes; 0: no such rate
  friend bool operator==(const Group&, const Group&) = default;
};

/// Powers are numbered, too: index i of [first, first + levels) is start + (i - first) * step.
struct PowerRange {
  std::uint8_t first = 0;
  std::uint8_t levels = 0;
  std::int8_t start = 0;  ///< in quarters of a dB; below 0: all are relative to the base power
  std::int8_t step = 0;   ///< in quarters of a dB
  friend bool operator==(const PowerRange&, const PowerRange&) = default;
};

/// A radio and what it can do. Version 0 says nothing but its name.
struct RadioAdded {
  std::string driver;
  std::vector<PowerRange> powers;               ///< empty: no power control
  std::optional<std::uint8_t> limit_half_dbm;   ///< upper limit of the power
  std::optional<std::uint16_t> user_power_dbm;  ///< feature "pwr-user": what the operator set
  friend bool operator==(const RadioAdded&, const RadioAdded&) = default;
};
struct RadioRemoved {
  friend bool operator==(const RadioRemoved&, const RadioRemoved&) = default;
};

/// The station's overheads, where its line has them.
struct StationAdded {
  MacAddress station;
  std::uint32_t overhead_us = 108;
  std::uint32_t overhead_legacy_us = 60;
  friend bool operator==(const StationAdded&, const StationAdded&) = default;
};
struct StationRemoved {
  MacAddress station;
  friend bool operator==(const StationRemoved&, const StationRemoved&) = default;
};

/// A stage of the retry chain that was used.
struct Stage {
  RateIndex rate = 0;
  std::uint16_t count = 0;
  std::optional<std::uint8_t> power;  ///< index; absent: unknown
  friend bool operator==(const Stage&, const Stage&) = default;
};
/// What became of a transmission.
struct TxStatus {
  MacAddress station;
  std::uint32_t frames = 0;
  std::uint32_t acked = 0;
  bool is_probe = false;
  std::vector<Stage> stages;  ///< those with a rate and a count; the last one delivered
  friend bool operator==(const TxStatus&, const TxStatus&) = default;
};
struct RxStatus {
  MacAddress station;
  std::optional<std::int8_t> signal_dbm;
  friend bool operator==(const RxStatus&, const RxStatus&) = default;
};

/// Minstrel's statistics of a rate, as of an update.
struct RateStats {
  MacAddress station;
  RateIndex rate = 0;
  std::uint32_t success_permille = 0;
  std::uint32_t throughput = 0;  ///< in ten frames of 1200 bytes per second
  friend bool operator==(const RateStats&, const RateStats&) = default;
};
struct BestRates {
  MacAddress station;
  RateIndex best = 0;
  friend bool operator==(const BestRates&, const BestRates&) = default;
};
struct EstimatedThroughput {
  MacAddress station;
  std::uint32_t throughput = 0;  ///< as in RateStats, of the best rate
  friend bool operator==(const EstimatedThroughput&, const EstimatedThroughput&) = default;
};

/// A command's echo: the power index of the first stage.
struct PowerSet {
  MacAddress station;
  std::uint8_t power = 0;
  friend bool operator==(const PowerSet&, const PowerSet&) = default;
};

struct Version {
  std::uint32_t major = 0;
  friend bool operator==(const Version&, const Version&) = default;
};
/// A line that is whole but says nothing that is wanted here.
struct Other {
  friend bool operator==(const Other&, const Other&) = default;
};
/// Not a line of a trace, or not all of one.
struct Torn {
  friend bool operator==(const Torn&, const Torn&) = default;
};

struct Line {
  std::string_view phy;    ///< "*": all of them
  std::uint64_t time = 0;  ///< ns since the epoch, before version 2 since boot; 0: none
  std::variant<Torn, Other, Version, Group, RadioAdded, RadioRemoved, StationAdded, StationRemoved,
               TxStatus, RxStatus, RateStats, BestRates, EstimatedThroughput, PowerSet>
      what;
};

/// Without its newline; a carriage return at the end is left out.
Line read_line(std::string_view text);

}  // namespace pianissimo::orca
