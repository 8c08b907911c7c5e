// The rows for people and for programs.
#pragma once

#include <span>
#include <string>

#include "experiments/evaluate/spread.hpp"
#include "experiments/evaluate/suite.hpp"

namespace pianissimo::evaluate {

/// Of one figure, over the seeds that have it.
std::optional<Spread> spread_of(const Row& row, Figure figure);

/// A JSON array with an object per row, one per line. Of each figure: its mean, beside it
/// `<figure>_ci95` (half the width of the interval) and, if not all seeds have the figure,
/// `<figure>_n`; null if none has.
std::string json_of(std::span<const Row> rows);

/// Tables over the whole suite, then by scenario, one per keep. Columns that are empty throughout
/// are left out.
std::string markdown_of(std::span<const Row> rows);

}  // namespace pianissimo::evaluate
