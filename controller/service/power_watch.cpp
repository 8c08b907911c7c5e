#include "controller/service/power_watch.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace pianissimo::service {
namespace {

// Drivers that cannot say report 0 or 3 dBm (openwrt/mt76 #689, #783, #1076; openwrt #17489).
constexpr Dbm least_plausible = dbm(5);
// Reported by a driver that has stopped saying it: no level of a radio that sends.
constexpr Dbm least_readable = dbm(-10);

Db distance(Dbm a, Dbm b) { return std::max(a - b, b - a); }

// mt76 works in steps of 0.5 dB and rounds up what it reads back.
bool is_same(Dbm a, Dbm b) { return distance(a, b) < db(1); }

bool is_above(Dbm power, Dbm channel_maximum) { return power - channel_maximum >= db(1); }

FoundPower found_at(const PowerSight& sight, Dbm power) {
  const bool is_at_the_top = power > sight.channel_maximum - db(1);
  return {.path = sight.path,
          .wiphy = sight.wiphy,
          .power = power,
          .interface = sight.interface,
          .setting = is_at_the_top ? PowerSetting::automatic : PowerSetting::fixed,
          .channel_maximum = sight.channel_maximum};
}

}  // namespace

std::optional<std::string> implausible_power(std::optional<Dbm> reported, Dbm channel_maximum) {
  if (!reported) return "its driver does not say its power";
  if (*reported < least_plausible) {
    return fmt::format(
        "its driver reports {:g} dBm, and a radio that sends with less than "
        "{:g} dBm is not plausible",
        reported->value(), least_plausible.value());
  }
  if (is_above(*reported, channel_maximum)) {
    return fmt::format("its driver reports {:g} dBm, more than the channel's maximum of {:g} dBm",
                       reported->value(), channel_maximum.value());
  }
  return std::nullopt;
}

std::optional<PowerSetter> setter_of(const PowerSight& sight) {
  if (!sight.told || !sight.power) return std::nullopt;
  // Automatic power reads as whatever the driver makes of it.
  const Dbm asked = std::min(sight.told->level.value_or(*sight.power), sight.channel_maximum);
  if (sight.told->level && !is_same(*sight.power, asked)) return std::nullopt;
  return sight.told->by;
}

std::string who_set(const PowerSight& sight) {
  const auto setter = setter_of(sight);
  const std::string who =
      setter ? fmt::format("{} (pid {})", setter->name, setter->pid) : "somebody else";
  const bool is_automatic = setter && !sight.told->level;
  return fmt::format("{} set {}{:g} dBm", who, is_automatic ? "automatic power, " : "",
                     sight.power->value());
}

PowerWatch::Finding PowerWatch::look(const PowerSight& sight, std::optional<Dbm> by_hand) const {
  Finding finding{Verdict::ours, found_, {}};
  const auto owner = owner_of(sight);
  const bool is_known = owner != found_.end();
  const bool is_here = is_known && present_.contains(sight.interface);
  // Its word was not believed, so it is not taken for another's either.
  const bool is_unheard = is_known && owner->second.setting == PowerSetting::unknown;
  FoundPower mine = is_known ? owner->second : FoundPower{};
  if (is_known &&
      (is_unheard || (is_readable(sight) && is_ours(sight, mine) && !is_told_limit(sight, mine)))) {
    finding.verdict = Verdict::ours;
  } else if (is_here && !is_readable(sight)) {
    finding.verdict = Verdict::unreadable;
    finding.why = implausible_power(sight.power, sight.channel_maximum).value_or("");
  } else if (is_here) {
    const bool is_lower = *sight.power < mine.power;
    finding.verdict = is_lower ? Verdict::lowered : Verdict::raised;
    if (is_lower) mine = found_at(sight, *sight.power);
    if (is_lower) mine.setting = PowerSetting::fixed;
  } else if (const auto why = implausible_power(sight.power, sight.channel_maximum)) {
    finding.verdict = by_hand ? Verdict::found : Verdict::implausible;
    finding.why = *why;
    if (!by_hand) return finding;
    mine = found_at(sight, *by_hand);
    mine.setting = PowerSetting::unknown;
  } else {
    finding.verdict = Verdict::found;
    mine = found_at(sight, *sight.power);
  }
  // Renamed, back under another index, or on another radio: one entry for one interface.
  std::erase_if(finding.found, [&](const auto& entry) {
    return entry.second.interface == sight.interface && entry.first != sight.name;
  });
  mine.interface = sight.interface;
  mine.wiphy = sight.wiphy;
  if (!owes_) mine.path = sight.path;
  finding.found.insert_or_assign(sight.name, mine);
  return finding;
}

