// Frames become a table: what each station got and sent, bin by bin.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>

#include "controller/core/time.hpp"
#include "experiments/import/frame.hpp"

namespace pianissimo::capture {

/// One station in one direction during one bin. Only what had frames has a row.
struct Row {
  Instant start;  ///< of the bin, on the time line of the capture
  Crossing crossing;
  std::uint64_t bytes = 0;           ///< payloads, each sequence number once
  std::uint64_t packets = 0;         ///< the same: MSDUs
  std::uint64_t retries = 0;         ///< frames with the retry bit
  std::optional<double> rate_mbps;   ///< mean over the frames that tell theirs
  std::optional<double> signal_dbm;  ///< the same
};

class TrafficTable {
 public:
  TrafficTable(Duration bin, std::function<void(const Row&)> row)
      : bin_{bin}, row_{std::move(row)} {}

  /// A frame that comes after a later bin has begun is counted in that.
  void take(Instant at, const Frame& frame);
  /// The last bin's rows.
  void finish();
  /// Frames that were counted in a later bin than theirs.
  std::uint64_t late() const { return late_; }

 private:
  struct Mean {
    double sum = 0;
    std::uint64_t count = 0;
    void add(double value) {
      sum += value;
      ++count;
    }
    std::optional<double> value() const;
  };
  struct Sums {
    std::uint64_t bytes = 0;
    std::uint64_t packets = 0;
    std::uint64_t retries = 0;
    Mean rate_mbps;
    Mean signal_dbm;
  };
  using Stream = std::pair<MacAddress, std::uint8_t>;  // sender and traffic class
  using Key = std::pair<MacAddress, Direction>;

  // The last sequence numbers of a stream: what is repeated out of an aggregate comes after others.
  struct Recent {
    std::array<std::uint16_t, 64> numbers{};
    std::size_t count = 0;
  };

  bool is_repetition(const Frame& frame);

  Duration bin_;
  std::function<void(const Row&)> row_;
  std::optional<Instant> start_;
  std::uint64_t late_ = 0;
  std::map<Key, Sums> sums_;
  std::map<Stream, Recent> sequences_;
};

}  // namespace pianissimo::capture
