// How a kind of decision looks wherever it is drawn: on the live page, on the report's page and in
// the report's drawings. Colours have names, which each of them turns into a colour.
#pragma once

#include "controller/core/reason.hpp"
#include "controller/core/verdict.hpp"

namespace pianissimo::drawing {

/// Up and down are triangles, ring and full are circles; a lozenge is hollow, a diamond is not.
enum class Shape : std::uint8_t { square, up, down, ring, full, lozenge, diamond };

/// Their insides have the ground's colour.
constexpr bool is_hollow(Shape shape) { return shape == Shape::ring || shape == Shape::lozenge; }

/// As the pages' scripts have it: marks.js.
constexpr std::string_view to_string(Shape shape) {
  constexpr std::array<std::string_view, 7> words{"square", "up",      "down",   "ring",
                                                  "full",   "lozenge", "diamond"};
  return words.at(static_cast<std::size_t>(shape));
}

struct MarkLook {
  Shape shape = Shape::square;
  std::string_view tone = "own";             ///< a colour of drawing.css
  std::string_view name = "other decision";  ///< in the key

  friend constexpr bool operator==(const MarkLook&, const MarkLook&) = default;
};

constexpr MarkLook look_of(Mark mark) {
  switch (mark) {
    case Mark::down:
      return {.shape = Shape::down, .name = "less power"};
    case Mark::up:
      return {.shape = Shape::up, .name = "more power"};
    case Mark::loss:
      return {Shape::up, "harm", "more power after a loss"};
    case Mark::trouble:
      return {Shape::square, "harm", "trouble with the knob"};
    case Mark::visit_begin:
    case Mark::visit_end:
    case Mark::visit_passed:
    case Mark::visit_undecided:
      return {Shape::ring, "visit", "visit"};
    case Mark::visit_failed:
      return {Shape::full, "harm", "visit that showed a loss"};
    case Mark::other:
    case Mark::begin:
      break;
  }
  return {};
}

/// A verdict on a lasting change has a look of its own.
constexpr MarkLook look_of(Reason reason) {
  const auto verdict = verdict_of(reason);
  if (!verdict) return look_of(mark_of(reason));
  switch (*verdict) {
    case Verdict::helped:
      return {.shape = Shape::lozenge, .name = "lasting change that helped"};
    case Verdict::neutral:
      return {.shape = Shape::square, .name = "lasting change without a difference"};
    case Verdict::hurt:
      break;
  }
  return {Shape::diamond, "harm", "lasting change that hurt"};
}

/// What a decision says of the visit that is under way: "begin", "end", "failed" (which is told
/// after the end), "other"; empty: nothing.
constexpr std::string_view visit_part(Mark mark) {
  switch (mark) {
    case Mark::visit_begin:
      return "begin";
    case Mark::visit_end:
      return "end";
    case Mark::visit_failed:
      return "failed";
    case Mark::visit_passed:
    case Mark::visit_undecided:
      return "other";
    default:
      return "";
  }
}

/// Decisions of a visit are drawn as one mark, the visit.
constexpr bool is_of_a_visit(Mark mark) { return !visit_part(mark).empty(); }

}  // namespace pianissimo::drawing
