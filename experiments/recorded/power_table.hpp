// What was measured at each power: the samples themselves, level by level.
#pragma once

#include <array>
#include <cstdint>
#include <iosfwd>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "controller/core/units.hpp"
#include "experiments/recorded/csv.hpp"

namespace pianissimo::recorded {

/// One measurement, some seconds long.
struct Sample {
  Throughput throughput;    ///< delivered
  double drop_percent = 0;  ///< of what was sent
  Dbm receiver_hears;       ///< the signal of the sender's frames
  std::optional<Dbm> sender_hears;
  std::optional<Dbm> receiver_power;  ///< at which the receiver sent what the sender heard
  friend bool operator==(const Sample&, const Sample&) = default;
};

/// Levels are what was commanded. What they put on the air may be uneven, and a higher one may give
/// less.
struct PowerTable {
  std::map<Dbm, std::vector<Sample>> levels;  ///< no list is empty
  friend bool operator==(const PowerTable&, const PowerTable&) = default;
};

Throughput mean_throughput(const std::vector<Sample>& samples);
/// The middle one; of an even number, half way between the two.
Throughput median_throughput(const std::vector<Sample>& samples);
/// dBm, the mean of the decibels.
double mean_signal(const std::vector<Sample>& samples);

/// Highest mean throughput; of equals the lowest level.
Dbm best_level(const PowerTable& table);
/// The lowest level whose mean throughput is at least `keep` of the ceiling's.
Dbm lowest_level_that_keeps(const PowerTable& table, double keep);

/// What a file calls its columns; ranges are the same for all.
struct ColumnNames {
  std::string_view sender_power;
  std::string_view throughput;
  std::string_view drop;
  std::string_view receiver_hears;
  std::string_view sender_hears;    ///< a file may have none
  std::string_view receiver_power;  ///< likewise
};
inline constexpr ColumnNames table_names{.sender_power = "level_dbm",
                                         .throughput = "throughput_bps",
                                         .drop = "drop_percent",
                                         .receiver_hears = "receiver_hears_dbm",
                                         .sender_hears = "sender_hears_dbm",
                                         .receiver_power = "receiver_power_dbm"};
/// The first line of what write() writes.
inline constexpr std::string_view table_header =
    "level_dbm,throughput_bps,drop_percent,receiver_hears_dbm,sender_hears_dbm,"
    "receiver_power_dbm\n";

/// Reads a table, or a recording that has such columns, line by line.
class TableReader {
 public:
  /// Two weeks of a measurement every five seconds.
  static constexpr std::uint64_t most_rows = 250'000;

  explicit TableReader(const ColumnNames& names);
  // The columns are referred to.
  TableReader(const TableReader&) = delete;
  TableReader& operator=(const TableReader&) = delete;

  [[nodiscard]] std::optional<CsvError> take(std::string_view line);
  /// The file is over.
  [[nodiscard]] std::optional<CsvError> finish() const;

  const PowerTable& table() const { return table_; }
  std::uint64_t rows() const { return rows_; }              ///< that are in the table
  std::uint64_t incomplete() const { return incomplete_; }  ///< left out: a needed cell is empty

 private:
  std::array<Column, 6> columns_;
  NumberColumns numbers_;
  bool has_header_ = false;
  PowerTable table_;
  std::uint64_t rows_ = 0;
  std::uint64_t incomplete_ = 0;
};

/// By level, and within a level in the order of the recording.
void write(std::ostream& to, const PowerTable& table);

/// For people: each level's rows, median throughput, mean signal at the receiver, and the step of
/// that signal from the level below.
std::string summary(const PowerTable& table);

}  // namespace pianissimo::recorded
