#include "controller/service/verdict_days.hpp"

#include <iterator>

namespace pianissimo::service {

void VerdictDays::see(const std::string& interface, const Decision& decision,
                      std::string_view day) {
  const auto verdict = verdict_of(decision.reason);
  if (!verdict) return;
  if (!interfaces_.contains(interface) && interfaces_.size() == most_interfaces) return;
  auto& days = interfaces_[interface];
  const auto [entry, is_new] = days.try_emplace(std::string{day});
  Day& of_day = entry->second;
  of_day.interface = interface;
  of_day.day = day;
  ++of_day.counts.at(static_cast<std::size_t>(*verdict));
  of_day.last = decision;
  // The clock may have been set back: then the day is the oldest itself, and the next one goes.
  if (days.size() > most_days) days.erase(days.begin() == entry ? std::next(entry) : days.begin());
}

std::vector<VerdictDays::Day> VerdictDays::days() const {
  std::vector<Day> all;
  for (const auto& [interface, days] : interfaces_) {
    for (const auto& [day, of_day] : days) all.push_back(of_day);
  }
  return all;
}

}  // namespace pianissimo::service
