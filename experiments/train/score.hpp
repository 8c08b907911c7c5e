// How often a classifier is right.
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "controller/core/load.hpp"

namespace pianissimo::train {

inline constexpr std::array load_classes{LoadClass::idle, LoadClass::light, LoadClass::saturated};

/// Of one class. What nothing was said of, or nothing is, has no precision, no recall.
struct ClassScore {
  std::uint64_t windows = 0;  ///< in truth
  double precision = 0;       ///< of the windows that were said to be, 0..1
  double recall = 0;          ///< of the windows that are, 0..1
  double f1 = 0;              ///< their harmonic mean
};

class Score {
 public:
  void add(LoadClass truth, LoadClass said) { ++counts_[index(truth)][index(said)]; }
  ClassScore of(LoadClass kind) const;
  /// Mean over the classes that there are, each counting as much as every other.
  double macro_f1() const;
  double accuracy() const;
  std::uint64_t count(LoadClass truth, LoadClass said) const {
    return counts_[index(truth)][index(said)];
  }

 private:
  static std::size_t index(LoadClass kind) { return static_cast<std::size_t>(kind); }
  std::array<std::array<std::uint64_t, 3>, 3> counts_{};  ///< [truth][said]
};

/// Two classifiers over the same windows as a table in Markdown.
std::string score_table(const Score& tree, const Score& rule);

}  // namespace pianissimo::train
