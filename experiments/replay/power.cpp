#include "experiments/replay/power.hpp"

#include <algorithm>

namespace pianissimo::replay {

Knob knob_of(const InterfaceUp& up, const MacAddress& station) {
  Knob knob{.kind = up.path, .wiphy = up.wiphy};
  if (up.path != KnobKind::wiphy) knob.interface = up.interface;
  if (up.path == KnobKind::station) knob.station = station;
  return knob;
}

void PowerInForce::on(const Event& event) {
  now_ = std::max(now_, time_of(event));
  std::visit([&](const auto& e) { take(e); }, event);
}

void PowerInForce::take(const InterfaceUp& up) {
  interfaces_.insert_or_assign(up.interface, up);
  if (up.path != KnobKind::station) set(knob_of(up, {}), up.power);
}

void PowerInForce::take(const PowerResult& result) {
  if (result.answer != PowerAnswer::accepted) return;
  set(result.knob, result.read_back.value_or(result.asked));
}

void PowerInForce::take(const StationReport& report) {
  const auto up = interfaces_.find(report.interface);
  if (up == interfaces_.end() || up->second.path != KnobKind::station) return;
  for (const Knob& knob : knobs_of(report)) {
    if (!courses_.contains(knob)) set(knob, up->second.power);
  }
}

void PowerInForce::take(const StationLeft& left) {
  close_if([&](const Knob& knob) {
    return knob.kind == KnobKind::station && knob.interface == left.interface &&
           knob.station == left.station;
  });
}

void PowerInForce::take(const InterfaceGone& gone) {
  interfaces_.erase(gone.interface);
  close_if([&](const Knob& knob) {
    if (knob.kind != KnobKind::wiphy) return knob.interface == gone.interface;
    return std::ranges::none_of(interfaces_, [&](const auto& other) {
      return other.second.path == knob.kind && other.second.wiphy == knob.wiphy;
    });
  });
}

void PowerInForce::end() {
  close_if([](const Knob&) { return true; });
  interfaces_.clear();
  now_ = {};
}

std::optional<Dbm> PowerInForce::level(const Knob& knob) const {
  const auto course = courses_.find(knob);
  if (course == courses_.end()) return std::nullopt;
  return course->second.level;
}

std::optional<Dbm> PowerInForce::level(InterfaceIndex interface, const MacAddress& station) const {
  const auto up = interfaces_.find(interface);
  if (up == interfaces_.end()) return std::nullopt;
  return level(knob_of(up->second, station));
}

bool PowerInForce::has_visited(const Knob& knob, Dbm level) const {
  const auto course = courses_.find(knob);
  return course != courses_.end() && course->second.visited.contains(level);
}

std::vector<Knob> PowerInForce::knobs_of(const StationReport& report) const {
  const auto up = interfaces_.find(report.interface);
  if (up == interfaces_.end()) return {};
  if (up->second.path != KnobKind::station) return {knob_of(up->second, {})};
  std::vector<Knob> knobs;
  for (const StationSample& sample : report.stations) {
    knobs.push_back(knob_of(up->second, sample.station));
  }
  return knobs;
}

std::optional<double> PowerInForce::mean_dbm() const {
  if (seconds_ <= 0) return std::nullopt;
  return level_seconds_ / seconds_;
}

void PowerInForce::set(const Knob& knob, Dbm level) {
  const auto [course, is_new] = courses_.try_emplace(knob, Course{level, now_, {level}});
  if (is_new || course->second.level == level) return;
  add_up(course->second);
  course->second.level = level;
  course->second.since = now_;
  course->second.visited.insert(level);
}

void PowerInForce::add_up(const Course& course) {
  const double seconds = std::chrono::duration<double>(now_ - course.since).count();
  level_seconds_ += seconds * course.level.value();
  seconds_ += seconds;
}

void PowerInForce::close_if(auto wanted) {
  std::erase_if(courses_, [&](const auto& entry) {
    if (!wanted(entry.first)) return false;
    add_up(entry.second);
    return true;
  });
}

}  // namespace pianissimo::replay
