#include "experiments/traffic/live_plan.hpp"

#include <fmt/format.h>
#include <sched.h>

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
constexpr std::uint32_t most_port = 65'535;
constexpr std::uint32_t least_ipv6_bytes = 62;

std::uint64_t part(std::uint64_t whole, std::size_t parts, std::size_t index) {
  return whole / parts + (index < whole % parts ? 1 : 0);
}

Result<void> check_udp(const LiveUdp& udp, std::uint32_t least_size) {
  const auto bad = [](std::string text) { return Error{std::move(text), ExitStatus::usage}; };
  if (udp.source.is_ipv6 != udp.destination.is_ipv6) {
    return bad("from: the addresses are of different families, IPv4 and IPv6");
  }
  if (udp.source_port == 0 || udp.port == 0) return bad("port: expected 1 to 65535, not 0");
  if (udp.ports < 1 || udp.ports > most_port - udp.port + 1U) {
    return bad(fmt::format("ports: expected 1 to {} from port {} on, not {}",
                           most_port - udp.port + 1U, udp.port, udp.ports));
  }
  if (udp.destination.is_ipv6 && least_size < least_ipv6_bytes) {
    return bad(fmt::format("size: UDP over IPv6 takes at least {} bytes", least_ipv6_bytes));
  }
  return {};
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
  if (plan.udp) {
    auto checked = check_udp(*plan.udp, std::ranges::min(plan.sizes));
    if (!checked) return checked;
  }
  return check(Flow{.rate = {std::max<std::uint64_t>(plan.packets_per_second, 1)},
                    .sizes = {1},
                    .pattern = plan.pattern});
}

Result<std::vector<unsigned>> first_cpus(std::size_t count) {
  cpu_set_t allowed;
  CPU_ZERO(&allowed);
  sched_getaffinity(0, sizeof allowed, &allowed);
  std::vector<unsigned> cpus;
  for (unsigned cpu = 0; cpu < CPU_SETSIZE && cpus.size() < count; ++cpu) {
    if (CPU_ISSET(cpu, &allowed)) cpus.push_back(cpu);
  }
  if (cpus.size() == count) return cpus;
  return Error{
      fmt::format("threads: {} need as many CPUs, and this process may use {}", count, cpus.size()),
      ExitStatus::usage};
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
