#include "experiments/sim/bit_rate.hpp"

#include <algorithm>
#include <tuple>

namespace pianissimo::sim {

std::optional<MaskedRate> parse_bit_rate(std::string_view text) {
  if (text == "slowest") return slowest_bit_rate;
  const auto digit = [](char c, char last) { return c >= '0' && c <= last; };
  const bool has_streams =
      text.size() == 3 && text[1] == 'x' && digit(text[2], '3') && text[2] > '0';
  if ((text.size() != 1 && !has_streams) || !digit(text[0], '9')) return std::nullopt;
  MaskedRate out{.mcs = text[0] - '0', .streams = std::nullopt};
  if (has_streams) out.streams = text[2] - '0';
  return out;
}

RateId rate_of(const RateSet& rates, const MaskedRate& wanted) {
  const int streams = wanted.streams.value_or(rates.capability().streams);
  RateId best = no_rate;
  std::tuple<int, int, bool, int> best_fit;
  for (RateId id = 0; id < rates.size(); ++id) {
    const testbed::Rate rate = rates.rate(id);
    if (!rates.exists(id) || rate.streams > streams || rate.mcs > wanted.mcs) continue;
    const std::tuple fit{rate.width_mhz, rate.streams, rate.short_gi == wanted.short_gi, rate.mcs};
    if (best != no_rate && fit <= best_fit) continue;
    best = id;
    best_fit = fit;
  }
  return best;
}

FixedRate::FixedRate(const RateSet& rates, const MaskedRate& rate) : rate_{rate_of(rates, rate)} {}

Chain FixedRate::next_chain(Instant) {
  Chain chain;
  chain[0] = {.rate = rate_, .tries = 7};
  return chain;
}

}  // namespace pianissimo::sim
