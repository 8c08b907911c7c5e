// What a command line names twice.
#pragma once

#include <algorithm>
#include <functional>

namespace pianissimo::lab {

/// The first item whose name an earlier one has; nullptr: all are different. Of two that are alike
/// the rows of a table could not be told apart, and their mean would count it twice.
template <class Items, class Name = std::identity>
auto given_twice(const Items& items, Name name = {}) -> decltype(&*items.begin()) {
  for (auto item = items.begin(); item != items.end(); ++item) {
    const auto is_same = [&](const auto& earlier) {
      return std::invoke(name, earlier) == std::invoke(name, *item);
    };
    if (std::find_if(items.begin(), item, is_same) != item) return &*item;
  }
  return nullptr;
}

}  // namespace pianissimo::lab
