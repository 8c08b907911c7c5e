// The daemon's interfaces: which are driven, through which knob, from which power.
#include <fmt/format.h>

#include <algorithm>

#include "controller/service/daemon.hpp"

namespace pianissimo::service {
namespace {

using namespace std::chrono_literals;

// Each look asks the kernel for all interfaces, and after some changes for all of a radio's
// channels.
constexpr Duration least_between_looks = 200ms;

bool same_but_for_time(const InterfaceUp& a, InterfaceUp b) {
  b.at = a.at;
  return a == b;
}

}  // namespace

Awaitable<ExitStatus> Daemon::named_interfaces_exist() {
  const std::vector<std::string> names = config_.interfaces;  // a reload may come meanwhile
  if (names.empty()) co_return ExitStatus::ok;
  const auto all = co_await ports_.interfaces.list_all();
  if (!all) {
    log_.error("interfaces: {}", all.error().message);
    co_return ExitStatus::unavailable;
  }
  for (const std::string& name : names) {
    if (std::ranges::find(*all, name, &WirelessInterface::name) != all->end()) continue;
    log_.error("{}: no such wireless interface", name);
    co_return ExitStatus::unavailable;
  }
  co_return ExitStatus::ok;
}

// Null: it is ours. A dry run writes nothing, so it takes nothing.
std::optional<std::string> Daemon::take_radio(WiphyIndex wiphy) {
  return config_.dry_run || !ports_.locks ? std::nullopt : ports_.locks->take(wiphy);
}

Awaitable<ExitStatus> Daemon::take_radios() {
  const auto list = co_await ports_.interfaces.list();
  if (!list) {
    log_.warn("no radio is taken before the first look: interfaces: {}", list.error().message);
    co_return ExitStatus::ok;
  }
  for (const ApInterface& interface : *list) {
    if (!is_wanted(interface)) continue;
    if (const auto why = take_radio(interface.wiphy)) {
      log_.error("{}: {}", interface.name, *why);
      co_return ExitStatus::unavailable;
    }
  }
  co_return ExitStatus::ok;
}

Awaitable<void> Daemon::refresh() {
  if (std::exchange(look_is_wanted_, false)) may_look_ = ports_.time.now() + least_between_looks;
  const auto life = life_;
  // A list made while we wrote may show the power before it or after it, and is old after the next.
  const std::uint64_t writes = writes_;
  const bool is_quiet = writes_pending_ == 0;
  const auto told = told_;
  const Instant asked = ports_.time.now();
  const auto list = co_await ports_.interfaces.list();
  if (!driving_ || life != life_) co_return;
  hear(list.has_value(), asked);
  if (!list) {
    tally_.failed(Operation::list_interfaces, list.error());
    say_once(fmt::format("interfaces: {}", list.error().message));
    want_look();
    co_return;
  }
  if (const auto domain = co_await ports_.interfaces.regulatory_domain()) {
    regulatory_domain_ = *domain;
  } else {
    say_once(fmt::format("regulatory domain: {}", domain.error().message));
  }
  see_present(*list);
  status_->forget_left_alone();
  std::vector<InterfaceIndex> gone;
  for (const auto& [index, up] : driven_) {
    const auto still = std::ranges::find(*list, index, &ApInterface::index);
    const bool is_there = still != list->end() && still->name == up.name && is_wanted(*still);
    if (!is_there) gone.push_back(index);
  }
  for (const InterfaceIndex index : gone) {
    const auto up = driven_.find(index);
    if (up == driven_.end()) continue;  // another look has found that meanwhile
    log_.info("{}: gone", up->second.name);
    driven_.erase(up);
    drivers_.erase(index);
    kernel_maximum_.erase(index);
    addresses_.erase(index);
    hearing_.forget(index);
    traffic_->forget(index);
    if (ports_.flows) ports_.flows->forget(index);
    co_await tell(InterfaceGone{ports_.time.now(), index});
  }
  for (const ApInterface& interface : *list) {
    if (driving_ && is_wanted(interface)) co_await drive(interface, is_quiet && writes == writes_);
    if (driving_ && driven_.contains(interface.index)) count_traffic_of(interface);
  }
  if (told.empty()) co_return;
  if (is_quiet && writes == writes_) {
    forget_told(told);
  } else {
    want_look();
  }
}

// The power of who cannot hear may be put back by somebody else.
void Daemon::hear(bool is_listed, Instant asked) {
  if (is_listed) {
    hearing_.listed();
  } else {
    hearing_.not_listed(asked);
  }
  // It becomes deaf by time alone, between two looks.
  const bool is_deaf = !hears_the_kernel();
  if (is_deaf == std::exchange(was_deaf_, is_deaf)) return;
  if (!is_deaf) {
    say(spdlog::level::info, "the kernel answers again");
  } else {
    say(spdlog::level::err, "the kernel answers nothing: the watchdog puts the power back");
    for (const auto& [index, up] : driven_) tally_.fell_back(up.name, Fallback::kernel_silent);
  }
}

// The interfaces of a radio are judged together: what one of them does not see, none does.
std::vector<InterfaceUp> Daemon::newly_blind() const {
  std::vector<InterfaceUp> blind;
  for (const auto& [index, up] : driven_) {
    if (is_held(up)) continue;  // whoever holds it answers for it
    const Knob knob{.kind = up.path, .wiphy = up.wiphy, .interface = up.interface};
    const bool is_blind = std::ranges::any_of(driven_, [&](const auto& other) {
      return is_on(knob, other.second) && hearing_.is_newly_blind(other.first, ports_.time.now());
    });
    if (is_blind) blind.push_back(up);
  }
  return blind;
}

// As if they came just now: with the highest power that is allowed. Nothing lowers that before
// there is a reading.
Awaitable<void> Daemon::begin_anew_where_blind() {
  const std::vector<InterfaceUp> blind = newly_blind();
  const auto life = life_;
  for (const InterfaceUp& up : blind) {
    hearing_.see_to(up.interface);
    tally_.fell_back(up.name, Fallback::stations_unreadable);
    say(spdlog::level::warn,
        fmt::format(
            "{}: its stations cannot be read: the highest power that is allowed, until they can",
            up.name));
    if (up.path == KnobKind::station) co_await lift_station_limits(up.interface);
    if (!driving_ || life != life_) co_return;
  }
  const Instant now = ports_.time.now();
  for (const InterfaceUp& up : blind) handle(InterfaceGone{now, up.interface});
  Outcome begun;
  for (const InterfaceUp& up : blind) {
    const auto known = driven_.find(up.interface);
    if (known == driven_.end()) continue;
    known->second.at = now;
    remind_of_wishes(known->second);
    const Outcome outcome = handle(known->second);
    begun.commands.insert(begun.commands.end(), outcome.commands.begin(), outcome.commands.end());
    if (auto serving = traffic_->serving(up.interface)) {
      serving->at = now;
      handle(*serving);
    }
  }
  co_await perform(begun);
}

// Of those that the last reading had.
Awaitable<void> Daemon::lift_station_limits(InterfaceIndex index) {
  if (config_.dry_run) co_return;
  const auto interface = controller_->interfaces().find(index);
  if (interface == controller_->interfaces().end()) co_return;
  std::vector<Knob> knobs;
  for (const auto& [station, model] : interface->second.stations) {
    knobs.push_back({.kind = KnobKind::station,
                     .wiphy = interface->second.up.wiphy,
                     .interface = index,
                     .station = station});
  }
  for (const Knob& knob : knobs) {
    if (driving_) co_await ports_.knob.set_automatic(real({knob, {}}).knob);
  }
}

Awaitable<void> Daemon::drive(const ApInterface& interface, bool shows_powers) {
  if (!interface.channel_maximum) {
    leave_alone(interface.name,
                fmt::format("its driver {} does not say its channel's maximum", interface.driver));
    co_return;
  }
  if (const auto why = take_radio(interface.wiphy)) {
    leave_alone(interface.name, *why);
    co_return;
  }
  const auto path = path_for(interface);
  if (!path) co_return;
  const auto known = driven_.find(interface.index);
  const bool is_new = known == driven_.end();
  if (is_new && !shows_powers) {
    want_look();  // the next one shows them
    co_return;
  }
  if (shows_powers && !notice(sight_of(interface, *path))) co_return;
  const FoundPower& found = power_.found().at(interface.name);
  // Where the driver's word is not believed, it may be anything: as if nobody had set one.
  const bool is_believed =
      found.setting != PowerSetting::unknown && PowerWatch::is_readable(sight_of(interface, *path));
  const Dbm before = is_new ? *interface.channel_maximum : known->second.power;
  InterfaceUp up{.at = ports_.time.now(),
                 .interface = interface.index,
                 .wiphy = interface.wiphy,
                 .name = interface.name,
                 .path = *path,
                 .frequency = interface.frequency,
                 .width = interface.width,
                 .channel_maximum = most_allowed(interface),
                 .found = found.power,
                 .power = is_believed && shows_powers ? *interface.power : before};
  // In a dry run the kernel's power stays where it is; the core's goes where it would have gone.
  if (config_.dry_run && !is_new) up.power = known->second.power;
  status_->set_mode(up.name, interface.mode);
  status_->set_air(up.name, interface.air);
  kernel_maximum_.insert_or_assign(up.interface, *interface.channel_maximum);
  if (!is_new && same_but_for_time(up, known->second)) co_return;
  if (is_new) {
    log_.info("{}: {} mode, {} on {} MHz, {:g} dBm now, channel maximum {:g} dBm", up.name,
              to_string(interface.mode), interface.driver, up.frequency.value(), up.power.value(),
              up.channel_maximum.value());
  } else {
    log_.debug("{}: {:g} dBm on {} MHz, channel maximum {:g} dBm", up.name, up.power.value(),
               up.frequency.value(), up.channel_maximum.value());
  }
  driven_.insert_or_assign(up.interface, up);
  drivers_[up.interface] = interface.driver;
  tally_.drives(up.name);
  warn_of_tpc(interface, up);
  if (is_new) recorder_->set_header(header());
  if (is_new) remind_of_wishes(up);
  if (shows_powers && !is_new) up.set_by = setter_of(sight_of(interface, *path));
  co_await tell(up);
}

void Daemon::count_traffic_of(const ApInterface& interface) {
  if (ports_.flows) ports_.flows->look_after(interface);
  const auto serving = traffic_->look_after(interface, ports_.time.now());
  if (!serving) return;
  log_.info("{}: traffic is counted by {}: {}", interface.name, to_string(serving->origin),
            serving->how);
  handle(*serving);
  write_status();
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
  leave_alone(interface.name,
              fmt::format("its driver {} has no power per station (power_path)", interface.driver));
  return std::nullopt;
}

bool is_wanted(const Config& config, const ApInterface& interface) {
  if (config.interfaces.empty()) return interface.mode == InterfaceMode::access_point;
  return std::ranges::find(config.interfaces, interface.name) != config.interfaces.end();
}

}  // namespace pianissimo::service
