#include "controller/service/mitigation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <ctime>
#include <utility>

namespace pianissimo::service {

void Mitigation::see(std::vector<Sight> standing, Instant now, std::string_view day) {
  const Duration stood = now - std::exchange(since_, now);
  for (const Sight& sight : std::exchange(standing_, std::move(standing))) {
    if (stood <= Duration{} || stood > longest_gap) break;
    Sum& sum = sum_of({sight.frequency, sight.width}, day);
    sum.db_seconds +=
        (sight.ceiling - sight.power).value() * std::chrono::duration<double>(stood).count();
    sum.covered += stood;
  }
}

std::vector<Mitigation::Day> Mitigation::days() const {
  std::vector<Day> all;
  for (const auto& [channel, days] : channels_) {
    for (const auto& [day, sum] : days) {
      const double mean = sum.db_seconds / std::chrono::duration<double>(sum.covered).count();
      all.push_back({.frequency = channel.frequency,
                     .width = channel.width,
                     .day = day,
                     .mean = Db::from_mb(static_cast<std::int32_t>(std::lround(100 * mean))),
                     .covered = sum.covered});
    }
  }
  return all;
}

Mitigation::Sum& Mitigation::sum_of(const Channel& channel, std::string_view day) {
  if (!channels_.contains(channel) && channels_.size() == most_channels) {
    channels_.erase(std::ranges::min_element(
        channels_, {}, [](const auto& entry) { return entry.second.newest(); }));
  }
  return channels_[channel].of(day);
}

std::string local_day(std::int64_t wall_ms) {
  const auto seconds = static_cast<std::time_t>(wall_ms / 1000);
  std::tm day{};
  ::localtime_r(&seconds, &day);
  return fmt::format("{:04}-{:02}-{:02}", day.tm_year + 1900, day.tm_mon + 1, day.tm_mday);
}

}  // namespace pianissimo::service
