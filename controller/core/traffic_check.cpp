#include "controller/core/traffic_check.hpp"

namespace pianissimo {
namespace {

using namespace std::chrono_literals;

constexpr Duration window_length = 2s;
constexpr std::uint64_t window_bytes = 65'536;
constexpr double tolerance = 0.05;
constexpr std::uint64_t header_bytes = 36;

}  // namespace

void TrafficCheck::on(const TrafficReport& report) {
  ours_.clear();
  for (const TrafficSample& sample : report.stations) ours_.emplace(sample.station, sample);
}

std::vector<TrafficMismatch> TrafficCheck::on(const StationReport& report) {
  using enum TrafficMismatch::Direction;
  std::vector<TrafficMismatch> found;
  const auto look = [&](const Key& key, std::optional<std::uint64_t> driver, std::uint64_t bytes,
                        std::uint64_t packets) {
    if (!driver) return;
    if (const auto mismatch = compare(key, report.at, {*driver, bytes, packets})) {
      found.push_back(*mismatch);
    }
  };
  for (const StationSample& sample : report.stations) {
    const auto ours = ours_.find(sample.station);
    if (ours == ours_.end()) continue;
    const TrafficSample& count = ours->second;
    look({sample.station, to_station}, sample.tx_bytes, count.tx_bytes, count.tx_packets);
    look({sample.station, from_station}, sample.rx_bytes, count.rx_bytes, count.rx_packets);
  }
  std::erase_if(windows_, [&](const auto& entry) { return !ours_.contains(entry.first.first); });
  return found;
}

std::optional<TrafficMismatch> TrafficCheck::compare(const Key& key, Instant at,
                                                     const Counters& now) {
  const auto [entry, is_new] = windows_.try_emplace(key, Window{at, now});
  Window& window = entry->second;
  const bool restarted = now.driver < window.from.driver || now.bytes < window.from.bytes;
  if (is_new || restarted) {
    window = {at, now, 0, window.told};
    return std::nullopt;
  }
  const std::uint64_t driver = now.driver - window.from.driver;
  const std::uint64_t bytes = now.bytes - window.from.bytes;
  const std::uint64_t packets = now.packets - window.from.packets;
  if (at - window.began < window_length || std::max(driver, bytes) < window_bytes) {
    return std::nullopt;
  }
  const double most = static_cast<double>(bytes + header_bytes * packets) * (1 + tolerance);
  const double least = static_cast<double>(bytes) * (1 - tolerance);
  const auto counted = static_cast<double>(driver);
  const bool disagrees =
      counted > most || (key.second == TrafficMismatch::Direction::from_station && counted < least);
  window = {at, now, disagrees ? window.disagreed + 1 : 0, window.told};
  if (window.disagreed < 2 || window.told) return std::nullopt;
  window.told = true;
  return TrafficMismatch{key.second, key.first, driver, bytes};
}

}  // namespace pianissimo
