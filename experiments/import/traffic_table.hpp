// Frames become a table: what each station got and sent, bin by bin.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <vector>

#include "controller/core/time.hpp"
#include "experiments/import/frame.hpp"

namespace pianissimo::capture {

/// The frames of a row are sent with this power from here on.
struct PowerChange {
  Instant at;
  Dbm power;
  friend bool operator==(const PowerChange&, const PowerChange&) = default;
};

/// One station in one direction during one bin. Only what had frames has a row.
struct Row {
  Instant start;  ///< of the bin, on the time line of the capture
  Crossing crossing;
  std::uint64_t bytes = 0;           ///< payloads, each sequence number once
  std::uint64_t packets = 0;         ///< the same: MSDUs
  std::uint64_t retries = 0;         ///< transmissions that repeat an earlier one
  std::optional<double> rate_mbps;   ///< mean over the frames that tell theirs
  std::optional<double> signal_dbm;  ///< the same
  std::optional<double> power_dbm;   ///< the same
  /// Of all transmissions that are to be acknowledged; nullopt: there were none.
  std::optional<double> retry_share;
  std::optional<std::uint64_t> failed;  ///< MSDUs that were given up; nullopt: no frame tells
  std::optional<BitRate> last_rate;     ///< of the last frame that tells it
  std::vector<PowerChange> powers;      ///< in the order of time, none like the one before it
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
    Mean power_dbm;
    std::uint64_t acknowledgeable = 0;          // transmissions
    std::uint64_t acknowledgeable_retries = 0;  // of these
    std::optional<std::uint64_t> failed;
    std::optional<BitRate> last_rate;
    std::vector<PowerChange> powers;
  };
  using Stream = std::pair<MacAddress, std::uint8_t>;  // sender and traffic class
  using Key = std::pair<MacAddress, Direction>;

  // The last sequence numbers of a stream: what is repeated out of an aggregate comes after others.
  struct Recent {
    std::array<std::uint16_t, 64> numbers{};
    std::size_t count = 0;
  };

  void add(const Frame& frame, bool is_new, Sums& to) const;
  bool is_repetition(const Frame& frame);

  Duration bin_;
  std::function<void(const Row&)> row_;
  std::optional<Instant> start_;
  Instant now_;  // of the latest frame
  std::uint64_t late_ = 0;
  std::map<Key, Sums> sums_;
  std::map<Stream, Recent> sequences_;
};

}  // namespace pianissimo::capture
