// Nanoseconds per run, by BPF_PROG_TEST_RUN.
#pragma once

#include <string>
#include <vector>

#include "tests/bench/counters_programs.hpp"
#include "tests/bench/counters_sample.hpp"

namespace pianissimo::bench {

struct Effort {
  int rounds = 41;
  int repeat = 1'000'000;  ///< runs per round
};

/// One program beside the one that only passes.
struct Comparison {
  std::string name;  ///< "xdp", "tc ingress"
  std::size_t stations = 0;
  bool is_random = false;  ///< another station each run, in random order
  Sample floor;            ///< ns
  Sample cost;             ///< ns
  double least_ratio() const { return cost.least / floor.least; }
  double median_ratio() const { return cost.median / floor.median; }
};

/// What one count more costs: of a program with sixteen of them, in random order.
struct Marginal {
  std::string name;
  std::size_t stations = 0;
  Sample cost;  ///< ns
};

struct Poll {
  std::size_t stations = 0;
  Sample ours;         ///< us
  Sample percpu_hash;  ///< us, BPF_MAP_LOOKUP_BATCH
};

/// With as many stations as the programs have at the moment.
std::vector<Comparison> compare_programs(Programs& programs, std::size_t stations, Effort effort);
std::vector<Marginal> measure_marginal(Programs& programs, std::size_t stations, Effort effort);
Poll measure_poll(Programs& programs, std::size_t stations, int rounds);

}  // namespace pianissimo::bench
