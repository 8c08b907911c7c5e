#include "controller/core/traffic_window.hpp"

#include <algorithm>
#include <cmath>

namespace pianissimo {
namespace {

constexpr std::array<std::string_view, feature_count> names{
    "packets", "kbps",        "size",    "gap_us",       "gap_scatter",
    "busy",    "utilisation", "retries", "bit_rate_kbps"};

std::int32_t whole(double value) {
  return static_cast<std::int32_t>(std::lround(std::clamp(value, 0.0, double{largest_feature})));
}

double microseconds(Duration duration) {
  return std::chrono::duration<double, std::micro>(duration).count();
}

std::uint64_t growth(const std::optional<std::uint64_t>& from,
                     const std::optional<std::uint64_t>& to) {
  return to ? *to - std::min(*to, from.value_or(0)) : 0;
}

}  // namespace

std::string_view to_string(Feature feature) { return names[static_cast<std::size_t>(feature)]; }

std::optional<Feature> feature_from_string(std::string_view word) {
  const auto* const found = std::ranges::find(names, word);
  if (found == names.end()) return std::nullopt;
  return static_cast<Feature>(found - names.begin());
}

std::optional<Features> TrafficWindow::on_reading(Instant at, const StationView& view) {
  if (!view.totals.tx_bytes || !view.totals.tx_packets) {
    *this = {};
    return std::nullopt;
  }
  if (!first_) {
    begin(at, view.totals);
    return std::nullopt;
  }
  if (at <= last_.at) return std::nullopt;
  add_packets(growth(last_.totals.tx_packets, view.totals.tx_packets), at - last_.at);
  last_ = {at, view.totals};
  if (at - first_->at < length) return std::nullopt;
  const auto result = features(at, view);
  begin(at, view.totals);
  return result;
}

void TrafficWindow::begin(Instant at, const StationTotals& totals) {
  last_ = {at, totals};
  first_ = last_;
  readings_ = busy_ = 0;
  gaps_ = 0;
  gap_sum_us_ = gap_squares_ = 0;
}

// So many packets, evenly within the interval; the first gap holds the silence before it, too.
void TrafficWindow::add_packets(std::uint64_t packets, Duration interval) {
  ++readings_;
  if (packets == 0) {
    silence_ += interval;
    return;
  }
  ++busy_;
  const double count = static_cast<double>(packets);
  const double gap = microseconds(interval) / count;
  const double first = gap + microseconds(silence_);
  silence_ = {};
  gaps_ += packets;
  gap_sum_us_ += first + (count - 1) * gap;
  gap_squares_ += first * first + (count - 1) * gap * gap;
}

std::optional<Features> TrafficWindow::features(Instant at, const StationView& view) const {
  const Duration lasted = at - first_->at;
  if (readings_ < least_readings || lasted > 2 * length) return std::nullopt;
  const StationTotals& from = first_->totals;
  const StationTotals& to = view.totals;
  const auto packets = static_cast<double>(growth(from.tx_packets, to.tx_packets));
  const auto bytes = static_cast<double>(growth(from.tx_bytes, to.tx_bytes));
  const double us = microseconds(lasted);
  Features out;
  out.fill(not_told);
  const auto set = [&out](Feature feature, double value) {
    out[static_cast<std::size_t>(feature)] = whole(value);
  };
  set(Feature::packets, packets);
  set(Feature::kbps, 8000 * bytes / us);
  set(Feature::size, packets > 0 ? bytes / packets : 0);
  set(Feature::gap_us, packets > 0 ? us / packets : us);
  const double mean = gaps_ > 0 ? gap_sum_us_ / static_cast<double>(gaps_) : 0;
  const double square = gaps_ > 0 ? gap_squares_ / static_cast<double>(gaps_) : 0;
  set(Feature::gap_scatter, mean > 0 ? 1000 * (square / (mean * mean) - 1) : 0);
  set(Feature::busy, 1000.0 * busy_ / readings_);
  if (view.expected_throughput && !view.expected_throughput->is_zero()) {
    const auto bps = static_cast<double>(view.expected_throughput->bps());
    set(Feature::utilisation, 1e9 * 8 * bytes / (bps * us));
  }
  if (to.tx_retries) {
    const auto retries = static_cast<double>(growth(from.tx_retries, to.tx_retries));
    set(Feature::retries, packets + retries > 0 ? 1000 * retries / (packets + retries) : 0);
  }
  if (view.last != nullptr && view.last->tx_rate) {
    set(Feature::bit_rate_kbps, static_cast<double>(view.last->tx_rate->rate.bps()) / 1000);
  }
  return out;
}

}  // namespace pianissimo
