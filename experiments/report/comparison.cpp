#include "experiments/report/comparison.hpp"

#include <algorithm>

namespace pianissimo::report {
namespace {

// The same second of both runs; absent unless both sent something in it.
struct SameSecond {
  double ours = 0;
  double theirs = 0;
  bool below() const { return ours < whole_share * theirs; }
};
std::optional<SameSecond> same_second(const Sides& sides, std::size_t i) {
  if (i >= sides.ours.size() || i >= sides.theirs.size()) return std::nullopt;
  const Figure ours = sides.ours[i].capacity_mbps();
  const Figure theirs = sides.theirs[i].capacity_mbps();
  if (!ours || !theirs) return std::nullopt;
  return SameSecond{*ours, *theirs};
}

// Counts bins in which something was lost, in the order of time.
class Spells {
 public:
  void add(std::optional<bool> below) {
    spell_ = below.value_or(false) ? spell_ + 1 : 0;
    longest_ = std::max(longest_, spell_);
    if (!below) return;
    ++compared_;
    lost_ += *below ? 1 : 0;
  }
  int compared() const { return compared_; }
  double lost_s() const { return lost_ * bin_seconds; }
  double lost_share() const { return static_cast<double>(lost_) / compared_; }
  double longest_s() const { return longest_ * bin_seconds; }

 private:
  int compared_ = 0;
  int lost_ = 0;
  int spell_ = 0;
  int longest_ = 0;
};

}  // namespace

Comparison compare(std::span<const Bin> bins, std::span<const Bin> baseline,
                   const std::vector<bool>& wanted) {
  double own_sum = 0;
  int own_bins = 0;
  double sum = 0;
  double baseline_sum = 0;
  Spells spells;
  for (std::size_t i = 0; i < bins.size(); ++i) {
    if (const Figure ours = wanted[i] ? bins[i].capacity_mbps() : std::nullopt) {
      own_sum += *ours;
      ++own_bins;
    }
    const auto both = wanted[i] ? same_second({bins, baseline}, i) : std::nullopt;
    spells.add(both ? std::optional{both->below()} : std::nullopt);
    if (!both) continue;
    sum += both->ours;
    baseline_sum += both->theirs;
  }
  Comparison out;
  if (own_bins > 0) out.capacity_mbps = own_sum / own_bins;
  if (spells.compared() == 0) return out;
  out.baseline_capacity_mbps = baseline_sum / spells.compared();
  if (baseline_sum > 0) out.retained = sum / baseline_sum;
  out.below_s = spells.lost_s();
  out.below_share = spells.lost_share();
  out.longest_below_s = spells.longest_s();
  return out;
}

Harm harm_of(const std::vector<Sides>& stations) {
  std::size_t bins = 0;
  for (const Sides& sides : stations) bins = std::max(bins, sides.ours.size());
  Spells spells;
  for (std::size_t i = 0; i < bins; ++i) {
    std::optional<bool> any_below;
    for (const Sides& sides : stations) {
      const auto both = same_second(sides, i);
      if (both) any_below = any_below.value_or(false) || both->below();
    }
    spells.add(any_below);
  }
  if (spells.compared() == 0) return {};
  return {spells.lost_share(), spells.longest_s()};
}

}  // namespace pianissimo::report
