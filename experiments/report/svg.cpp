#include "experiments/report/svg.hpp"

#include <fmt/format.h>

#include <cmath>

namespace pianissimo::report {
namespace {

std::string stroke_of(const LineStyle& style) {
  std::string text = fmt::format(R"( fill="none" stroke="{}" stroke-width="{}")", style.colour,
                                 coordinate(style.width));
  if (!style.dash.empty()) text += fmt::format(R"( stroke-dasharray="{}")", style.dash);
  return text;
}

std::string opacity_of(double opacity) {
  return opacity < 1 ? fmt::format(R"( fill-opacity="{:.2f}")", opacity) : std::string{};
}

// How many bytes the UTF-8 character at the front has; 0 if it is none.
std::size_t character_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(0);
  const std::size_t length = first < 0x80   ? 1
                             : first < 0xc2 ? 0
                             : first < 0xe0 ? 2
                             : first < 0xf0 ? 3
                             : first < 0xf5 ? 4
                                            : 0;
  if (length == 0 || length > text.size()) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return 0;
  }
  // Forms that are too long, halves of surrogates, and what lies above Unicode's end.
  if (first == 0xe0 && byte(1) < 0xa0) return 0;
  if (first == 0xed && byte(1) > 0x9f) return 0;
  if (first == 0xf0 && byte(1) < 0x90) return 0;
  if (first == 0xf4 && byte(1) > 0x8f) return 0;
  return length;
}

}  // namespace

std::string markup_escaped(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t length = character_length(text);
    const char c = text.front();
    if (length == 0 || (static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t')) {
      out += '?';
    } else if (c == '&') {
      out += "&amp;";
    } else if (c == '<') {
      out += "&lt;";
    } else if (c == '>') {
      out += "&gt;";
    } else if (c == '"') {
      out += "&quot;";
    } else {
      out += text.substr(0, length);
    }
    text.remove_prefix(std::max<std::size_t>(1, length));
  }
  return out;
}

double text_width(std::string_view text, double size) {
  return 0.56 * size * static_cast<double>(text.size());
}

std::string coordinate(double value) {
  std::string text = fmt::format("{:.1f}", value);
  if (text.ends_with(".0")) text.resize(text.size() - 2);
  return text == "-0" ? "0" : text;
}

Svg::Svg(double width, double height, std::string_view title)
    : text_{fmt::format(
          R"(<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 {0} {1}" width="{0}")"
          R"( height="{1}" font-family="system-ui, Helvetica, Arial, 'DejaVu Sans', sans-serif">)"
          "<title>{2}</title>\n",
          coordinate(width), coordinate(height), markup_escaped(title))} {}

void Svg::line(double x1, double y1, double x2, double y2, const LineStyle& style) {
  stroke(
      fmt::format("M{} {}L{} {}", coordinate(x1), coordinate(y1), coordinate(x2), coordinate(y2)),
      style);
}

void Svg::stroke(std::string_view path, const LineStyle& style) {
  text_ += fmt::format(R"(<path d="{}"{} stroke-linejoin="round"/>)"
                       "\n",
                       path, stroke_of(style));
}

void Svg::fill(std::string_view path, std::string_view colour, double opacity) {
  text_ += fmt::format(R"(<path d="{}" fill="{}"{}/>)"
                       "\n",
                       path, colour, opacity_of(opacity));
}

void Svg::rect(double x, double y, double width, double height, std::string_view colour,
               double opacity) {
  text_ += fmt::format(R"(<rect x="{}" y="{}" width="{}" height="{}" fill="{}"{}/>)"
                       "\n",
                       coordinate(x), coordinate(y), coordinate(width), coordinate(height), colour,
                       opacity_of(opacity));
}

void Svg::text(double x, double y, std::string_view text, const TextStyle& style) {
  text_ += fmt::format(
      R"(<text x="{}" y="{}" font-size="{}" fill="{}" text-anchor="{}"{}{}>{}</text>)"
      "\n",
      coordinate(x), coordinate(y), coordinate(style.size), style.colour, style.anchor,
      style.bold ? R"( font-weight="600")" : "",
      style.upright
          ? std::string{}
          : fmt::format(R"-( transform="rotate(-90 {} {})")-", coordinate(x), coordinate(y)),
      markup_escaped(text));
}

void Svg::marker(Marker shape, double x, double y, double size, std::string_view colour,
                 bool hollow, std::string_view hint) {
  const auto at = [&](double dx, double dy) {
    return coordinate(x + dx * size) + ' ' + coordinate(y + dy * size);
  };
  std::string path;
  switch (shape) {
    case Marker::none:
      return;
    case Marker::circle:
      path =
          fmt::format("M{}a{r} {r} 0 1 0 {d} 0a{r} {r} 0 1 0 -{d} 0Z", at(-0.9, 0),
                      fmt::arg("r", coordinate(0.9 * size)), fmt::arg("d", coordinate(1.8 * size)));
      break;
    case Marker::square:
      path = fmt::format("M{}H{}V{}H{}Z", at(-.8, -.8), coordinate(x + .8 * size),
                         coordinate(y + .8 * size), coordinate(x - .8 * size));
      break;
    case Marker::up:
      path = fmt::format("M{}L{}L{}Z", at(0, -1), at(1, .8), at(-1, .8));
      break;
    case Marker::down:
      path = fmt::format("M{}L{}L{}Z", at(0, 1), at(1, -.8), at(-1, -.8));
      break;
    case Marker::diamond:
      path = fmt::format("M{}L{}L{}L{}Z", at(0, -1.15), at(1.15, 0), at(0, 1.15), at(-1.15, 0));
      break;
  }
  const std::string inside =
      hint.empty() ? "/>" : fmt::format("><title>{}</title></path>", markup_escaped(hint));
  text_ += fmt::format(R"(<path d="{}" fill="{}" stroke="{}" stroke-width="{}"{})"
                       "\n",
                       path, hollow ? tone::ground : colour, hollow ? colour : tone::ground,
                       hollow ? "1.4" : "0.8", inside);
}

std::string Svg::finish() && { return std::move(text_) + "</svg>\n"; }

}  // namespace pianissimo::report
