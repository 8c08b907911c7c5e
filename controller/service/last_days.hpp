// What is kept of each of the last local days. A pure value.
#pragma once

#include <iterator>
#include <map>
#include <string>
#include <string_view>

namespace pianissimo::service {

/// By local_day(); of more than `most` days the oldest goes.
template <class Kept, std::size_t most>
class LastDays {
 public:
  /// Made if it is not there.
  Kept& of(std::string_view day) {
    const auto known = days_.find(day);
    if (known != days_.end()) return known->second;
    const auto made = days_.emplace(day, Kept{}).first;
    // The clock may have been set back: then the day is the oldest itself, and the next one goes.
    if (days_.size() > most) days_.erase(days_.begin() == made ? std::next(made) : days_.begin());
    return made->second;
  }
  /// Empty before the first one.
  std::string_view newest() const {
    return days_.empty() ? std::string_view{} : days_.rbegin()->first;
  }

  /// Pairs of day and what is kept, the oldest first.
  auto begin() const { return days_.begin(); }
  auto end() const { return days_.end(); }

 private:
  std::map<std::string, Kept, std::less<>> days_;
};

}  // namespace pianissimo::service
