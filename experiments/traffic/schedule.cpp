#include "experiments/traffic/schedule.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <random>

namespace pianissimo::traffic {
namespace {

constexpr std::uint64_t nanoseconds_per_second = 1'000'000'000;
// Up to here a remainder in nanoseconds fits 64 bits.
constexpr std::uint64_t most_per_second = 10'000'000'000;
constexpr std::uint32_t most_bytes = 65'507;  // a UDP datagram over IPv4

// Of the packets before `number`, in the rate's unit.
std::uint64_t work_before(const Flow& flow, std::uint64_t number) {
  if (flow.rate.unit == RateUnit::packets) return number;
  const auto sum = [](auto begin, auto end) {
    return std::accumulate(begin, end, std::uint64_t{0});
  };
  const auto begin = flow.sizes.begin();
  const auto turns = number / flow.sizes.size();
  const auto rest = static_cast<std::ptrdiff_t>(number % flow.sizes.size());
  return 8 * (turns * sum(begin, flow.sizes.end()) + sum(begin, begin + rest));
}

Duration at_rate(std::uint64_t work, std::uint64_t per_second) {
  const std::uint64_t seconds = work / per_second;
  const std::uint64_t rest = work % per_second * nanoseconds_per_second / per_second;
  return Duration{static_cast<Duration::rep>(seconds * nanoseconds_per_second + rest)};
}

}  // namespace

Duration elapsed_after(const OnOff& pattern, Duration active) {
  if (pattern.off == Duration{0}) return active;
  return active + active / pattern.on * pattern.off;
}

Duration next_on(const OnOff& pattern, Duration elapsed) {
  if (pattern.off == Duration{0}) return elapsed;
  const Duration turn = pattern.on + pattern.off;
  return elapsed % turn < pattern.on ? elapsed : (elapsed / turn + 1) * turn;
}

Result<void> check(const Flow& flow) {
  const auto bad = [](std::string text) { return Error{std::move(text), ExitStatus::usage}; };
  if (flow.rate.per_second < 1 || flow.rate.per_second > most_per_second) {
    return bad(fmt::format("rate: expected 1 to {} {}/s, not {}", most_per_second,
                           flow.rate.unit == RateUnit::packets ? "packets" : "bit",
                           flow.rate.per_second));
  }
  if (flow.sizes.empty()) return bad("size: at least one is needed");
  for (const std::uint32_t size : flow.sizes) {
    if (size < 1 || size > most_bytes) {
      return bad(fmt::format("size: expected 1 to {} bytes, not {}", most_bytes, size));
    }
  }
  if (flow.pattern.on < Duration{0} || flow.pattern.off < Duration{0} ||
      (flow.pattern.off > Duration{0} && flow.pattern.on == Duration{0})) {
    return bad("pattern: a time off needs a time on, and neither can be negative");
  }
  if (flow.phase < Duration{0}) return bad("phase: cannot be negative");
  return {};
}

Duration departure(const Flow& flow, std::uint64_t number) {
  const Duration active = at_rate(work_before(flow, number), flow.rate.per_second);
  return flow.phase + elapsed_after(flow.pattern, active);
}

std::vector<Flow> spread(const Flow& one, std::size_t count, std::uint64_t seed) {
  std::vector<Flow> flows(count, one);
  Flow unbroken = one;
  unbroken.pattern = {};
  unbroken.phase = Duration{0};
  const Duration turn = one.pattern.off > Duration{0} ? one.pattern.on + one.pattern.off
                                                      : departure(unbroken, one.sizes.size());
  const auto places = static_cast<std::uint64_t>(std::max(turn, Duration{1}).count());
  // The engine's own numbers: distributions differ between standard libraries.
  std::mt19937_64 random{seed};
  for (std::size_t i = 1; i < count; ++i) {
    flows[i].phase += Duration{static_cast<Duration::rep>(random() % places)};
  }
  return flows;
}

Schedule::Schedule(std::vector<Flow> flows, Duration end) : flows_{std::move(flows)}, end_{end} {
  for (std::size_t i = 0; i < flows_.size(); ++i) heads_.push({departure(flows_[i], 0), i, 0});
}

std::optional<Departure> Schedule::next() {
  if (heads_.empty()) return std::nullopt;
  const Head head = heads_.top();
  // The earliest of all: when it is too late, so are the others.
  if (end_ > Duration{0} && head.at >= end_) return std::nullopt;
  const Flow& flow = flows_[head.flow];
  heads_.pop();
  heads_.push({departure(flow, head.number + 1), head.flow, head.number + 1});
  return Departure{head.at, head.flow, flow.sizes[head.number % flow.sizes.size()]};
}

}  // namespace pianissimo::traffic
