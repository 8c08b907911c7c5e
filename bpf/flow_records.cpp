#include "bpf/flow_records.hpp"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include <cerrno>
#include <chrono>
#include <map>
#include <utility>

#include "bpf/flow_records.skel.h"
#include "bpf/hooks.hpp"
#include "bpf/ledger.hpp"
#include "bpf/libbpf.hpp"

namespace pianissimo::bpf {
namespace {

struct Destroy {
  void operator()(flow_records_bpf* programs) const { flow_records_bpf::destroy(programs); }
};
using Programs = std::unique_ptr<flow_records_bpf, Destroy>;

struct Hooks {
  Hook ingress;
  Hook egress;
  bool is_attached() const { return ingress.is_attached() && egress.is_attached(); }
};

Instant instant(std::uint64_t monotonic_ns) {
  return Instant{std::chrono::nanoseconds{static_cast<std::int64_t>(monotonic_ns)}};
}

flow_sum settled(const flow_sum& sum) {
  const auto load = [](const __u64& number) {
    return load_settled([&] { return static_cast<const volatile __u64&>(number); });
  };
  return {load(sum.packets), load(sum.bytes)};
}

Error cannot_load(int number) {
  Error error = failure("flow records", "BPF programs", number);
  if (const std::string words = take_libbpf_words(); !words.empty()) error.message += ": " + words;
  return error;
}

}  // namespace

struct FlowRecords::Parts {
  int map_of(std::uint64_t turn) const {
    return bpf_map__fd(turn % 2 != 0 ? programs->maps.flows_odd : programs->maps.flows_even);
  }

  Programs programs;
  bool is_begun = false;         ///< something was taken of this turn
  std::optional<flow_key> next;  ///< to be taken
  // Last, so that nothing records any more when the rest goes.
  std::map<InterfaceIndex, Hooks> hooks;
};

FlowRecords::FlowRecords(std::unique_ptr<Parts> parts) : parts_{std::move(parts)} {}
FlowRecords::~FlowRecords() = default;
FlowRecords::FlowRecords(FlowRecords&&) noexcept = default;
FlowRecords& FlowRecords::operator=(FlowRecords&&) noexcept = default;

Result<FlowRecords> FlowRecords::load(std::uint32_t most) {
  quiet_libbpf();
  take_libbpf_words();
#ifdef __mips__
  // Caches with aliases may hide the turn from the programs.
  return failure("flow records", "BPF programs: not tested on MIPS", EOPNOTSUPP);
#endif
  Programs programs{flow_records_bpf::open()};
  if (!programs) return cannot_load(errno);
  bpf_map__set_max_entries(programs->maps.flows_even, most);
  bpf_map__set_max_entries(programs->maps.flows_odd, most);
  if (const int error = flow_records_bpf::load(programs.get()); error != 0)
    return cannot_load(-error);
  if ((bpf_map__map_flags(programs->maps.bss) & BPF_F_MMAPABLE) == 0)
    return failure("flow records", "BPF maps in memory (needs Linux 5.5)", EOPNOTSUPP);
  auto parts = std::make_unique<Parts>();
  parts->programs = std::move(programs);
  return FlowRecords{std::move(parts)};
}

Result<void> FlowRecords::attach(InterfaceIndex interface, std::vector<std::string>& warnings) {
  const auto device = find_device(interface);
  if (!device) return device.error();
  parts_->hooks.erase(interface);  // half of it may still be there
  const auto& programs = parts_->programs->progs;
  auto ingress = attach_tc(*device, Direction::ingress, bpf_program__fd(programs.pianissimo_fin),
                           warnings, Purpose::flows);
  if (!ingress) return ingress.error();
  auto egress = attach_tc(*device, Direction::egress, bpf_program__fd(programs.pianissimo_fout),
                          warnings, Purpose::flows);
  if (!egress) return egress.error();
  parts_->hooks.insert_or_assign(interface, Hooks{std::move(*ingress), std::move(*egress)});
  return {};
}

void FlowRecords::detach(InterfaceIndex interface) { parts_->hooks.erase(interface); }

bool FlowRecords::is_attached(InterfaceIndex interface) const {
  const auto hooks = parts_->hooks.find(interface);
  return hooks != parts_->hooks.end() && hooks->second.is_attached();
}

std::vector<InterfaceIndex> FlowRecords::interfaces() const {
  std::vector<InterfaceIndex> all;
  for (const auto& [interface, hooks] : parts_->hooks) all.push_back(interface);
  return all;
}

void FlowRecords::turn() {
  auto& turn = static_cast<volatile __u64&>(parts_->programs->bss->flow_turn);
  turn = turn + 1;
  parts_->is_begun = false;
}

// Nobody writes to this map before the next turn, so that its order stays.
std::optional<Flow> FlowRecords::take() {
  const int map = parts_->map_of(parts_->programs->bss->flow_turn - 1);
  const auto go_on = [&](const flow_key* key) {
    flow_key next{};
    const bool is_there = bpf_map_get_next_key(map, key, &next) == 0;
    parts_->next = is_there ? std::optional{next} : std::nullopt;
  };
  if (!std::exchange(parts_->is_begun, true)) go_on(nullptr);
  while (parts_->next) {
    const flow_key key = *parts_->next;
    go_on(&key);  // while it is still there
    flow_count count{};
    if (bpf_map_lookup_elem(map, &key, &count) != 0) continue;
    bpf_map_delete_elem(map, &key);
    return Flow{key, count.packets, count.bytes, instant(count.first), instant(count.last)};
  }
  return std::nullopt;
}

Unrecorded FlowRecords::unrecorded() const {
  const auto& bss = *parts_->programs->bss;
  return {settled(bss.no_room), settled(bss.no_ip)};
}

}  // namespace pianissimo::bpf
