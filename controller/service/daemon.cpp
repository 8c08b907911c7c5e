#include "controller/service/daemon.hpp"

#include <fmt/format.h>
#include <sys/utsname.h>

#include <algorithm>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <deque>

#include "controller/service/log.hpp"
#include "controller/service/version.hpp"

namespace pianissimo::service {
namespace {

using namespace std::chrono_literals;
using namespace boost::asio::experimental::awaitable_operators;

// Multicast messages can be lost (ENOBUFS) and other programs set power without a word: everything
// is looked at anew this often.
constexpr Duration refresh_interval = 5s;

PolicyFactory policy_of(const Config& config) {
  switch (config.policy) {
    case PolicyName::descend:
      return [params = config.descend] { return make_descend(params); };
    case PolicyName::fixed:
      return [params = config.fixed] { return make_fixed(params); };
  }
  return {};
}

std::string kernel_release() {
  utsname names{};
  return ::uname(&names) == 0 ? names.release : "";
}

bool same_but_for_time(const InterfaceUp& a, InterfaceUp b) {
  b.at = a.at;
  return a == b;
}

}  // namespace

Daemon::Daemon(Ports ports, Config config, StateFile state, spdlog::logger& log)
    : ports_{ports},
      config_{std::move(config)},
      state_{std::move(state)},
      log_{log},
      tick_alarm_{ports.time.make_alarm()},
      wake_alarm_{ports.time.make_alarm()},
      refresh_alarm_{ports.time.make_alarm()} {}

Awaitable<ExitStatus> Daemon::run() {
  ExitStatus ready = co_await named_interfaces_exist();
  if (ready == ExitStatus::ok) ready = co_await put_back_leftovers();
  if (ready != ExitStatus::ok) co_return ready;
  begin_anew();
  co_await refresh();
  if (driven_.empty()) log_.info("no AP interface is up yet; waiting for one");
  co_await (watch_changes() && read_periodically() && wake_the_core() && refresh_periodically());
  const bool restored = co_await put_all_back();
  if (const auto lost = recorder_->lost()) log_.warn("{} journal lines were lost", lost);
  co_return restored ? ExitStatus::ok : ExitStatus::unavailable;
}

void Daemon::stop() {
  stopping_ = true;
  driving_ = false;
  tick_alarm_->interrupt();
  wake_alarm_->interrupt();
  refresh_alarm_->interrupt();
  ports_.interfaces.close();
}

Awaitable<void> Daemon::reload(Config config) {
  driving_ = false;
  co_await put_all_back();
  if (stopping_) co_return;
  config_ = std::move(config);
  begin_anew();
  co_await refresh();
}

void Daemon::begin_anew() {
  controller_.emplace(config_.box, policy_of(config_));
  recorder_ = std::make_unique<Recorder>(ports_.time, config_.journal, header());
  traffic_.reset();  // lets go of the hooks before they are asked for anew
  traffic_.emplace(ports_.traffic, config_.traffic,
                   [this](std::string text) { say_once(std::move(text)); });
  driven_.clear();
  said_.clear();
  wake_.reset();
  driving_ = true;
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
      co_await refresh();
    }
  }
}

