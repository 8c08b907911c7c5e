#include "experiments/traffic/live_tcp_plan.hpp"

#include <fmt/format.h>

#include <limits>

namespace pianissimo::traffic {
namespace {

// Exact: no product of segments and bytes leaves 64 bits.
constexpr std::uint64_t most_bytes = 1'000'000'000'000'000'000;
constexpr std::uint64_t most_segments = std::numeric_limits<std::uint32_t>::max() * 1024ULL;
constexpr Duration least_patience = std::chrono::seconds{1};
constexpr Duration most_patience = std::chrono::hours{1};

}  // namespace

Result<void> check(const LiveTcpPlan& plan) {
  const auto bad = [](std::string text) { return Error{std::move(text), ExitStatus::usage}; };
  if (plan.port == 0) return bad("port: expected 1 to 65535, not 0");
  if (plan.bytes > most_bytes) {
    return bad(fmt::format("bytes: expected 0 to {}, not {}", most_bytes, plan.bytes));
  }
  if (plan.duration < Duration{0}) return bad("duration: is negative");
  if (plan.patience < least_patience || plan.patience > most_patience) {
    return bad("patience: expected 1 to 3600 seconds");
  }
  return {};
}

std::uint64_t segments_of(std::uint64_t bytes, std::uint32_t segment_bytes) {
  if (bytes == 0) return most_segments;
  return bytes / segment_bytes + (bytes % segment_bytes == 0 ? 0 : 1);
}

}  // namespace pianissimo::traffic
