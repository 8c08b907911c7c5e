#include "experiments/traffic/live_plan.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "experiments/traffic/live_frames.h"

namespace pianissimo::traffic {
namespace {

// A few milliseconds without a rate, one with: what a pattern and a stop are kept to.
constexpr std::uint64_t most_at_once = 65'536;
constexpr std::uint64_t chunks_per_second = 1000;
constexpr std::uint32_t least_bytes = 60;
constexpr std::uint32_t most_bytes = 1514;
constexpr unsigned most_cpus = 1024;

std::uint64_t part(std::uint64_t whole, std::size_t parts, std::size_t index) {
  return whole / parts + (index < whole % parts ? 1 : 0);
}

}  // namespace

std::vector<MacAddress> generated_sources(std::size_t count) {
  std::vector<MacAddress> sources(count);
  for (std::size_t i = 0; i < count; ++i) {
    sources[i] = {{0x06, 0, 0, static_cast<std::uint8_t>(i >> 16),
                   static_cast<std::uint8_t>(i >> 8), static_cast<std::uint8_t>(i)}};
  }
  return sources;
}

Result<void> check(const LivePlan& plan) {
  const auto bad = [](std::string text) { return Error{std::move(text), ExitStatus::usage}; };
  if (plan.sources.empty() || plan.sources.size() > live_frames_most_sources) {
    return bad(fmt::format("sources: expected 1 to {}, not {}",
                           static_cast<int>(live_frames_most_sources), plan.sources.size()));
  }
  if (plan.sizes.empty() || plan.sizes.size() > live_frames_most_sizes) {
    return bad(fmt::format("sizes: expected 1 to {} of them, not {}",
                           static_cast<int>(live_frames_most_sizes), plan.sizes.size()));
  }
  for (const std::uint32_t size : plan.sizes) {
    if (size < least_bytes || size > most_bytes) {
      return bad(
          fmt::format("size: expected {} to {} bytes, not {}", least_bytes, most_bytes, size));
    }
  }
  if (plan.cpus.empty()) return bad("cpus: at least one is needed");
  std::vector<unsigned> cpus = plan.cpus;
  std::ranges::sort(cpus);
  if (std::ranges::adjacent_find(cpus) != cpus.end()) return bad("cpus: each only once");
  if (cpus.back() >= most_cpus) return bad(fmt::format("cpus: there is no CPU {}", cpus.back()));
  if (plan.packets_per_second != 0 && plan.packets_per_second < plan.cpus.size()) {
    return bad("rate: at least one packet per second and CPU");
  }
  return check(Flow{.rate = {std::max<std::uint64_t>(plan.packets_per_second, 1)},
                    .sizes = {1},
                    .pattern = plan.pattern});
}

Share share_of(const LivePlan& plan, std::size_t thread, std::uint64_t frames) {
  const std::uint64_t rate = part(plan.packets_per_second, plan.cpus.size(), thread);
  return {.frames = part(frames, plan.cpus.size(), thread),
          .packets_per_second = rate,
          .chunk = rate == 0
                       ? most_at_once
                       : std::clamp<std::uint64_t>(rate / chunks_per_second, 1, most_at_once)};
}

Duration chunk_departure(const LivePlan& plan, const Share& share, std::uint64_t sent) {
  if (share.packets_per_second == 0) return Duration{0};
  return departure({.rate = {share.packets_per_second}, .sizes = {1}, .pattern = plan.pattern},
                   sent);
}

}  // namespace pianissimo::traffic
