// How far below its ceiling an access point sent, by channel and day: the evidence that a rule on
// transmit power control asks for. It decides nothing, and lifts no ceiling. A pure value: it is
// told what stands, when, and answers with means.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "controller/core/time.hpp"
#include "controller/core/units.hpp"
#include "controller/service/last_days.hpp"

namespace pianissimo::service {

class Mitigation {
 public:
  /// So much is kept: what is older goes first.
  static constexpr std::size_t most_channels = 32;
  static constexpr std::size_t most_days = 8;
  /// Nobody knows what stood for longer than this without a call: that time is not covered.
  static constexpr Duration longest_gap = std::chrono::seconds{15};

  /// What stands at one interface.
  struct Sight {
    std::string interface;
    Mhz frequency;  ///< of the control channel
    Mhz width;
    Dbm ceiling;
    Dbm power;
  };
  struct Day {
    Mhz frequency;
    Mhz width;
    std::string day;     ///< "2026-11-30"
    Db mean;             ///< ceiling less power, time-weighted; rounded to 0.01 dB
    Duration covered{};  ///< of all interfaces on that channel together
    friend bool operator==(const Day&, const Day&) = default;
  };

  /// `standing` holds from `now` on. What stood since the last call counts for that time, and for
  /// `day`: so there is a call every few seconds, and none is needed at midnight.
  void see(std::vector<Sight> standing, Instant now, std::string_view day);

  /// By frequency, width and day.
  std::vector<Day> days() const;

 private:
  struct Channel {
    Mhz frequency;
    Mhz width;
    friend auto operator<=>(const Channel&, const Channel&) = default;
  };
  struct Sum {
    double db_seconds = 0;
    Duration covered{};
  };
  using Days = LastDays<Sum, most_days>;

  Sum& sum_of(const Channel& channel, std::string_view day);

  std::map<Channel, Days> channels_;
  std::vector<Sight> standing_;
  Instant since_{};
};

/// The local day (localtime_r(3)) of a time since the epoch: "2026-11-30".
std::string local_day(std::int64_t wall_ms);

}  // namespace pianissimo::service
