// Panels one above the other on one time axis.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "experiments/report/axes.hpp"
#include "experiments/report/series.hpp"

namespace pianissimo::report {

struct TimeLine {
  std::string name;
  LineStyle style;
  Series points;
};

/// Something that happened: a shape at a level; a visit has a column down to `foot` too.
struct TimeMark {
  double t = 0;
  double level = 0;
  Figure foot;
  Marker shape = Marker::square;
  std::string_view colour;
  bool hollow = false;
  std::string name;  ///< in the key
  std::string hint;  ///< where it can be pointed at
};

/// A stretch of time in another shade.
struct TimeBand {
  double from = 0;
  double to = 0;
  std::string name;
};

struct TimePanel {
  std::string_view axis;  ///< name and unit
  double height = 120;    ///< of the plot alone
  double low = 0;
  double high = 1;
  std::vector<TimeLine> lines;
  std::vector<TimeMark> marks;
  std::vector<TimeBand> losses;  ///< drawn as a strip at the foot
  std::string losses_name;
};

/// `bands` are behind every panel, named in the first.
std::string draw_panels(std::string_view title, double seconds,
                        const std::vector<TimePanel>& panels, const std::vector<TimeBand>& bands);

/// A path of steps. However many points there are, each pixel's column is drawn once, from its
/// lowest to its highest.
std::string stepped_path(const Series& points, double end, const Scale& x, const Scale& y);

}  // namespace pianissimo::report
