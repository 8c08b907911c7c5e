// The daemon above its real ports and a radio whose answers fail on command, on a clock moved by
// hand; and what has to hold whatever fails.
#pragma once

#include <spdlog/logger.h>

#include <boost/asio/io_context.hpp>
#include <exception>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <sstream>
#include <string>

#include "controller/service/daemon.hpp"
#include "controller/service/kernel_ports.hpp"
#include "tests/unit/service/fake_radio.hpp"
#include "tests/unit/service/manual_time.hpp"

namespace pianissimo::service {

/// How a request fails.
struct Failure {
  std::string name;
  nl80211::Fate fate;
  Duration after{};  ///< the answer comes so late
};

/// Which requests fail, and how.
struct Fault {
  nl80211::Asked what = nl80211::Asked::interfaces;
  int first = 1;       ///< that of this kind, from the arming on
  bool stays = false;  ///< all that follow, too, until it is disarmed
  Failure how;
};

/// The radio that a run finds.
struct FoundRadio {
  KnobKind path = KnobKind::interface;
  int interfaces = 1;             ///< wlan0, wlan1, ... on one radio, each at 20 dBm
  Dbm channel_maximum = dbm(23);  ///< 20 dBm: what is found is taken for automatic
};

class FaultWorld {
 public:
  static constexpr Dbm floor = dbm(16);
  static constexpr Dbm found = dbm(20);

  /// `directory`: of the state; empty: a fresh one.
  explicit FaultWorld(FoundRadio radio = {}, std::filesystem::path directory = {});
  ~FaultWorld();
  FaultWorld(const FaultWorld&) = delete;
  FaultWorld& operator=(const FaultWorld&) = delete;

  void arm(Fault fault);
  void disarm() { fault_.reset(); }
  /// So many requests have failed since it was armed.
  int hits() const { return hits_; }
  /// So many requests of a kind since it was armed.
  int asked(nl80211::Asked what) const;

  void start();
  void start_and_reach_the_floor();
  bool reaches_the_floor_within(Duration patience);
  void reload();
  void stop();
  /// As SIGKILL leaves things: nothing is put back, and the note stays.
  void kill();
  /// As `pianissimo restore` does it: whether all is put back.
  bool put_back_what_is_noted();
  void vanish();
  void return_anew();
  void station_joins();

  bool runs() const { return daemon_ && !exit_; }
  std::optional<ExitStatus> exit() const { return exit_; }
  bool is_at(Dbm level) const;
  /// The most requests in a second so far.
  int busiest_second() const;
  bool is_noted() const { return std::filesystem::exists(state().path()); }
  std::string said() const { return log_text_.str(); }
  /// Whether the log tells why those requests failed.
  bool is_said(const Fault& fault) const;
  /// Stops what runs, with nothing failing any more, and looks at what has to hold. Fails the test.
  void must_have_done_no_harm();

  boost::asio::io_context io;
  ManualTime time{io};
  Config config;

 private:
  boost::asio::awaitable<nl80211::Fate> meet(nl80211::Asked what);
  void open_ports();
  void close_ports();
  void serve_stations();
  StateFile state() const { return StateFile{directory_}; }

  bool is_own_directory_;
  std::filesystem::path directory_;
  std::optional<Fault> fault_;
  std::map<nl80211::Asked, int> asked_;
  std::map<std::int64_t, int> asked_in_;  // in that second
  int hits_ = 0;
  int reloads_ = 0;  // under way
  int at_once_ = 0;
  Instant last_asked_{};
  std::uint8_t stations_ = 1;
  std::uint32_t next_index_ = 13;
  std::ostringstream log_text_;
  std::shared_ptr<spdlog::logger> log_;
  Kernel kernel_;
  std::optional<Daemon> daemon_;
  std::optional<ExitStatus> exit_;
  std::exception_ptr bug_;
};

}  // namespace pianissimo::service