Awaitable<void> Daemon::read_periodically() {
  Instant due = ports_.time.now();
  while (!stopping_) {
    // Late ticks are skipped: neither drift nor burst.
    const auto missed = std::max<Duration::rep>(0, (ports_.time.now() - due) / config_.interval);
    due += (missed + 1) * config_.interval;
    co_await tick_alarm_->wait_until(due);
    if (stopping_) co_return;
    // A dwell that is about to end brings its own reading, and its command must not wait for ours.
    const Duration guard = std::clamp<Duration>(2 * read_took_, 1ms, config_.interval / 2);
    if (wake_ && *wake_ - ports_.time.now() < guard) continue;
    std::vector<InterfaceIndex> interfaces;
    for (const auto& [index, up] : driven_) interfaces.push_back(index);
    for (const InterfaceIndex index : interfaces) co_await read(index);
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

Awaitable<void> Daemon::refresh_periodically() {
  while (!stopping_) {
    co_await refresh_alarm_->wait_until(ports_.time.now() + refresh_interval);
    if (!stopping_) co_await refresh();
  }
}

Awaitable<ExitStatus> Daemon::named_interfaces_exist() {
  for (const std::string& name : config_.interfaces) {
    const auto index = co_await ports_.interfaces.index_of(name);
    if (index) continue;
    log_.error("{}: {}", name, index.error().message);
    co_return ExitStatus::unavailable;
  }
  co_return ExitStatus::ok;
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
  log_.warn("an earlier run did not end cleanly; putting its power back first");
  bool all = true;
  for (const PutBack& outcome : co_await put_back(left, ports_)) {
    log_.log(outcome.done ? spdlog::level::info : spdlog::level::err, "{}", outcome.message);
    all = all && outcome.done;
  }
  if (all) state_.remove();
  co_return all ? ExitStatus::ok : ExitStatus::unavailable;
}

Awaitable<void> Daemon::refresh() {
  const auto list = co_await ports_.interfaces.list();
  if (!driving_) co_return;
  if (!list) {
    say_once(fmt::format("interfaces: {}", list.error().message));
    co_return;
  }
  if (const auto domain = co_await ports_.interfaces.regulatory_domain()) {
    regulatory_domain_ = *domain;
  }
  std::vector<InterfaceIndex> gone;
  for (const auto& [index, up] : driven_) {
    const auto still = std::ranges::find(*list, index, &ApInterface::index);
    if (still == list->end() || still->name != up.name) gone.push_back(index);
  }
  for (const InterfaceIndex index : gone) {
    log_.info("{}: gone", driven_.at(index).name);
    driven_.erase(index);
    traffic_->forget(index);
    co_await tell(InterfaceGone{ports_.time.now(), index});
  }
  for (const ApInterface& interface : *list) {
    if (driving_ && is_wanted(interface)) co_await drive(interface);
    if (driving_ && driven_.contains(interface.index)) count_traffic_of(interface);
  }
}

Awaitable<void> Daemon::drive(const ApInterface& interface) {
  if (!interface.power || !interface.channel_maximum) {
    say_once(fmt::format("{}: not driven: its driver {} does not say its {}", interface.name,
                         interface.driver, interface.power ? "channel's maximum" : "power"));
    co_return;
  }
  const auto path = path_for(interface);
  if (!path || !save_found(interface, *path)) co_return;
  const auto known = driven_.find(interface.index);
  const bool is_new = known == driven_.end();
  InterfaceUp up{.at = ports_.time.now(),
                 .interface = interface.index,
                 .wiphy = interface.wiphy,
                 .name = interface.name,
                 .path = *path,
                 .frequency = interface.frequency,
                 .width = interface.width,
                 .channel_maximum = *interface.channel_maximum,
                 .found = found_.at(interface.name).power,
                 .power = *interface.power};
  // In a dry run the kernel's power stays where it is; the core's goes where it would have gone.
  if (config_.dry_run && !is_new) up.power = known->second.power;
  if (!is_new && same_but_for_time(up, known->second)) co_return;
  if (is_new) {
    log_.info("{}: {} on {} MHz, {:g} dBm now, channel maximum {:g} dBm", up.name, interface.driver,
              up.frequency.value(), up.power.value(), up.channel_maximum.value());
  } else {
    log_.debug("{}: {:g} dBm on {} MHz, channel maximum {:g} dBm", up.name, up.power.value(),
               up.frequency.value(), up.channel_maximum.value());
  }
  driven_.insert_or_assign(up.interface, up);
  drivers_[up.interface] = interface.driver;
  if (is_new) recorder_->set_header(header());
  co_await tell(up);
}

void Daemon::count_traffic_of(const ApInterface& interface) {
  const auto serving = traffic_->look_after(interface, ports_.time.now());
  if (!serving) return;
  log_.info("{}: traffic is counted by {}: {}", interface.name, to_string(serving->origin),
            serving->how);
  handle(*serving);
}

std::optional<KnobKind> Daemon::path_for(const ApInterface& interface) {
  switch (config_.power_path) {
    case PowerPath::automatic:
      return interface.default_path;
    case PowerPath::wiphy:
      return KnobKind::wiphy;
    case PowerPath::interface:
      return KnobKind::interface;
    case PowerPath::station:
      break;
  }
  if (interface.has_station_knob) return KnobKind::station;
  say_once(fmt::format("{}: its driver {} has no power per station; not driven (power_path)",
                       interface.name, interface.driver));
  return std::nullopt;
}

// The power found is on disk before the first write, or there is no write.
bool Daemon::save_found(const ApInterface& interface, KnobKind path) {
  if (found_.contains(interface.name)) return true;
  FoundPower found{path, interface.wiphy, *interface.power};
  // A new interface of a radio that we have turned down shows our power, not the one found.
  for (const auto& [name, other] : found_) {
    if (path == KnobKind::wiphy && other.path == path && other.wiphy == found.wiphy) {
      found.power = other.power;
    }
  }
  found_.emplace(interface.name, found);
  if (config_.dry_run) return true;
  const auto error = state_.save(found_);
  if (!error) return true;
  found_.erase(interface.name);
  say_once(fmt::format("{}: not driven: {}", interface.name, error->message));
  return false;
}

Awaitable<void> Daemon::read(InterfaceIndex interface) {
  const Instant asked = ports_.time.now();
  const auto reading = co_await ports_.stations.read(interface);
  if (!driving_ || !driven_.contains(interface)) co_return;
  read_took_ = ports_.time.now() - asked;
  if (reading) {
    for (const Event& event : traffic_->read(*reading, ports_.time.now())) handle(event);
    co_await tell(reading->report);
  } else if (reading.error().gone) {
    co_await refresh();
  } else {
    say_once(fmt::format("{}: stations: {}", driven_.at(interface).name, reading.error().message));
  }
}

Awaitable<void> Daemon::tell(Event event) { co_await perform(handle(event)); }

Outcome Daemon::handle(const Event& event) {
  if (const auto* const result = std::get_if<PowerResult>(&event)) {
    // What we set ourselves is no news when the interfaces are looked at anew.
    for (auto& [index, up] : driven_) {
      const bool meant =
          result->knob.kind == KnobKind::wiphy
              ? up.wiphy == result->knob.wiphy
              : result->knob.kind == KnobKind::interface && index == result->knob.interface;
      if (meant && result->answer == PowerAnswer::accepted) {
        up.power = result->read_back.value_or(result->asked);
      }
    }
  }
  recorder_->record(event);
  Outcome outcome = controller_->on(event);
  for (const Decision& decision : outcome.decisions) {
    recorder_->record(decision);
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
  std::deque<SetPower> commands{outcome.commands.begin(), outcome.commands.end()};
  std::set<InterfaceIndex> reads{outcome.read_now.begin(), outcome.read_now.end()};
  while (!commands.empty() && driving_) {
    const SetPower command = commands.front();
    commands.pop_front();
    const PowerResult result = co_await set(command);
    if (!driving_) co_return;
    const Outcome next = handle(result);
    commands.insert(commands.end(), next.commands.begin(), next.commands.end());
    reads.insert(next.read_now.begin(), next.read_now.end());
  }
  for (const InterfaceIndex interface : reads) {
    if (driving_) co_await read(interface);
  }
}

Awaitable<PowerResult> Daemon::set(const SetPower& command) {
  if (!config_.dry_run) co_return co_await ports_.knob.set(command.knob, command.level);
  co_return PowerResult{.at = ports_.time.now(),
                        .knob = command.knob,
                        .asked = command.level,
                        .read_back = command.level};
}

Awaitable<bool> Daemon::put_all_back() {
  bool all = true;
  if (!config_.dry_run) {
    for (const PutBack& outcome : co_await put_back(found_, ports_)) {
      log_.log(outcome.done ? spdlog::level::info : spdlog::level::err, "{}", outcome.message);
      recorder_->note(outcome.message);
      all = all && outcome.done;
    }
    // What could not be put back stays remembered: here, and on disk for `pianissimo restore`.
    if (!all) co_return false;
    if (const auto error = state_.remove()) log_.error("{}", error->message);
  }
  found_.clear();
  co_return true;
}

void Daemon::say(const Decision& decision) {
  const auto level = level_of(decision.reason);
  if (!log_.should_log(level)) return;
  log_.log(level, "{}: {}", name_of(decision.knob), to_words(decision));
}

void Daemon::say_once(std::string text) {
  if (!said_.insert(text).second) return;
  log_.warn("{}", text);
  recorder_->note(std::move(text));
}

bool Daemon::is_wanted(const ApInterface& interface) const {
  return config_.interfaces.empty() ||
         std::ranges::find(config_.interfaces, interface.name) != config_.interfaces.end();
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
