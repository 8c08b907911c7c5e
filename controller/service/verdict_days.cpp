#include "controller/service/verdict_days.hpp"

namespace pianissimo::service {

void VerdictDays::see(const std::string& interface, const Decision& decision,
                      std::string_view day) {
  const auto verdict = verdict_of(decision.reason);
  if (!verdict) return;
  if (!interfaces_.contains(interface) && interfaces_.size() == most_interfaces) return;
  Day& of_day = interfaces_[interface].of(day);
  of_day.interface = interface;
  of_day.day = day;
  ++of_day.counts.at(static_cast<std::size_t>(*verdict));
  of_day.last = decision;
}

std::vector<VerdictDays::Day> VerdictDays::days() const {
  std::vector<Day> all;
  for (const auto& [interface, days] : interfaces_) {
    for (const auto& [day, of_day] : days) all.push_back(of_day);
  }
  return all;
}

}  // namespace pianissimo::service
