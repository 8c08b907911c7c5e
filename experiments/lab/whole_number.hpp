// Whole numbers as options take them.
#pragma once

#include <CLI/CLI.hpp>

namespace pianissimo::lab {

/// A check: digits alone, and no more than 64 bits. CLI11 takes what strtoull() does: it makes
/// large numbers of negative ones, and of larger ones the largest.
CLI::Validator whole_number();

/// A transform: the same, perhaps with k, M or G for thousands of it.
CLI::Validator whole_number_with_unit();

}  // namespace pianissimo::lab
