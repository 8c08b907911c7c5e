// Whether the messages of a dump are of one and the same list.
#pragma once

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "nl80211/codec.hpp"

namespace pianissimo::nl80211 {

/// nl80211 numbers its lists (NL80211_ATTR_GENERATION) and tells a list that changes under the dump
/// by another number in the later messages. NLM_F_DUMP_INTR it does not set for stations.
class Snapshot {
 public:
  /// `list` tells apart lists with numbers of their own: each wiphy numbers its interfaces.
  void see(const Attributes& attributes, std::uint32_t list = 0) {
    const auto number = generation(attributes);
    if (!number) return;
    const auto known = std::ranges::find(numbers_, list, &Number::first);
    if (known == numbers_.end())
      numbers_.emplace_back(list, *number);
    else if (known->second != *number)
      consistent_ = false;
  }

  bool consistent() const { return consistent_; }

 private:
  using Number = std::pair<std::uint32_t, std::uint32_t>;
  std::vector<Number> numbers_;
  bool consistent_ = true;
};

}  // namespace pianissimo::nl80211
