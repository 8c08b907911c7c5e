// Grids of parameters, and the runs that a sweep over them consists of.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "experiments/sim/scenario.hpp"

namespace pianissimo::evaluate {

/// Text for people: what is wrong with something they wrote.
struct UsageError {
  std::string message;
};

/// The pieces between the separators: one more than there are separators.
std::vector<std::string> split(std::string_view text, char at);

struct Axis {
  std::string key;                  ///< of the configuration: "descend.keep"
  std::vector<std::string> values;  ///< as in the file
};

/// "descend.keep=0.8,0.9,0.95".
std::variant<Axis, UsageError> parse_axis(std::string_view text);

/// Every combination, each as "key=value" settings; the last axis changes fastest. Without an axis
/// there is one, of no settings.
std::vector<std::vector<std::string>> combinations(std::span<const Axis> axes);

/// One part of a sweep that several machines share; counts from 1.
struct Shard {
  std::uint64_t index = 1;
  std::uint64_t count = 1;
};

/// "3/10".
std::variant<Shard, UsageError> parse_shard(std::string_view text);

/// FNV-1a, 64 bit, fed piece by piece. Each piece's length is part of it, so that "ab", "c" is not
/// "a", "bc".
class Hash {
 public:
  Hash& add(std::string_view piece);
  Hash& add(std::uint64_t number);
  std::uint64_t value() const { return value_; }

 private:
  void take(std::string_view bytes);
  std::uint64_t value_ = 14695981039346656037U;
};

/// 16 hexadecimal digits.
std::string run_id(const Hash& hash);

/// Which shard a run belongs to depends on the run alone: adding others moves nothing.
bool is_in(const Shard& shard, std::string_view run_id);

/// Of all that a scenario's outcome depends on: the file's text and the traces that it names.
Hash hash_of(const sim::Scenario& scenario, std::string_view text);

}  // namespace pianissimo::evaluate
