// How a decision's kind of mark is drawn, in the drawings as on the page.
#pragma once

#include "controller/core/reason.hpp"
#include "experiments/report/palette.hpp"

namespace pianissimo::report {

struct MarkStyle {
  Marker shape = Marker::square;
  bool hollow = false;
  std::string_view tone = "own";  ///< the page's name for the colour
  std::string_view colour = tone::own;
  std::string_view name = "other decision";  ///< in the key

  friend constexpr bool operator==(const MarkStyle&, const MarkStyle&) = default;
};

constexpr MarkStyle style_of(Mark mark) {
  switch (mark) {
    case Mark::down:
      return {.shape = Marker::down, .name = "less power"};
    case Mark::up:
      return {.shape = Marker::up, .name = "more power"};
    case Mark::loss:
      return {Marker::up, false, "harm", tone::harm, "more power after a loss"};
    case Mark::trouble:
      return {Marker::square, false, "harm", tone::harm, "trouble with the knob"};
    case Mark::visit_begin:
    case Mark::visit_end:
    case Mark::visit_passed:
    case Mark::visit_undecided:
      return {Marker::circle, true, "visit", tone::visit, "visit"};
    case Mark::visit_failed:
      return {Marker::circle, false, "harm", tone::harm, "visit that showed a loss"};
    case Mark::other:
    case Mark::begin:
      break;
  }
  return {};
}

/// Decisions of a visit are drawn as one mark, the visit.
constexpr bool is_of_a_visit(Mark mark) { return style_of(mark).shape == Marker::circle; }

}  // namespace pianissimo::report
