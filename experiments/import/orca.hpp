// An ORCA trace as a journal: what its stations, powers and rates were, in the events that the core
// knows.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "controller/journal/record.hpp"
#include "experiments/import/orca_line.hpp"

namespace pianissimo::orca {

struct Options {
  /// How often the stations are reported, as the daemon would read them.
  Duration interval = std::chrono::milliseconds{50};
  /// Where a trace does not tell the power, or tells it relative to the unknown.
  Dbm assumed_power = dbm(20);
};

struct Counts {
  std::uint64_t lines = 0;
  std::uint64_t torn = 0;   ///< not whole, or out of time; skipped
  std::uint64_t other = 0;  ///< whole, but of no use here
  std::uint64_t transmissions = 0;
  std::uint64_t powers = 0;  ///< changes of a station's power
  std::uint64_t statistics = 0;
  /// Of these: the kernel's formula gives the estimate in the line from the rest of the line.
  std::uint64_t statistics_explained = 0;
  std::uint64_t reports = 0;
  std::set<MacAddress> stations;
  bool has_powers = false;  ///< some radio said which powers it has
};

class Importer {
 public:
  Importer(Options options, std::function<void(const journal::Record&)> record)
      : options_{options}, record_{std::move(record)} {}

  /// The next line of the trace. What is wrong with the trace as a whole, if it cannot go on.
  [[nodiscard]] std::optional<std::string> take(std::string_view text);
  /// The trace is over. What is wrong with it as a whole: no line of it was one of a trace.
  [[nodiscard]] std::optional<std::string> finish();

  const Counts& counts() const { return counts_; }

 private:
  struct Station {
    StationSample sample;
    Instant heard;  ///< when the trace spoke of it last
    StationAdded overheads;
    std::map<RateIndex, std::uint32_t> estimates;  ///< the last one of every rate
    std::optional<RateIndex> best;
    std::optional<std::uint32_t> estimate;  ///< of the best rate, where the trace tells it itself
    std::optional<Dbm> power;               ///< last one told
  };
  struct Radio {
    WiphyIndex wiphy{};
    InterfaceIndex interface {};
    RadioAdded can;
    bool is_up = false;       ///< the journal has its interface_up
    bool is_changed = false;  ///< and that is no longer what it is
    std::map<MacAddress, Station> stations;
    std::set<MacAddress> heard;  ///< those that the trace speaks of by and by
  };

  enum class Timing : std::uint8_t { in_time, out_of_time, backwards };
  Timing check_time(std::uint64_t time);
  void report_until(Instant at);
  void report(Radio& radio, Instant at);

  void take(Radio& radio, const RadioAdded& added);
  void take(Radio& radio, const RadioRemoved&);
  void take(Radio& radio, const StationAdded& added);
  void take(Radio& radio, const StationRemoved& removed);
  void take(Radio& radio, const TxStatus& status);
  void take(Radio& radio, const RxStatus& status);
  void take(Radio& radio, const RateStats& stats);
  void take(Radio& radio, const BestRates& best);
  void take(Radio& radio, const EstimatedThroughput& estimate);
  void take(Radio& radio, const PowerSet& set);
  void take(Radio&, const auto&) { ++counts_.other; }

  Radio& radio_of(std::string_view phy);
  Station& station_of(Radio& radio, const MacAddress& address);
  void come_up(Radio& radio, std::string_view name);
  void set_power(Radio& radio, Station& station, std::uint8_t index);
  Dbm highest(const Radio& radio) const;
  std::optional<Dbm> level_of(const Radio& radio, std::uint8_t index) const;
  Dbm base(const Radio& radio) const;
  const Group* group_of(RateIndex rate) const;
  void tell(Event event);
  void write(Instant at, decltype(journal::Record::what) what);

  Options options_;
  std::function<void(const journal::Record&)> record_;
  Counts counts_;
  std::uint32_t version_ = 0;
  std::map<RateIndex, Group> groups_;
  std::map<std::string, Radio, std::less<>> radios_;
  bool has_header_ = false;
  Instant now_{};
  std::optional<std::uint64_t> last_time_;
  std::uint64_t astray_ = 0;        // time of the last line that was out of time
  std::uint32_t astray_count_ = 0;  // so many in a row
  Instant next_report_{};
};

}  // namespace pianissimo::orca
