// The rates a station can be sent at, in the kernel's own order and with the kernel's own
// durations.
#pragma once

#include <cstdint>
#include <vector>

#include "experiments/testbed/medium/phy.hpp"

namespace pianissimo::sim {

/// What AP and station can do together.
struct Capability {
  enum class Standard : std::uint8_t { ht, vht } standard = Standard::vht;
  int streams = 2;       ///< 1..3
  int width_mhz = 80;    ///< 20, 40, 80 (HT: up to 40)
  bool short_gi = true;  ///< on every width
  friend auto operator<=>(const Capability&, const Capability&) = default;
};

/// Position of a rate in its RateSet.
using RateId = std::uint16_t;
inline constexpr RateId no_rate = 0xffff;

/// Minstrel-HT's groups: rates of one width, guard interval and number of streams, slowest first.
class RateSet {
 public:
  static constexpr int group_rates = 10;  ///< MCS_GROUP_RATES

  explicit RateSet(const Capability& capability);

  int groups() const { return static_cast<int>(groups_.size()); }
  RateId size() const { return static_cast<RateId>(group_rates * groups()); }
  static int group_of(RateId id) { return id / group_rates; }
  static RateId id_of(int group, int mcs) { return static_cast<RateId>(group * group_rates + mcs); }
  /// Some VHT rates do not exist (MCS 9 in 20 MHz with one stream): their places stay empty.
  bool exists(RateId id) const { return exists_[id]; }
  int streams(int group) const { return groups_[static_cast<std::size_t>(group)].streams; }
  testbed::Rate rate(RateId id) const;
  /// minstrel_get_duration(): ns that 1200 bytes take within an aggregate of 16.
  std::uint32_t duration_ns(RateId id) const { return durations_[id]; }
  const Capability& capability() const { return capability_; }

 private:
  struct Group {
    int streams;
    int width_mhz;
    bool short_gi;
  };
  void add(const Group& group);

  Capability capability_;
  std::vector<Group> groups_;
  std::vector<bool> exists_;
  std::vector<std::uint32_t> durations_;
};

}  // namespace pianissimo::sim
