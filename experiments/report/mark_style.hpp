// How a decision is drawn in the drawings: its look, with marker and colour.
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

constexpr MarkStyle style_of(Reason reason) {
  constexpr std::array<Marker, 7> markers{Marker::square, Marker::up,     Marker::down,
                                          Marker::circle, Marker::circle, Marker::diamond,
                                          Marker::diamond};
  const drawing::MarkLook look = drawing::look_of(reason);
  return {.shape = markers.at(static_cast<std::size_t>(look.shape)),
          .hollow = drawing::is_hollow(look.shape),
          .colour = tone::of(look.tone),
          .name = look.name};
}

}  // namespace pianissimo::report
