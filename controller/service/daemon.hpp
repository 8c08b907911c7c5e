// The loop: reads stations, tells the core, carries out what it answers, and writes it all down.
// One thread, one io_context; every member function runs on it.
#pragma once

#include <spdlog/logger.h>

#include <deque>
#include <exception>
#include <map>
#include <memory>
#include <optional>
#include <set>

#include "config/config.hpp"
#include "controller/core/controller.hpp"
#include "controller/service/ceiling_file.hpp"
#include "controller/service/control_port.hpp"
#include "controller/service/control_wishes.hpp"
#include "controller/service/exit_status.hpp"
#include "controller/service/found_power.hpp"
#include "controller/service/hearing.hpp"
#include "controller/service/metrics_tally.hpp"
#include "controller/service/mitigation.hpp"
#include "controller/service/ports.hpp"
#include "controller/service/power_watch.hpp"
#include "controller/service/put_back.hpp"
#include "controller/service/recorder.hpp"
#include "controller/service/status.hpp"
#include "controller/service/traffic_watch.hpp"
#include "controller/service/verdict_days.hpp"

namespace pianissimo::service {

/// Whether a configuration wants an interface to be driven.
bool is_wanted(const Config& config, const ApInterface& interface);

class Daemon {
 public:
  /// `state` is where the power found is kept; `log` is for people.
  Daemon(Ports ports, Config config, StateFile state, spdlog::logger& log);

  /// Drives the interfaces until stop(), then puts back the power found.
  Awaitable<ExitStatus> run();
  void stop();
  /// Puts back the power found and begins anew under another configuration.
  Awaitable<void> reload(Config config);
  /// False: the kernel answers nothing, and somebody else should put the power back.
  bool hears_the_kernel() const { return !hearing_.is_deaf(ports_.time.now()); }

  /// To be told before run() of a log that leaves RAM: it then tells no station's address.
  void log_leaves_ram() { log_leaves_ram_ = true; }
  /// What stands for stations in whatever leaves RAM, as `privacy.stations` wants it.
  journal::Pseudonyms& names();
  /// How far below the ceiling it was sent, by channel and day; what stands now included.
  const Mitigation& mitigation();

 private:
  // The six loops of a running daemon; each ends after stop().
  Awaitable<void> guarded(Awaitable<void> loop);
  Awaitable<void> watch_changes();
  Awaitable<void> watch_setters();
  Awaitable<void> read_periodically();
  Awaitable<void> wake_the_core();
  Awaitable<void> look_periodically();
  Awaitable<void> export_flows();

  Awaitable<ExitStatus> named_interfaces_exist();
  Awaitable<ExitStatus> take_radios();
  std::optional<std::string> take_radio(WiphyIndex wiphy);
  Awaitable<ExitStatus> put_back_leftovers();
  void want_look();
  Awaitable<void> refresh();
  void hear(bool is_listed, Instant asked);
  std::vector<InterfaceUp> newly_blind() const;
  Awaitable<void> begin_anew_where_blind();
  Awaitable<void> lift_station_limits(InterfaceIndex index);
  Awaitable<void> drive(const ApInterface& interface, bool shows_powers);
  void count_traffic_of(const ApInterface& interface);
  PowerSight sight_of(const ApInterface& interface, KnobKind path) const;
  bool notice(const PowerSight& sight);
  void see_present(const std::vector<ApInterface>& list);
  Awaitable<bool> is_as_we_left_it(const Knob& knob);
  Awaitable<void> read_powers_back();
  Awaitable<void> look_once_more();
  void listen_to_setters();
  void forget_told(const std::map<WiphyIndex, PowerSet>& judged);
  Awaitable<void> read(InterfaceIndex interface);
  Awaitable<void> tell(Event event);
  Awaitable<void> perform(Outcome outcome);
  Awaitable<PowerResult> set(const SetPower& command);
  std::optional<Dbm> limit_of(const Knob& knob) const;
  bool is_on(const Knob& knob, const InterfaceUp& up) const;
  Awaitable<bool> put_all_back();

  // What operators ask for (daemon_control.cpp).
  void begin_control();
  Awaitable<std::string> answer(control::Request request, Asker by);
  Awaitable<std::string> answer_to(control::Request request, Asker by);
  Awaitable<std::string> hold(std::string interface, bool holds, std::optional<Instant> until,
                              Asker by);
  Awaitable<std::string> lower_ceiling(std::string interface, std::optional<Dbm> level, Asker by);
  std::string explain(const control::Explain& asked) const;
  Awaitable<std::string> approve(control::Approve asked, Asker by);
  std::string list_proposals(const std::string& interface) const;
  std::vector<InterfaceUp> meant_by(const std::string& interface) const;
  std::string done(const std::vector<InterfaceUp>& meant, const std::string& note);
  std::string words_on_ceiling(const InterfaceUp& up, Dbm asked) const;
  // How far down the control may go by itself (daemon_leave.cpp).
  bool look_outside();
  Awaitable<void> follow_outside();
  std::optional<LeaveSet> leave_of(const InterfaceUp& up) const;
  void remind_of_leave(const InterfaceUp& up);
  void show_leave();
  std::optional<Decision> proposal_at(const InterfaceUp& up) const;
  Mode mode() const { return config_.dry_run ? Mode::dry_run : config_.mode; }
  Awaitable<void> set_approved(std::string interface, std::optional<Dbm> level, Asker by);
  void remind_of_wishes(const InterfaceUp& up);
  void show_wishes();
  void show_boxes();
  bool is_held(const InterfaceUp& up) const;
  void show(const Decision& decision);

