// The original algorithm in a closed loop, and the table of its decisions in the words of
// controller/policy/README.md.
#pragma once

#include <gmock/gmock.h>

#include "controller/policy/descend.hpp"
#include "tests/unit/policy/loop.hpp"

namespace pianissimo::test {

inline PolicyFactory descend(const DescendParams& params = {}) {
  return [params] { return make_descend(params); };
}

/// The lines behind those at 0 ms, with which each loop begins: "start" and "station_joined".
inline Table after_start(const Loop& loop) {
  Table table = loop.table();
  std::erase_if(table, [](const Line& line) { return line.ms == 0; });
  return table;
}

/// What is expected, line by line.
class Course {
 public:
  Course& then(std::int64_t ms, std::int32_t dbm, Reason reason) {
    lines_.push_back({ms, dbm, reason});
    return *this;
  }
  /// Steps 2 and 3: one level lower each 140 ms; at `ms` to the level `first`, at the end to
  /// `last`.
  Course& down(std::int64_t ms, std::int32_t first, std::int32_t last) {
    for (std::int32_t dbm = first; dbm >= last; --dbm, ms += 140) then(ms, dbm, Reason::step_down);
    return *this;
  }
  /// Step 4: at `ms` to the highest level, 20 dBm, 60 ms later back to `level`; then what the visit
  /// showed leads to the level `next`.
  Course& visit(std::int64_t ms, std::int32_t level, Reason shows, std::int32_t next) {
    then(ms, 20, Reason::visit);
    then(ms + 60, level, Reason::visit_over);
    return then(ms + 60, next, shows);
  }

  friend bool operator==(const Table& table, const Course& course) {
    return table == course.lines_;
  }
  friend void PrintTo(const Course& course, std::ostream* out) {
    *out << testing::PrintToString(course.lines_);
  }

 private:
  Table lines_;
};

}  // namespace pianissimo::test
