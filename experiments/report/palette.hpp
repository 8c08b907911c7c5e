// The colours of page and drawings. Okabe and Ito's palette, which stays distinct in every common
// kind of colour vision, its light colours darkened until they can be read on white; and never
// colour alone: lines differ in dash and marker too.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace pianissimo::report {

/// The page's style sheet names the same colours and gives each another value in the dark.
namespace tone {
inline constexpr std::string_view ground = "#ffffff";
inline constexpr std::string_view ink = "#1b1f24";
inline constexpr std::string_view soft = "#59636e";
inline constexpr std::string_view edge = "#d5dae0";
inline constexpr std::string_view own = "#0072b2";
inline constexpr std::string_view baseline = "#007a58";
inline constexpr std::string_view estimate = "#b06a00";
inline constexpr std::string_view visit = "#e69f00";
inline constexpr std::string_view harm = "#c84b00";
inline constexpr std::string_view rate = "#a0457e";

/// Those that marks have, by their names in controller/drawing.
constexpr std::string_view of(std::string_view name) {
  return name == "visit" ? visit : name == "harm" ? harm : own;
}
}  // namespace tone

enum class Marker : std::uint8_t { none, circle, square, up, down, diamond };

struct LineStyle {
  std::string_view colour = tone::own;
  std::string_view dash;  ///< as stroke-dasharray; empty: unbroken
  Marker marker = Marker::none;
  double width = 1.8;
};

/// Of the run, or the group, with this number.
constexpr LineStyle style_of(std::size_t index) {
  constexpr std::array<LineStyle, 5> styles{{{tone::own, "", Marker::circle, 2},
                                             {tone::harm, "8 3", Marker::square, 2},
                                             {tone::rate, "2 2.5", Marker::diamond, 2},
                                             {tone::estimate, "10 3 2 3", Marker::up, 2},
                                             {tone::ink, "4 2", Marker::down, 2}}};
  return styles[index % styles.size()];
}

/// Of what full power gives.
inline constexpr LineStyle baseline_style{tone::baseline, "6 4", Marker::none, 1.8};

}  // namespace pianissimo::report
