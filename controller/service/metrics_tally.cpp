#include "controller/service/metrics_tally.hpp"

#include <utility>

namespace pianissimo::service {
namespace {

// Interfaces may come under one name after the other. What is counted once is told for ever, so
// there is an end to it.
constexpr std::size_t most_interfaces = 64;
const std::string all_others = "other";

}  // namespace

InterfaceCounts& MetricsTally::of(const std::string& interface) {
  const auto known = interfaces_.find(interface);
  if (known != interfaces_.end()) return known->second;
  return interfaces_[interfaces_.size() < most_interfaces ? interface : all_others];
}

void MetricsTally::decided(const std::string& interface, const Decision& decision,
                           std::int64_t wall_ms) {
  InterfaceCounts& counts = of(interface);
  ++counts.decisions.at(static_cast<std::size_t>(decision.reason));
  counts.last_decision_ms = wall_ms;
  if (const auto verdict = verdict_of(decision.reason)) {
    ++counts.verdicts.at(static_cast<std::size_t>(*verdict));
  }
  const Mark mark = mark_of(decision.reason);
  if (mark == Mark::visit_passed) ++counts.visits[0];
  if (mark == Mark::visit_failed) ++counts.visits[1];
  if (mark == Mark::visit_undecided) ++counts.visits[2];
  if (decision.reason == Reason::knob_retest) counts.is_knob_dead = false;
  if (decision.reason == Reason::knob_dead) {
    counts.is_knob_dead = true;
    fell_back(interface, Fallback::knob_dead);
  }
}

void MetricsTally::answered(const std::string& interface, const PowerResult& result,
                            std::optional<Dbm> before) {
  InterfaceCounts& counts = of(interface);
  if (result.answer != PowerAnswer::accepted) {
    // The words are in the order of the answers, but for "clamped".
    ++counts.commands.at(static_cast<std::size_t>(result.answer) + 1);
    return;
  }
  const Dbm now = result.read_back.value_or(result.asked);
  ++counts.commands[now == result.asked ? 0 : 1];
  if (before && now > *before) ++counts.changes[0];
  if (before && now < *before) ++counts.changes[1];
}

void MetricsTally::fell_back(const std::string& interface, Fallback why) {
  ++of(interface).fallbacks.at(static_cast<std::size_t>(why));
}

void MetricsTally::others_set(const std::string& interface, bool is_lower) {
  ++of(interface).set_by_others[is_lower ? 0 : 1];
}

void MetricsTally::failed(Operation operation, Trouble trouble) {
  ++errors_.at(static_cast<std::size_t>(operation)).at(static_cast<std::size_t>(trouble));
}

void MetricsTally::failed(PowerAnswer answer) {
  // The troubles are in the order of the answers, and "failed" stands for the one that is none.
  if (answer != PowerAnswer::accepted) {
    failed(Operation::set_power, static_cast<Trouble>(answer));
  }
}

bool MetricsTally::is_knob_dead(const std::string& interface) const {
  const auto known = interfaces_.find(interface);
  return known != interfaces_.end() && known->second.is_knob_dead;
}

void MetricsTally::begins_anew(std::uint64_t journal_bytes, std::uint64_t journal_lost) {
  journal_bytes_ += journal_bytes;
  journal_lost_ += journal_lost;
  for (auto& [interface, counts] : interfaces_) counts.is_knob_dead = false;
}

void MetricsTally::fill(MetricsSnapshot& snapshot) const {
  snapshot.counts = interfaces_;
  snapshot.netlink_errors = errors_;
  snapshot.ticks = ticks_;
  snapshot.journal_bytes += journal_bytes_;
  snapshot.journal_lost += journal_lost_;
}

void ActiveStations::look(const Controller& controller, Instant now, const LoadParams& params) {
  const Duration interval = now - looked_.value_or(now);
  looked_ = now;
  const std::map<Seat, StationTotals> before = std::exchange(before_, {});
  active_.clear();
  for (const auto& [index, interface] : controller.interfaces()) {
    for (const auto& [mac, model] : interface.stations) {
      const Seat seat{index, mac};
      before_[seat] = model.totals();
      const auto known = before.find(seat);
      if (known == before.end()) continue;
      const auto load = load_between(known->second, model.totals(), interval,
                                     model.expected_throughput(), params);
      if (load && load->kind != LoadClass::idle) ++active_[index];
    }
  }
}

std::size_t ActiveStations::of(InterfaceIndex interface) const {
  const auto known = active_.find(interface);
  return known == active_.end() ? 0 : known->second;
}

}  // namespace pianissimo::service
