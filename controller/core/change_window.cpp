#include "controller/core/change_window.hpp"

#include <algorithm>
#include <cmath>

namespace pianissimo {
namespace {

using namespace std::chrono_literals;

constexpr Duration block_length = 1s;
constexpr std::size_t most_blocks = 60;
constexpr double least_in_block = 20;  // transmissions: fewer say nothing
// A station that a door or a few steps have moved, beside what signals vary by without.
constexpr double moved_db = 3;

double seconds(Duration time) { return std::chrono::duration<double>(time).count(); }

double median(std::vector<double> values) {
  if (values.empty()) return 0;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

}  // namespace

void ChangeWindow::add(const Delivery& delivery, std::uint64_t bytes,
                       const std::optional<double>& signal) {
  if (!began_) began_ = delivery.from;
  ended_ = delivery.at;
  const auto sent = static_cast<double>(delivery.transmissions);
  sum_.transmissions += sent;
  sum_.mbps += sent * delivery.throughput.mbps();
  sum_.acknowledged += sent * delivery.acknowledged;
  sum_.rate_mbps += sent * delivery.rate.mbps();
  sum_.asked_mbps += 8e-6 * static_cast<double>(bytes);
  sum_.signal = signal;
  if (ended_ - *began_ >= block_length) pause();
}

void ChangeWindow::pause() {
  if (began_ && sum_.transmissions >= least_in_block && ended_ > *began_) {
    const double sent = sum_.transmissions;
    blocks_.push_back({.mbps = sum_.mbps / sent,
                       .acknowledged = sum_.acknowledged / sent,
                       .rate_mbps = sum_.rate_mbps / sent,
                       .asked_mbps = sum_.asked_mbps / seconds(ended_ - *began_),
                       .transmissions = sent,
                       .signal = sum_.signal});
    if (blocks_.size() > most_blocks) blocks_.erase(blocks_.begin());
  }
  sum_ = {.acknowledged = 0, .signal = {}};
  began_.reset();
}

ChangeBlock middle_of(const std::vector<ChangeBlock>& blocks) {
  const auto of = [&](double ChangeBlock::*value) {
    std::vector<double> values(blocks.size());
    std::ranges::transform(blocks, values.begin(), value);
    return median(std::move(values));
  };
  ChangeBlock middle{.mbps = of(&ChangeBlock::mbps),
                     .acknowledged = of(&ChangeBlock::acknowledged),
                     .rate_mbps = of(&ChangeBlock::rate_mbps),
                     .asked_mbps = of(&ChangeBlock::asked_mbps),
                     .signal = {}};
  std::vector<double> signals;
  for (const ChangeBlock& block : blocks) {
    middle.transmissions += block.transmissions;
    if (block.signal) signals.push_back(*block.signal);
  }
  if (!signals.empty()) middle.signal = median(std::move(signals));
  return middle;
}

double share_below(const std::vector<ChangeBlock>& lower, const std::vector<ChangeBlock>& higher) {
  if (lower.empty() || higher.empty()) return 0.5;
  double below = 0;
  for (const ChangeBlock& a : lower) {
    for (const ChangeBlock& b : higher) {
      below += a.mbps < b.mbps ? 1 : a.mbps == b.mbps ? 0.5 : 0;
    }
  }
  return below / static_cast<double>(lower.size() * higher.size());
}

Comparison compare(const ChangeWindow& before, const LeastHeld& least_before,
                   const ChangeWindow& after, const LeastHeld& least_after) {
  Comparison out{.before = middle_of(before.blocks()), .after = middle_of(after.blocks())};
  const auto holds = [](const ChangeWindow& window, const ChangeBlock& middle,
                        const LeastHeld& least) {
    return window.blocks().size() >= least.blocks && middle.transmissions >= least.transmissions;
  };
  out.is_there = holds(before, out.before, least_before) && holds(after, out.after, least_after) &&
                 out.before.mbps > 0;
  if (!out.is_there) return out;
  out.ratio = out.after.mbps / out.before.mbps;
  out.is_less = share_below(after.blocks(), before.blocks());
  out.has_moved = out.before.signal && out.after.signal &&
                  std::abs(*out.before.signal - *out.after.signal) >= moved_db;
  return out;
}

}  // namespace pianissimo
