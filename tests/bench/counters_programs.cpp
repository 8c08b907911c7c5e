#include "tests/bench/counters_programs.hpp"

#include <bpf/bpf.h>
#include <linux/membarrier.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <random>
#include <set>

#include "bpf/station_table.hpp"

namespace pianissimo::bench {
namespace {

std::size_t possible_cpus() {
  const int cpus = libbpf_num_possible_cpus();
  if (cpus < 0) die("possible CPUs", -cpus);
  return static_cast<std::size_t>(cpus);
}

// Every program of the bench has ended when none runs in a test run, and they run in this thread.
void wait_for_readers() { syscall(SYS_membarrier, MEMBARRIER_CMD_GLOBAL, 0, 0); }

}  // namespace

void die(const char* text, int error_number) {
  std::fprintf(stderr, "counters_bench: %s: %s\n", text, std::strerror(error_number));
  std::exit(error_number == EPERM ? 77 : 71);  // sysexits(3): EX_NOPERM, EX_OSERR
}

std::vector<MacAddress> random_stations(std::size_t count) {
  std::mt19937_64 random{1};
  std::set<MacAddress> known;
  std::vector<MacAddress> stations;
  while (stations.size() < count) {
    MacAddress station;
    for (auto& octet : station.octets) octet = static_cast<std::uint8_t>(random());
    station.octets[0] = static_cast<std::uint8_t>((station.octets[0] & 0xfc) | 2);
    if (known.insert(station).second) stations.push_back(station);
  }
  return stations;
}

Programs::Programs() : skeleton_{counters_bpf__open()} {
  if (skeleton_ == nullptr) die("counters.bpf.c", errno);
  const std::size_t cpus = possible_cpus();
  bpf_map__set_max_entries(skeleton_->maps.planes, static_cast<std::uint32_t>(cpus));
  for (bpf_map* const flows : {skeleton_->maps.flows_even, skeleton_->maps.flows_odd}) {
    bpf_map__set_max_entries(flows, 4096);  // the default of traffic.flows.most
  }
  if (const int failed = counters_bpf__load(skeleton_); failed < 0) die("counters.bpf.c", -failed);
  void* const planes = mmap(nullptr, cpus * sizeof(station_plane), PROT_READ, MAP_SHARED,
                            bpf_map__fd(skeleton_->maps.planes), 0);
  if (planes == MAP_FAILED) die("planes", errno);
  ledger_ = std::make_unique<bpf::Ledger>(
      skeleton_->bss->stations, std::span{static_cast<const station_plane*>(planes), cpus}, 1,
      wait_for_readers);
}

Programs::~Programs() { counters_bpf__destroy(skeleton_); }

void Programs::set_stations(std::span<const MacAddress> stations) {
  if (const auto set = ledger_->set_stations(stations); !set) {
    die(set.error().message.c_str(), set.error().error);
  }
  const std::size_t cpus = possible_cpus();
  const int maps[] = {bpf_map__fd(skeleton_->maps.percpu_hash),
                      bpf_map__fd(skeleton_->maps.shared_hash)};
  for (const std::uint64_t key : keys_) {
    for (const int map : maps) bpf_map_delete_elem(map, &key);
  }
  keys_.clear();
  values_.assign(cpus * stations.size(), station_count{});
  for (std::size_t i = 0; i < stations.size(); ++i) {
    keys_.push_back(bpf::station_key(stations[i]));
    for (const int map : maps) {
      if (bpf_map_update_elem(map, &keys_.back(), values_.data(), BPF_ANY) < 0) die("map", errno);
    }
    // The destination is an access point's, and no station's.
    std::ranges::copy(stations[i].octets, skeleton_->bss->headers[i] + 6);
  }
  skeleton_->bss->station_mask = static_cast<std::uint32_t>(stations.size() - 1);
}

std::uint64_t Programs::read_percpu_hash() {
  std::uint32_t next = 0;
  std::uint64_t sum = 0;
  auto count = static_cast<std::uint32_t>(keys_.size());
  const int failed = bpf_map_lookup_batch(bpf_map__fd(skeleton_->maps.percpu_hash), nullptr, &next,
                                          keys_.data(), values_.data(), &count, nullptr);
  // ENOENT: that was all.
  if ((failed < 0 && failed != -ENOENT) || count != keys_.size()) die("lookup batch", -failed);
  for (const station_count& value : values_) sum += value.packets + value.bytes;
  return sum;
}

}  // namespace pianissimo::bench
