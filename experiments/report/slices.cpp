#include "experiments/report/slices.hpp"

#include <algorithm>
#include <cmath>
#include <map>

namespace pianissimo::report {
namespace {

using namespace std::chrono_literals;

// More of them, and a table of phases is no longer read.
constexpr std::size_t most_steps = 16;
constexpr double most_slices = 10;
constexpr double same_db = 0.05;

Instant middle(const Span& span) { return span.start + (span.end - span.start) / 2; }

Span within(const Span& span, const Span& part) {
  return {std::max(span.start, part.start), std::min(span.end, part.end)};
}

void append(std::vector<Span>& spans, const Span& span) {
  if (!spans.empty() && spans.back().end == span.start) {
    spans.back().end = span.end;
  } else {
    spans.push_back(span);
  }
}

std::vector<Phase> steps_of(const std::vector<TruthRow>& rows, const Span& part) {
  std::vector<Phase> phases;
  for (const TruthRow& row : rows) {
    const Span span = within(row.span, part);
    const bool same =
        !phases.empty() && std::abs(*row.path_loss_db - phases.back().low_db) <= same_db;
    if (!same) phases.push_back({*row.path_loss_db, *row.path_loss_db, {span}});
    // One piece, even where rows are missing: the path loss after a gap is that before it.
    phases.back().spans.back().end = span.end;
  }
  return phases;
}

std::vector<Phase> slices_of(const std::vector<TruthRow>& rows, const Span& part) {
  const auto [low, high] = std::ranges::minmax(rows, {}, &TruthRow::path_loss_db);
  const double range = *high.path_loss_db - *low.path_loss_db;
  double width = 20;
  for (const double candidate : {10., 5., 2., 1.}) {
    if (range / candidate <= most_slices) width = candidate;
  }
  std::map<double, Phase> slices;
  for (const TruthRow& row : rows) {
    const double index = std::floor(*row.path_loss_db / width);
    Phase& phase = slices[index];
    phase.low_db = index * width;
    phase.high_db = phase.low_db + width;
    append(phase.spans, within(row.span, part));
  }
  std::vector<Phase> phases;
  for (auto& [index, phase] : slices) phases.push_back(std::move(phase));
  return phases;
}

}  // namespace

std::optional<double> Bin::capacity_mbps() const {
  if (airtime_us <= 0) return std::nullopt;
  return 8 * delivered_bytes / airtime_us;
}

std::vector<Bin> bins_of(const std::vector<TruthRow>& rows, const Span& part) {
  std::vector<Bin> bins(static_cast<std::size_t>(std::max(1.0, std::round(part.seconds()))));
  for (const TruthRow& row : rows) {
    const double at = seconds(middle(row.span) - part.start) / bin_seconds;
    if (at < 0 || at >= static_cast<double>(bins.size())) continue;
    Bin& bin = bins[static_cast<std::size_t>(at)];
    bin.delivered_bytes += row.delivered_bytes;
    bin.airtime_us += row.airtime_us;
  }
  return bins;
}

double Phase::seconds() const {
  double sum = 0;
  for (const Span& span : spans) sum += span.seconds();
  return sum;
}

bool Phase::contains(Instant at) const {
  return std::ranges::any_of(spans, [&](const Span& span) { return span.contains(at); });
}

Duration Phase::overlap_with(const Span& span) const {
  Duration sum{};
  for (const Span& ours : spans) sum += overlap(ours, span);
  return sum;
}

std::vector<Phase> phases_of(const std::vector<TruthRow>& rows, const Span& part) {
  if (rows.empty() || !rows.front().path_loss_db) return {};
  std::vector<Phase> steps = steps_of(rows, part);
  // Steps shorter than a bin cannot be told apart in the figures.
  const bool few = steps.size() <= most_steps;
  const bool long_enough =
      part.seconds() / static_cast<double>(steps.size()) >= 2 * bin_seconds || steps.size() <= 2;
  return few && long_enough ? steps : slices_of(rows, part);
}

}  // namespace pianissimo::report
