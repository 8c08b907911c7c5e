// Holds the simulated estimate against the recordings: a table to standard output, a figure to a
// file. usage: sim_calibrate FOLDER-OF-RECORDINGS FOLDER-OF-EXPERIMENTS FIGURE.svg
#include <fmt/format.h>
#include <fmt/ostream.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <iostream>

#include "config/say.hpp"
#include "experiments/sim/calibration/calibration.hpp"
#include "experiments/sim/random.hpp"

namespace {

using namespace pianissimo::sim;

constexpr int repetitions = 200;
constexpr double panel_width = 330;
constexpr double panel_height = 150;
constexpr double margin = 44;

// One panel: the recorded responses faint, their mean and the simulated mean strong.
class Panel {
 public:
  Panel(double x, double y, double ms, double mbps)
      : left_{x + margin}, bottom_{y + panel_height - 26}, ms_{ms}, mbps_{mbps} {}

  void axes(std::ostream& out, const std::string& title) const {
    fmt::print(out,
               "<path d='M{:.0f} {:.0f}v-{:.0f}M{:.0f} {:.0f}h{:.0f}' class='axis'/>"
               "<text x='{:.0f}' y='{:.0f}' class='title'>{}</text>\n",
               left_, bottom_, height(), left_, bottom_, width(), left_, bottom_ - height() - 5,
               title);
    for (const double share : {0.0, 0.5, 1.0}) {
      fmt::print(out, "<text x='{:.0f}' y='{:.0f}' text-anchor='end'>{:.0f}</text>\n", left_ - 4,
                 y(share * mbps_) + 3, share * mbps_);
      fmt::print(out, "<text x='{:.0f}' y='{:.0f}' text-anchor='middle'>{:g}</text>\n",
                 x(share * ms_), bottom_ + 12, share * ms_ / 1000);
    }
  }
  void line(std::ostream& out, const Response& response, const char* kind) const {
    fmt::print(out, "<polyline class='{}' points='", kind);
    for (std::size_t i = 0; i < response.size() && 10.0 * static_cast<double>(i) <= ms_; i += 4) {
      fmt::print(out, "{:.1f},{:.1f} ", x(10.0 * static_cast<double>(i)), y(response[i]));
    }
    out << "'/>\n";
  }

 private:
  static constexpr double width() { return panel_width - margin - 10; }
  static constexpr double height() { return panel_height - 48; }
  double x(double ms) const { return left_ + ms / ms_ * width(); }
  double y(double mbps) const { return bottom_ - std::min(mbps / mbps_, 1.05) * height(); }

