#include "controller/core/retry_witness.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

namespace pianissimo {
namespace {

using namespace std::chrono_literals;

// A step of the MCS is 10 % or more; the same MCS with the other guard interval is 5 to 10 %.
constexpr double fallen = 0.93;
// A rate control may try another rate for a fifth of a second without any need.
constexpr Duration lasting = 300ms;
// Single readings are often of a frame that only tries another rate. So many count, on each side.
constexpr std::size_t before = 5;
constexpr std::size_t fewest_after = 3;
// Losses are those of the readings before the fall, and of so many after it.
constexpr std::size_t leaving = 2;
// With fewer transmissions a share says little, and aggregates are so short that all of one is
// lost or none.
constexpr double enough = 300;
// A rate is left when it loses a tenth and more.
constexpr double silent_share = 0.01;
constexpr double loud_share = 0.03;
constexpr int most_falls = 3;
// One fall without a loss is enough not to believe the counter any more. Where a rate is far too
// fast whole aggregates are lost, and these are counted: it takes more to believe it again.
constexpr int believed_again = -2;

}  // namespace

void RetryWitness::on_reading(const Sent& sent) {
  last_.push_back(sent);
  // What is before the fall, and what has lasted since.
  while (last_.size() > before + fewest_after && sent.at - last_[before + 1].at >= lasting) {
    last_.pop_front();
  }
  if (last_.size() < before + fewest_after || sent.at - last_[before].at < lasting) return;
  std::array<double, before> rates{};
  std::ranges::transform(last_.begin(), last_.begin() + before, rates.begin(),
                         [](const Sent& one) { return one.rate.mbps(); });
  std::ranges::nth_element(rates, rates.begin() + before / 2);
  const auto fastest =
      std::max_element(last_.begin() + before, last_.end(),
                       [](const Sent& one, const Sent& other) { return one.rate < other.rate; });
  if (fastest->rate.mbps() < fallen * rates[before / 2]) judge();
}

void RetryWitness::judge() {
  double transmissions = 0;
  double lost = 0;
  for (std::size_t i = 0; i < before + leaving; ++i) {
    transmissions += last_[i].transmissions;
    lost += last_[i].lost;
  }
  last_.clear();
  if (transmissions < enough) return;
  silent_ +=
      (lost < silent_share * transmissions ? 1 : 0) - (lost > loud_share * transmissions ? 1 : 0);
  silent_ = std::clamp(silent_, -most_falls, most_falls);
  is_believed_ = is_believed_ ? silent_ <= 0 : silent_ <= believed_again;
}

}  // namespace pianissimo
