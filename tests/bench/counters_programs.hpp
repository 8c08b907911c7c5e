// The programs of counters.bpf.c, loaded, with stations in their tables.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "bpf/flow_records.h"
#include "bpf/ledger.hpp"
#include "controller/core/identity.hpp"
#include "tests/bench/counters.skel.h"

namespace pianissimo::bench {

/// `count` different unicast addresses in random order, the same each time.
std::vector<MacAddress> random_stations(std::size_t count);

/// Ends the program with a message when something cannot be had.
class Programs {
 public:
  Programs();
  ~Programs();
  Programs(const Programs&) = delete;
  Programs& operator=(const Programs&) = delete;

  const counters_bpf& get() const { return *skeleton_; }
  counters_bpf& get() { return *skeleton_; }

  /// Puts these, a power of two, into our table, into the hash maps and into the random order.
  void set_stations(std::span<const MacAddress> stations);

  const bpf::Ledger& ledger() const { return *ledger_; }

  /// All stations' counts with BPF_MAP_LOOKUP_BATCH, summed over the CPUs.
  std::uint64_t read_percpu_hash();

 private:
  counters_bpf* skeleton_;
  std::vector<std::uint64_t> keys_;
  std::vector<station_count> values_;  ///< one per CPU and station
  std::unique_ptr<bpf::Ledger> ledger_;
};

/// "counters_bench: text: Operation not permitted", and the end.
[[noreturn]] void die(const char* text, int error_number);

}  // namespace pianissimo::bench