void PowerWatch::adopt(const PowerSight& sight, Finding finding) {
  const auto before = found_.find(sight.name);
  if (finding.verdict == Verdict::lowered && before != found_.end()) before_limits_.insert(*before);
  if (finding.verdict == Verdict::found) before_limits_.erase(sight.name);
  found_ = std::move(finding.found);
  present_.insert(sight.interface);
}

void PowerWatch::see_present(const std::set<InterfaceIndex>& interfaces) {
  std::erase_if(present_, [&](InterfaceIndex index) { return !interfaces.contains(index); });
}

void PowerWatch::trying(const Knob& knob, Dbm level) {
  Written& written = written_[radio_of(knob)];
  written.tried = level;
  written.is_put_back = false;
}

void PowerWatch::all_put_back() {
  const std::map<Knob, Written> written = std::exchange(written_, {});
  for (const auto& [name, found] : found_) {
    const Knob radio = radio_of(found);
    if (!owes_ && !written.contains(radio)) continue;
    Written& now = written_.try_emplace(radio, Written{{}, {}, true}).first->second;
    now.level = std::min(now.level.value_or(found.power), found.power);
  }
  owes_ = false;
}

void PowerWatch::owe(FoundPowers found) {
  found_ = std::move(found);
  owes_ = true;
}

FoundPowers PowerWatch::to_put_back() const {
  if (owes_) return found_;
  FoundPowers written;
  for (const auto& [name, found] : found_) {
    const auto ours = written_.find(radio_of(found));
    if (ours != written_.end() && !ours->second.is_put_back) written.emplace(name, found);
  }
  return written;
}

void PowerWatch::lift_limits() {
  for (const auto& [name, found] : std::exchange(before_limits_, {})) {
    if (found_.contains(name)) found_[name] = found;
  }
}

// All stations of an interface count as one: they have no power of their own before we write it.
Knob PowerWatch::radio_of(const Knob& knob) {
  if (knob.kind == KnobKind::wiphy) return {.kind = knob.kind, .wiphy = knob.wiphy};
  return {.kind = knob.kind, .interface = knob.interface};
}

Knob PowerWatch::radio_of(const FoundPower& found) {
  return radio_of(Knob{.kind = found.path, .wiphy = found.wiphy, .interface = found.interface});
}

// Whose power found this interface has: its own, or that of a radio which others share with it.
FoundPowers::const_iterator PowerWatch::owner_of(const PowerSight& sight) const {
  const auto own = std::ranges::find_if(
      found_, [&](const auto& entry) { return entry.second.interface == sight.interface; });
  if (own != found_.end() || sight.path != KnobKind::wiphy) return own;
  const auto is_on_the_radio = [&](const FoundPower& found) {
    return found.path == KnobKind::wiphy && found.wiphy == sight.wiphy;
  };
  const auto same_name = found_.find(sight.name);
  if (same_name != found_.end() && is_on_the_radio(same_name->second)) return same_name;
  return std::ranges::find_if(found_,
                              [&](const auto& entry) { return is_on_the_radio(entry.second); });
}

bool PowerWatch::is_readable(const PowerSight& sight) {
  return sight.power && *sight.power >= least_readable &&
         !is_above(*sight.power, sight.channel_maximum);
}

bool PowerWatch::is_ours(const PowerSight& sight, const FoundPower& owner) const {
  const Dbm reading = *sight.power;
  // What a level reads as on this channel: the kernel caps it.
  const auto reads_as = [&](std::optional<Dbm> level) {
    return level && is_same(reading, std::min(*level, sight.channel_maximum));
  };
  if (sight.last_read && is_same(reading, *sight.last_read)) return true;
  // Under the knob in use and under the one it was found with: a reload may have changed it before
  // everything was put back.
  const Knob in_use{.kind = sight.path, .wiphy = sight.wiphy, .interface = sight.interface};
  bool has_ours = false;
  for (const Knob& radio : {radio_of(in_use), radio_of(owner)}) {
    const auto written = written_.find(radio);
    if (written == written_.end() || radio.kind == KnobKind::station) continue;
    const Written& ours = written->second;
    if (reads_as(ours.level) || reads_as(ours.tried)) return true;
    has_ours = has_ours || !ours.is_put_back;
  }
  if (has_ours) return false;
  const bool is_automatic = owner.setting == PowerSetting::automatic;
  return reads_as(owner.power) || (is_automatic && reads_as(sight.channel_maximum));
}

// Somebody has set the very level that we have set: it reads as ours, and is a limit all the same.
// To the millibel: what is near it may have been refused.
bool PowerWatch::is_told_limit(const PowerSight& sight, const FoundPower& owner) const {
  return present_.contains(sight.interface) && sight.told && sight.told->level == sight.power &&
         owner.power - *sight.power >= db(1);
}

}  // namespace pianissimo::service