  double left_;
  double bottom_;
  double ms_;
  double mbps_;
};

// Where 95 of 100 means of so many simulated responses lie: what chance alone does to the recorded
// figures. Half way, then settled.
std::array<std::pair<double, double>, 2> spread(const std::vector<Response>& simulated,
                                                std::size_t count, const Response& mean_of_all) {
  constexpr std::size_t draws = 400;
  pianissimo::sim::Random random{1};
  std::array<std::vector<double>, 2> seen;
  for (std::size_t draw = 0; draw < draws; ++draw) {
    std::vector<Response> some;
    while (some.size() < count) {
      const int which = random.below(static_cast<int>(simulated.size()));
      some.push_back(simulated.at(static_cast<std::size_t>(which)));
    }
    const Distance d = distance(mean(some), mean_of_all);
    seen[0].push_back(d.half_real);
    seen[1].push_back(d.settled_real);
  }
  std::array<std::pair<double, double>, 2> out;
  for (std::size_t i = 0; i < out.size(); ++i) {
    std::ranges::sort(seen[i]);
    out[i] = {seen[i].at(draws / 40), seen[i].at(draws - 1 - draws / 40)};
  }
  return out;
}

void table_row(const CalibrationCase& what, const char* way, const std::vector<Response>& recorded,
               const std::vector<Response>& simulated) {
  const Response mean_of_all = mean(simulated);
  const Distance d = distance(mean(recorded), mean_of_all);
  const auto chance = spread(simulated, recorded.size(), mean_of_all);
  fmt::print(
      "| {} | {} | {:.1f} -> {:.1f} | {:.1f} -> {:.1f} | {:.0f} / {:.0f} ({:.0f}..{:.0f}) | "
      "{:.0f} / {:.0f} ({:.0f}..{:.0f}) | {:.0f} % | {:.0f} % |\n",
      what.name, way, d.from_real, d.to_real, d.from_simulated, d.to_simulated, d.half_real,
      d.half_simulated, chance[0].first, chance[0].second, d.settled_real, d.settled_simulated,
      chance[1].first, chance[1].second, 100 * d.largest, 100 * d.average);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) {
    pianissimo::say(stderr,
                    "usage: sim_calibrate FOLDER-OF-RECORDINGS FOLDER-OF-EXPERIMENTS FIGURE.svg");
    return 64;
  }
  std::ofstream svg{argv[3]};
  const auto rows = static_cast<double>(calibration_cases().size());
  fmt::print(svg,
             "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {:.0f} {:.0f}' "
             "font-family='sans-serif' font-size='9'>\n<style>polyline{{fill:none}}"
             ".axis{{stroke:#888;fill:none}}.title{{font-size:11px}}"
             ".one{{stroke:#0072b2;stroke-opacity:.25}}.real{{stroke:#0072b2;stroke-width:2}}"
             ".simulated{{stroke:#d55e00;stroke-width:2;stroke-dasharray:6 3}}</style>\n"
             "<rect width='100%' height='100%' fill='#fff'/>\n",
             2 * panel_width, rows * panel_height + 20);
  fmt::print(
      "| recording | step | recorded, Mbit/s | simulated | half way, ms | settled, ms | "
      "largest distance | mean |\n|---|---|---|---|---|---|---|---|\n");
  double top = 0;
  for (const CalibrationCase& what : calibration_cases()) {
    const auto read = recorded(what, argv[1]);
    const auto played = simulated(what, argv[2], repetitions, 1);
    for (const auto* const either : {&read, &played}) {
      const auto* const error = std::get_if<std::string>(either);
      if (error == nullptr) continue;
      pianissimo::say(stderr, *error);
      return 65;
    }
    const auto& real = std::get<Responses>(read);
    const auto& model = std::get<Responses>(played);
    double most = 0;
    for (const Response& response : real.up) {
      most = std::max(most, *std::max_element(response.begin(), response.end()));
    }
    const bool visit = what.visits;
    for (const bool up : {true, false}) {
      if (visit && !up) continue;
      const auto& steps = up ? real.up : real.down;
      const Response mean_real = mean(steps);
      const Response mean_simulated = mean(up ? model.up : model.down);
      const Panel panel{up ? 0 : panel_width, top, visit ? 1000.0 : 4000.0, most};
      panel.axes(svg, fmt::format("{}: {}", what.name,
                                  visit ? "60 ms at 20 dBm"
                                  : up  ? "2 to 20 dBm"
                                        : "20 to 2 dBm"));
      for (std::size_t i = 0; i < steps.size(); i += 6) panel.line(svg, steps[i], "one");
      panel.line(svg, mean_real, "real");
      panel.line(svg, mean_simulated, "simulated");
      if (!visit) {
        table_row(what, up ? "2 to 20 dBm" : "20 to 2 dBm", steps, up ? model.up : model.down);
      }
      if (visit) {
        fmt::print("\n60 ms at 20 dBm, Mbit/s at ms after its beginning (recorded / simulated):");
        for (const std::size_t ms : {0U, 60U, 120U, 180U, 300U, 500U, 1000U}) {
          fmt::print(" {}: {:.1f} / {:.1f};", ms, mean_real.at(ms / 10),
                     mean_simulated.at(ms / 10));
        }
        fmt::print("\n");
      }
    }
    top += panel_height;
  }
  fmt::print(
      svg,
      "<text x='10' y='{:.0f}'>Mbit/s against s. Blue: recorded (thin: every sixth step, thick: "
      "mean). Orange, dashed: simulated, mean of {}.</text>\n</svg>\n",
      top + 10, repetitions);
  svg.close();
  if (!svg) {
    pianissimo::say(stderr, std::string{argv[3]} + ": cannot be written");
    return 73;
  }
  return 0;
}