  Outcome handle(const Event& event);
  void write_status();
  MetricsSnapshot metrics();
  void tell_all(Decision decision);
  void count(const Decision& decision);
  void count(const PowerResult& result);
  void begin_http();
  Awaitable<std::string> control_over_http(std::string line);
  Box box_in_force(const InterfaceUp& up) const;
  std::optional<bool> has_effect(const std::string& interface) const;
  void write_textfile();
  void remove_textfile();
  std::shared_ptr<journal::Pseudonyms> names_for(bool stays_in_ram);
  std::optional<Event> hidden_from_core(const Event& event);
  SetPower real(SetPower command) const;
  void warn_of_tpc(const ApInterface& interface, const InterfaceUp& up);
  void say(const Decision& decision);
  void say_once(std::string text);
  void say(spdlog::level::level_enum level, const std::string& text);  // log and journal
  void leave_alone(const std::string& interface, const std::string& why);
  void begin_anew();
  void begin_flows();
  std::optional<KnobKind> path_for(const ApInterface& interface);
  bool is_wanted(const ApInterface& interface) const {
    return service::is_wanted(config_, interface);
  }
  std::string name_of(const Knob& knob) const;
  journal::Header header() const;

  Ports ports_;
  Config config_;
  StateFile state_;
  spdlog::logger& log_;
  std::optional<Controller> controller_;
  std::unique_ptr<Recorder> recorder_;
  std::shared_ptr<journal::Pseudonyms> names_;  // made when they are first needed
  std::string privacy_trouble_;                 // with their key
  /// The core knows stations by pseudonyms, since the journal is kept somewhere.
  bool hides_from_core_ = false;
  /// Their addresses, of those in the last reading and of who joined since.
  std::map<InterfaceIndex, std::map<MacAddress, MacAddress>> addresses_;
  bool log_leaves_ram_ = false;
  Mitigation mitigation_;  // survives a reload
  VerdictDays verdicts_;   // as well
  std::optional<TrafficWatch> traffic_;
  std::optional<Status> status_;
  Status::Seen published_;  // what was seen at the last status over HTTP
  std::optional<std::int64_t> status_ms_;
  MetricsTally tally_;
  ActiveStations active_;
  std::int64_t began_ms_;
  Wishes wishes_;
  CeilingFile ceiling_file_;  // survives a reload
  bool window_is_open_ = true;
  std::deque<std::pair<Decision, std::string>> recent_;  // the last ones, each with its knob's name
  std::string status_text_ = "{}\n";                     // as last written
  Instant status_written_{};
  std::map<InterfaceIndex, InterfaceUp> driven_;  // as last told to the core
  std::map<InterfaceIndex, std::string> drivers_;
  /// What the kernel caps at: the core's maximum may be lower, by the width.
  std::map<InterfaceIndex, Dbm> kernel_maximum_;
  std::string regulatory_domain_;
  PowerWatch power_;
  std::map<WiphyIndex, PowerSet> told_;  // the last of others, until a look has judged it
  FoundPowers saved_;                    // as they are on disk
  std::uint64_t writes_ = 0;             // begun so far
  unsigned writes_pending_ = 0;  // under way: what is read meanwhile may be from before or after
  std::optional<Instant> wake_;
  Duration read_took_{};  // the last dump: a tick must not stand in a wake's way
  Hearing hearing_;
  bool was_deaf_ = false;        // when it was looked at last
  bool look_is_wanted_ = false;  // something may have changed
  Instant may_look_{};           // not before, lest a storm of changes makes us do nothing else
  std::set<std::string> said_;   // troubles that go on are said once
  bool driving_ = false;         // false: no command may leave any more
  std::uint64_t life_ = 0;  // counts the reloads: what a coroutine of an earlier life wants is void
  bool stopping_ = false;
  std::exception_ptr bug_;  // the first that ended a loop
  std::unique_ptr<Alarm> tick_alarm_;
  std::unique_ptr<Alarm> wake_alarm_;
  std::unique_ptr<Alarm> look_alarm_;
  std::unique_ptr<Alarm> flow_alarm_;
};

}  // namespace pianissimo::service
