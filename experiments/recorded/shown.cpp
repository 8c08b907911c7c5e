#include "experiments/recorded/shown.hpp"

#include <algorithm>
#include <cmath>

#include "controller/core/estimate.hpp"

namespace pianissimo::recorded {
namespace {

// A datagram of iperf's default size.
constexpr double datagram_bits = 8.0 * 1470;
// What was sent is the offered load if it is so near to it: the rest is the clock's.
constexpr double clock_error = 0.01;

double sent_bps(const Sample& sample) {
  return static_cast<double>(sample.throughput.bps()) / (1 - sample.drop_percent / 100);
}

bool is_lost(const Sample& sample) {
  return sample.throughput.is_zero() || sample.drop_percent >= 100;
}

// What the sender was offered: the most that was sent, but for the highest twentieth. A sender that
// was blocked for a moment makes up for it in the next measurement.
double offered_bps(const PowerTable& table) {
  std::vector<double> sent;
  for (const auto& [level, samples] : table.levels) {
    for (const Sample& sample : samples) {
      if (!is_lost(sample)) sent.push_back(sent_bps(sample));
    }
  }
  if (sent.empty()) return 1e6;
  std::ranges::sort(sent);
  return sent[(sent.size() - 1) * 19 / 20];
}

// Mean of what is heard of the receiver, at each of its powers.
std::map<Dbm, double> heard_at(const PowerTable& table) {
  std::map<Dbm, std::pair<double, int>> sums;
  for (const auto& [level, samples] : table.levels) {
    for (const Sample& sample : samples) {
      if (!sample.sender_hears || !sample.receiver_power) continue;
      auto& [sum, count] = sums[*sample.receiver_power];
      sum += sample.sender_hears->value();
      ++count;
    }
  }
  std::map<Dbm, double> out;
  for (const auto& [power, sum] : sums) out[power] = sum.first / sum.second;
  return out;
}

// The inverse of throughput_of() without losses; to the bit.
Throughput rate_for(double bps) {
  std::int64_t low = 1;
  std::int64_t high = 10'000'000'000'000;
  while (low < high) {
    const std::int64_t middle = low + (high - low) / 2;
    const Throughput gives = throughput_of(Throughput::from_bps(middle), 1);
    if (static_cast<double>(gives.bps()) < bps) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return Throughput::from_bps(low);
}

}  // namespace

ShownLevels shown(const PowerTable& table) {
  const double offered = offered_bps(table);
  const std::map<Dbm, double> heard = heard_at(table);
  ShownLevels out;
  for (const auto& [level, samples] : table.levels) {
    for (const Sample& sample : samples) {
      Shown& shown = out[level].emplace_back();
      shown.throughput = sample.throughput;
      shown.acknowledged = is_lost(sample) ? 0 : 1 - sample.drop_percent / 100;
      // Of what did not arrive at all, nobody knows how much was sent.
      const double sent = is_lost(sample) ? offered : sent_bps(sample);
      shown.frames_per_s = sent / datagram_bits;
      const bool is_all = std::abs(sent / offered - 1) <= clock_error;
      shown.rate = rate_for(is_all ? offered : sent);
      shown.signal = sample.sender_hears;
      if (sample.sender_hears && sample.receiver_power) {
        // A station's power is what it is; that of the recording's receiver was varied.
        const double more = heard.rbegin()->second - heard.at(*sample.receiver_power);
        shown.signal = *shown.signal + Db::from_mb(static_cast<int>(std::lround(100 * more)));
      }
    }
  }
  return out;
}

}  // namespace pianissimo::recorded
