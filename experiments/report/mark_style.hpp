// How a decision's kind of mark is drawn in the drawings: its look, with marker and colour.
#pragma once

#include "controller/drawing/mark_look.hpp"
#include "experiments/report/palette.hpp"

namespace pianissimo::report {

struct MarkStyle {
  Marker shape = Marker::square;
  bool hollow = false;
  std::string_view colour = tone::own;
  std::string_view name;  ///< in the key

  friend constexpr bool operator==(const MarkStyle&, const MarkStyle&) = default;
};

constexpr MarkStyle style_of(Mark mark) {
  using drawing::Shape;
  constexpr std::array<Marker, 5> markers{Marker::square, Marker::up, Marker::down, Marker::circle,
                                          Marker::circle};
  const drawing::MarkLook look = drawing::look_of(mark);
  return {.shape = markers.at(static_cast<std::size_t>(look.shape)),
          .hollow = look.shape == Shape::ring,
          .colour = tone::of(look.tone),
          .name = look.name};
}

}  // namespace pianissimo::report
