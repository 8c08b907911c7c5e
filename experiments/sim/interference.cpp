#include "experiments/sim/interference.hpp"

#include <cmath>

namespace pianissimo::sim {
namespace {

Duration seconds(double s) { return Duration{std::llround(s * 1e9)}; }

}  // namespace

Interference::Interference(const InterferenceParams& params, std::uint64_t seed, Instant start)
    : params_{params},
      random_{seed},
      from_{start + seconds(params.from_s)},
      until_{start + seconds(params.until_s)},
      begin_{from_ + seconds(random_.exponential(params.off_s))},
      end_{begin_ + seconds(random_.exponential(params.on_s))} {}

bool Interference::is_on(Instant now) {
  while (end_ <= now) {
    begin_ = end_ + seconds(random_.exponential(params_.off_s));
    end_ = begin_ + seconds(random_.exponential(params_.on_s));
  }
  return begin_ <= now && now < until_;
}

}  // namespace pianissimo::sim
