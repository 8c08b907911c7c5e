// A trained classifier as a file: pianissimo-lab train writes it, the configuration names it, and a
// journal's header holds it on one line.
#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "controller/core/traffic_tree.hpp"

namespace pianissimo {

/// The first line says what it is and in which version.
inline constexpr std::string_view classifier_mark = "pianissimo-classifier,1";
/// In the place of a file: no classifier.
inline constexpr std::string_view rule_word = "rule";
/// Longer texts are refused.
inline constexpr std::size_t max_classifier_bytes = 32'768;

struct ClassifierError {
  int line = 0;  ///< from 1; 0: the text as a whole
  std::string message;
};

/// Reads a table. A ';' ends a line as well; lines that begin with '#' are for people:
///
///   pianissimo-classifier,1
///   window_ms,500
///   node,feature,at_most,then,else,class
///   0,utilisation,812,1,2,
///   1,,,,,light
///   2,,,,,saturated
std::variant<TrafficTree, ClassifierError> parse_classifier(std::string_view text);

/// What parse_classifier() reads back to an equal tree, on one line, its lines ended by ';'.
std::string to_text(const TrafficTree& tree);

/// Reads a file.
std::variant<TrafficTree, ClassifierError> load_classifier(const std::string& path);

}  // namespace pianissimo
