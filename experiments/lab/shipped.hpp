// The files that the program carries with it, so that it works wherever it is: embedded by
// shipped.cmake.
#pragma once

#include <span>
#include <string_view>

namespace pianissimo::lab {

struct Shipped {
  std::string_view name;  ///< "door": the file's name without its ending
  std::string_view text;
};

/// The suite, experiments/scenarios, by name.
std::span<const Shipped> shipped_suite();
/// Those to train with, experiments/train/scenarios, by name.
std::span<const Shipped> shipped_training();
/// experiments/train/fit.R.
std::string_view shipped_fit();

}  // namespace pianissimo::lab
