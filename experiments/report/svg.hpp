// A drawing as SVG text: shapes in pixels from the upper left corner, colours of the palette only.
#pragma once

#include <string>
#include <string_view>

#include "experiments/report/palette.hpp"

namespace pianissimo::report {

/// Text for between two tags or in an attribute, of XML as of HTML; what XML forbids becomes "?".
std::string markup_escaped(std::string_view text);

struct TextStyle {
  double size = 11;
  std::string_view colour = tone::soft;
  std::string_view anchor = "start";  ///< or "middle", "end"
  bool bold = false;
  bool upright = true;  ///< false: reads upwards
};

/// About how wide a text is drawn, for leaving room: nobody measures the reader's font.
double text_width(std::string_view text, double size);

class Svg {
 public:
  /// `title` is what a screen reader says instead of the drawing.
  Svg(double width, double height, std::string_view title);

  void line(double x1, double y1, double x2, double y2, const LineStyle& style);
  /// `path` as in the attribute d.
  void stroke(std::string_view path, const LineStyle& style);
  void fill(std::string_view path, std::string_view colour, double opacity = 1);
  void rect(double x, double y, double width, double height, std::string_view colour,
            double opacity = 1);
  void text(double x, double y, std::string_view text, const TextStyle& style = {});
  /// Hollow ones have the ground's colour inside. `hint` shows where drawings can be pointed at.
  void marker(Marker shape, double x, double y, double size, std::string_view colour,
              bool hollow = false, std::string_view hint = {});
  std::string finish() &&;

 private:
  std::string text_;
};

/// One or two decimals, no "-0": enough for a printer.
std::string coordinate(double value);

}  // namespace pianissimo::report
