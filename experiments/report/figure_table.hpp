// The figures as a reader sees them, in the terminal and on the page: name, unit, meaning.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "experiments/report/figures.hpp"

namespace pianissimo::report {

struct FigureRow {
  std::string_view key;  ///< in summary.json
  std::string_view name;
  std::string_view unit;
  int decimals;
  double scale;  ///< from the figure to the unit: 100 for a share in %
  std::string_view meaning;
  Figure (*of)(const RunFigures&);
};

std::span<const FigureRow> figure_rows();

/// "12.3"; "-" for what could not be measured.
std::string number_text(Figure figure, int decimals, std::string_view missing = "-");

/// "74 dB" or "70-75 dB".
std::string path_loss_text(const Phase& phase);
/// "0-20 s", or "23 s in all" for a phase in several pieces.
std::string when_text(const Phase& phase, const Run& run);

}  // namespace pianissimo::report
