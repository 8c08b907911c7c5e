#include "controller/service/daemon.hpp"

#include <fmt/format.h>
#include <sys/utsname.h>

#include <algorithm>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <deque>

#include "config/law.hpp"
#include "controller/journal/privacy_key.hpp"
#include "controller/service/log.hpp"
#include "controller/service/version.hpp"

namespace pianissimo::service {
namespace {

using namespace std::chrono_literals;
using namespace boost::asio::experimental::awaitable_operators;

// Multicast messages can be lost (ENOBUFS): everything is looked at anew this often.
constexpr Duration refresh_interval = 5s;

// Other programs may set power without a word: it is read this often.
constexpr Duration read_back_interval = 1s;

// Where texts with changing numbers go on and on, some are said again rather than all kept.
constexpr std::size_t most_said = 1000;

std::string kernel_release() {
  utsname names{};
  return ::uname(&names) == 0 ? names.release : "";
}

}  // namespace

Daemon::Daemon(Ports ports, Config config, StateFile state, spdlog::logger& log)
    : ports_{ports},
      config_{std::move(config)},
      state_{std::move(state)},
      log_{log},
      began_ms_{ports.time.wall_ms()},
      tick_alarm_{ports.time.make_alarm()},
      wake_alarm_{ports.time.make_alarm()},
      look_alarm_{ports.time.make_alarm()},
      flow_alarm_{ports.time.make_alarm()} {}

Awaitable<ExitStatus> Daemon::run() {
  ExitStatus ready = co_await named_interfaces_exist();
  if (ready == ExitStatus::ok) ready = co_await take_radios();
  if (ready == ExitStatus::ok) ready = co_await put_back_leftovers();
  if (ready != ExitStatus::ok) co_return ready;
  begin_anew();
  co_await refresh();
  if (driven_.empty()) log_.info("no interface to drive is up yet; waiting for one");
  write_status();
  if (ports_.supervisor) ports_.supervisor->ready();
  co_await (guarded(watch_changes()) && guarded(watch_setters()) && guarded(read_periodically()) &&
            guarded(wake_the_core()) && guarded(look_periodically()) && guarded(export_flows()));
  if (const auto error = remove_file(Status::path(state_.directory()))) {
    log_.error("{}", error->message);
  }
  remove_textfile();
  if (ports_.http) ports_.http->end();
  co_await look_once_more();
  const bool restored = co_await put_all_back();
  if (ports_.flows) ports_.flows->end();
  if (const auto lost = recorder_->lost()) log_.warn("{} journal lines were lost", lost);
  if (bug_) std::rethrow_exception(bug_);
  co_return restored ? ExitStatus::ok : ExitStatus::unavailable;
}

// An exception is a bug. It is told when all have ended and the power found is back.
Awaitable<void> Daemon::guarded(Awaitable<void> loop) {
  try {
    co_await std::move(loop);
  } catch (...) {
    if (!bug_) bug_ = std::current_exception();
    stop();
  }
}

void Daemon::stop() {
  if (ports_.supervisor) ports_.supervisor->stopping();
  stopping_ = true;
  driving_ = false;
  tick_alarm_->interrupt();
  wake_alarm_->interrupt();
  look_alarm_->interrupt();
  flow_alarm_->interrupt();
  ports_.interfaces.close();
  if (ports_.power_sets) ports_.power_sets->close();
  if (ports_.control) ports_.control->end();
}

Awaitable<void> Daemon::reload(Config config) {
  if (!recorder_) {
    config_ = std::move(config);  // not begun yet: it begins under this one
    co_return;
  }
  if (ports_.supervisor) ports_.supervisor->reloading();
  driving_ = false;
  co_await look_once_more();
  co_await put_all_back();
  if (stopping_) co_return;
  const bool was_dry_run = config_.dry_run;
  // An operator who writes a number there and reloads asks for it.
  if (config.box.ceiling) power_.lift_limits();
  remove_textfile();
  config_ = std::move(config);
  begin_anew();
  co_await named_interfaces_exist();
  if (was_dry_run) co_await put_back_leftovers();
  co_await refresh();
  if (ports_.supervisor && !stopping_) ports_.supervisor->ready();
}

void Daemon::begin_anew() {
  controller_.emplace(config_.box, policy_of(config_), config_.verdict);
  if (recorder_) tally_.begins_anew(recorder_->written(), recorder_->lost());
  names_.reset();
  recorder_ = std::make_unique<Recorder>(ports_.time, config_.journal, header(),
                                         names_for(journal::is_in_ram(config_.journal.path)));
  hides_from_core_ = names_ && names_->ids() != StationIds::mac;
  addresses_.clear();
  if (log_leaves_ram_) hide_stations_in(log_, names_for(false));
  // The old one lets go of the hooks before they are asked for anew.
  traffic_.emplace(ports_.traffic, config_.traffic,
                   [this](std::string text) { say_once(std::move(text)); });
  status_.emplace(config_);
  published_ = {};
  active_ = {};
  driven_.clear();
  said_.clear();
  if (!privacy_trouble_.empty()) say_once(std::exchange(privacy_trouble_, {}));
  begin_flows();
  begin_http();
  told_.clear();
  hearing_ = {};
  was_deaf_ = false;
  wake_.reset();
  driving_ = !stopping_;
  ++life_;
  listen_to_setters();
  begin_control();
  look_outside();
}

Awaitable<void> Daemon::watch_changes() {
  while (!stopping_) {
    const auto change = co_await ports_.interfaces.next_change();
    if (stopping_) co_return;
    if (!change) {
      // The rest of the daemon goes on: reports and the periodic look show what events would have.
      say_once(fmt::format("kernel events: {}", change.error().message));
      co_return;
    }
    if (const auto* const joined = std::get_if<StationJoined>(&*change)) {
      if (driven_.contains(joined->interface)) co_await tell(*joined);
    } else if (const auto* const left = std::get_if<StationLeft>(&*change)) {
      if (driven_.contains(left->interface)) co_await tell(*left);
    } else {
      want_look();
    }
  }
}

Awaitable<void> Daemon::read_periodically() {
  Instant due = ports_.time.now();
  Instant read_back = due;
  while (!stopping_) {
    // Late ticks are skipped: neither drift nor burst.
    const auto missed = std::max<Duration::rep>(0, (ports_.time.now() - due) / config_.interval);
    due += (missed + 1) * config_.interval;
    co_await tick_alarm_->wait_until(due);
    if (stopping_) co_return;
    if (ports_.supervisor) ports_.supervisor->alive();
    // A dwell that is about to end brings its own reading, and its command must not wait for ours.
    const Duration guard = std::clamp<Duration>(2 * read_took_, 1ms, config_.interval / 2);
    if (wake_ && *wake_ - ports_.time.now() < guard) continue;
    std::vector<InterfaceIndex> interfaces;
    for (const auto& [index, up] : driven_) interfaces.push_back(index);
    for (const InterfaceIndex index : interfaces) {
      if (!stopping_) co_await read(index);
    }
    tally_.ticked(ports_.time.now() - due);
    if (due - read_back >= read_back_interval) {
      read_back = due;
      co_await read_powers_back();
    }
    if (const std::string trouble = recorder_->trouble(); !trouble.empty()) {
      say_once("journal: " + trouble);
    }
  }
}

Awaitable<void> Daemon::wake_the_core() {
  while (!stopping_) {
    co_await wake_alarm_->wait_until(wake_.value_or(Instant::max()));
    const Instant now = ports_.time.now();
    if (stopping_ || !wake_ || now < *wake_) continue;
    wake_.reset();
    co_await tell(Wake{now});
  }
}

void Daemon::want_look() {
  look_is_wanted_ = true;
  look_alarm_->interrupt();
}

// A change is looked at when it is told. A storm of them is looked at several times a second, and
// once when it is over.
Awaitable<void> Daemon::look_periodically() {
  Instant periodic = ports_.time.now() + refresh_interval;
  while (!stopping_) {
    const Instant due = look_is_wanted_ ? std::min(periodic, may_look_) : periodic;
    if (ports_.time.now() < due) {
      co_await look_alarm_->wait_until(due);
      continue;
    }
    const bool is_periodic = periodic <= ports_.time.now();
    co_await refresh();
    co_await follow_outside();
    if (!is_periodic) continue;
    periodic = ports_.time.now() + refresh_interval;
    active_.look(*controller_, ports_.time.now(), config_.descend.load);
    // A status that grows old says what there is to say of a kernel that does not answer.
    if (driving_ && hears_the_kernel()) write_status();
    write_textfile();
  }
}

void Daemon::begin_flows() {
  if (ports_.flows) {
    ports_.flows->begin(config_.flows, [this](std::string text) { say_once(std::move(text)); });
    flow_alarm_->interrupt();
  } else if (!config_.flows.collector.empty()) {
    say_once("flow records: built without BPF");
  }
}

Awaitable<void> Daemon::export_flows() {
  while (!stopping_ && ports_.flows) {
    const Instant due = ports_.flows->step();
    if (ports_.time.now() < due) co_await flow_alarm_->wait_until(due);
  }
}

// A killed run left its note of the power found: put it back first, so that what is found now is
// not what that run had set.
Awaitable<ExitStatus> Daemon::put_back_leftovers() {
  const auto loaded = state_.load();
  if (const auto* const error = std::get_if<StateError>(&loaded)) {
    log_.error("{}", error->message);
    co_return error->status;
  }
  const auto& left = std::get<FoundPowers>(loaded);
  if (left.empty()) co_return ExitStatus::ok;
  if (config_.dry_run) {
    log_.warn("an earlier run did not end cleanly; its power stays, as this run writes nothing");
    co_return ExitStatus::ok;
  }
  for (const auto& [name, found] : left) {
    if (const auto why = take_radio(found.wiphy)) {
      log_.error("{}", *why);
      co_return ExitStatus::unavailable;
    }
  }
  log_.warn("an earlier run did not end cleanly; putting its power back first");
  bool all = true;
  for (const PutBack& outcome : co_await put_back(left, ports_)) {
    log_.log(outcome.done ? spdlog::level::info : spdlog::level::err, "{}", outcome.message);
    all = all && outcome.done;
  }
  if (!all) {
    power_.owe(left);  // after a reload: what is found now must not take its place
    saved_ = left;
    co_return ExitStatus::unavailable;
  }
  state_.remove();
  co_return ExitStatus::ok;
}

Awaitable<void> Daemon::read(InterfaceIndex interface) {
  const Instant asked = ports_.time.now();
  const auto reading = co_await ports_.stations.read(interface);
  if (!driving_ || !driven_.contains(interface)) co_return;
  read_took_ = ports_.time.now() - asked;
  if (reading) {
    hearing_.read(interface);
    tally_.read(driven_.at(interface).name);
    for (const Event& event : traffic_->read(*reading, ports_.time.now())) handle(event);
    co_await tell(reading->report);
  } else {
    // The list has the last word: some drivers say so of an interface that is there.
    if (reading.error().gone) co_await refresh();
    if (!driving_ || !driven_.contains(interface)) co_return;
    tally_.not_read(driven_.at(interface).name);
    tally_.failed(Operation::read_stations, reading.error());
    say_once(fmt::format("{}: stations: {}", driven_.at(interface).name, reading.error().message));
    hearing_.not_read(interface, asked);
    if (!hearing_.is_newly_blind(interface, ports_.time.now())) co_return;
    if (is_held(driven_.at(interface))) co_return;
    want_look();  // does anything answer?
    co_await begin_anew_where_blind();
  }
}

Awaitable<void> Daemon::tell(Event event) { co_await perform(handle(event)); }

Outcome Daemon::handle(const Event& event) {
  if (const auto* const result = std::get_if<PowerResult>(&event)) {
    // What we set ourselves is no news when the interfaces are looked at anew.
    for (auto& [index, up] : driven_) {
      const bool is_accepted = result->answer == PowerAnswer::accepted;
      if (is_accepted && result->knob.kind != KnobKind::station && is_on(result->knob, up)) {
        up.power = result->read_back.value_or(result->asked);
      }
    }
  }
  const auto hidden = hidden_from_core(event);
  const Event& shown = hidden ? *hidden : event;
  recorder_->record(shown);
  Outcome outcome = controller_->on(shown);
  if (std::holds_alternative<PowerResult>(event) || std::holds_alternative<InterfaceUp>(event) ||
      std::holds_alternative<InterfaceGone>(event)) {
    mitigation();
  }
  for (const Decision& decision : outcome.decisions) {
    recorder_->record(decision);
    status_->remember(decision);
    count(decision);
    show(decision);
    say(decision);
  }
  if (wake_ != outcome.wake) {
    wake_ = outcome.wake;
    wake_alarm_->interrupt();
  }
  return outcome;
}

// Commands first: a visit lasts no longer than it must. Then the readings that were wanted.
Awaitable<void> Daemon::perform(Outcome outcome) {
  const auto life = life_;
  std::deque<SetPower> commands{outcome.commands.begin(), outcome.commands.end()};
  std::set<InterfaceIndex> reads{outcome.read_now.begin(), outcome.read_now.end()};
  while (!commands.empty() && driving_) {
    const SetPower command = commands.front();
    commands.pop_front();
    const PowerResult result = co_await set(real(command));
    if (!driving_ || life != life_) co_return;
    const Outcome next = handle(result);
    commands.insert(commands.end(), next.commands.begin(), next.commands.end());
    reads.insert(next.read_now.begin(), next.read_now.end());
  }
  for (const InterfaceIndex interface : reads) {
    if (driving_) co_await read(interface);
  }
}

void Daemon::say(const Decision& decision) {
  const auto level = level_of(decision.reason);
  if (!log_.should_log(level)) return;
  log_.log(level, "{}: {}", name_of(decision.knob), to_words(decision));
}

void Daemon::leave_alone(const std::string& interface, const std::string& why) {
  status_->leave_alone(interface, why);
  say_once(fmt::format("{}: not driven: {}", interface, why));
}

void Daemon::say_once(std::string text) {
  if (said_.size() == most_said) said_.clear();
  if (!said_.insert(text).second) return;
  say(spdlog::level::warn, text);
}

void Daemon::say(spdlog::level::level_enum level, const std::string& text) {
  log_.log(level, "{}", text);
  recorder_->note(text);
}

std::string Daemon::name_of(const Knob& knob) const {
  if (knob.kind == KnobKind::wiphy) return fmt::format("phy{}", value(knob.wiphy));
  const auto up = driven_.find(knob.interface);
  std::string name =
      up == driven_.end() ? fmt::format("interface {}", value(knob.interface)) : up->second.name;
  if (knob.kind == KnobKind::station) name += " " + to_string(knob.station);
  return name;
}

journal::Header Daemon::header() const {
  journal::Header header{.version = std::string{program_version},
                         .kernel = kernel_release(),
                         .regulatory_domain = regulatory_domain_,
                         .config = to_json(config_),
                         .config_hash = config_hash(config_)};
  for (const auto& [index, up] : driven_) {
    const auto driver = drivers_.find(index);
    header.interfaces.push_back({.name = up.name,
                                 .index = value(index),
                                 .driver = driver == drivers_.end() ? "" : driver->second,
                                 .frequency_mhz = up.frequency.value(),
                                 .width_mhz = up.width.value()});
  }
  return header;
}

}  // namespace pianissimo::service
