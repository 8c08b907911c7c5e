// IPFIX messages (RFC 7011), as far as flow records need them: to bytes, never from them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "controller/service/flow_table.hpp"

namespace pianissimo::service {

/// The wall clock as it goes now: what a time of the monotonic clock was there. After a step of the
/// wall clock, earlier times are as if it had always gone like this.
struct WallClock {
  Instant now;
  std::int64_t wall_ms = 0;  ///< since 1970, UTC, at `now`

  /// Milliseconds since 1970, rounded down.
  std::uint64_t ms_at(Instant at) const;
};

/// Totals since the exporter began.
struct FlowTotals {
  flow_sum ignored{};  ///< IP that is in no record: there was no room in the kernel
  std::uint64_t sent = 0;
  std::uint64_t not_sent = 0;  ///< records that the socket did not take
  flow_sum not_sent_of{};      ///< what those records had counted
};

/// One message. It fits into the datagrams of 512 octets that RFC 7011 (10.3.3) wants where the
/// path's MTU is not known.
class IpfixMessage {
 public:
  static constexpr std::size_t most_bytes = 512 - 40 - 8;  ///< without IPv6's and UDP's headers

  /// `sequence` counts the data records of the messages before (modulo 2^32).
  IpfixMessage(std::int64_t wall_ms, std::uint32_t sequence);

  /// The layout of flow records and totals: three templates. To be added first.
  void add_templates();
  void add(const FlowTotals& totals);
  /// False, with nothing added: the message is full.
  bool add(const FlowRecord& record, const WallClock& clock);

  /// Data records in it.
  std::uint32_t records() const { return records_; }
  std::span<const std::uint8_t> bytes() const { return bytes_; }

 private:
  void begin_set(std::uint16_t id);
  void put(std::uint64_t value, std::size_t size);
  void put(std::span<const std::uint8_t> octets);
  void put_lengths();

  std::vector<std::uint8_t> bytes_;
  std::size_t set_at_ = 0;  ///< where the last set begins; 0: there is none
  std::uint16_t set_ = 0;   ///< its id
  std::uint32_t records_ = 0;
};

}  // namespace pianissimo::service
