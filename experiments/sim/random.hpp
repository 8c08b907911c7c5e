// Chance: small, fast, and a function of the seed alone.
#pragma once

#include <array>
#include <bit>
#include <cstdint>

namespace pianissimo::sim {

/// A seed for one purpose out of the run's seed: streams that never meet (splitmix64's finaliser).
constexpr std::uint64_t seed_for(std::uint64_t seed, std::uint64_t purpose, std::uint64_t who = 0) {
  std::uint64_t z = seed + 0x9e3779b97f4a7c15U * (1 + purpose) + 0xd1b54a32d192ed03U * (1 + who);
  for (int round = 0; round < 2; ++round) {
    z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27U)) * 0x94d049bb133111ebU;
    z ^= z >> 31U;
  }
  return z;
}

/// What chance is drawn for; each has a stream of its own, so that the channel and the traffic stay
/// the same whatever the controller does.
enum class Purpose : std::uint8_t {
  fading,
  traffic,
  interference,
  rate_control,
  air,
  signal,
  uplink_frames,
  reciprocity,
};

constexpr std::uint64_t seed_for(std::uint64_t seed, Purpose purpose, std::uint64_t who) {
  return seed_for(seed, static_cast<std::uint64_t>(purpose), who);
}

/// Blackman and Vigna's xoshiro256++.
class Random {
 public:
  explicit Random(std::uint64_t seed) {
    for (std::size_t i = 0; i < state_.size(); ++i) state_[i] = seed_for(seed, i);
  }

  std::uint64_t bits() {
    const std::uint64_t out = std::rotl(state_[0] + state_[3], 23) + state_[0];
    const std::uint64_t t = state_[1] << 17U;
    state_[2] ^= state_[0];
    state_[3] ^= state_[1];
    state_[1] ^= state_[2];
    state_[0] ^= state_[3];
    state_[2] ^= t;
    state_[3] = std::rotl(state_[3], 45);
    return out;
  }
  /// 0 <= x < 1.
  double unit() { return static_cast<double>(bits() >> 11U) * 0x1p-53; }
  /// 0 <= x < n.
  int below(int n) {
    return static_cast<int>(((bits() >> 32U) * static_cast<std::uint64_t>(n)) >> 32U);
  }
  /// Mean 0, standard deviation 1; one of 4096 equally likely values, within +-3.7.
  double gauss();
  /// Exponential with this mean.
  double exponential(double mean);
  /// `n` (up to 64) independent trials, each with this chance; bit k tells about trial k.
  std::uint64_t trials(int n, double chance);

 private:
  std::array<std::uint64_t, 4> state_{};
};

}  // namespace pianissimo::sim
