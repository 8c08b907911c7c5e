#include "tests/bench/counters_test_run.hpp"

#include <bpf/bpf.h>
#include <time.h>

#include <array>
#include <cerrno>
#include <optional>

#include "experiments/traffic/dispatcher_seat.hpp"

namespace pianissimo::bench {
namespace {

constexpr std::uint32_t frame_bytes = 60;
constexpr int counts_per_run = 16;

double thread_cpu_ns() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) * 1e9 + static_cast<double>(time.tv_nsec);
}

using Frame = std::array<std::uint8_t, frame_bytes>;

Frame frame_between(const MacAddress& destination, const MacAddress& source) {
  Frame frame{};
  std::ranges::copy(destination.octets, frame.begin());
  std::ranges::copy(source.octets, frame.begin() + 6);
  // IPv4 and UDP, for those who look that far.
  frame[12] = 0x08;
  frame[14] = 0x45;
  frame[17] = frame_bytes - 14;
  frame[23] = 17;
  return frame;
}

// Thread CPU time around the system call: the kernel's own figure is a whole number.
double ns_per_run(int program, const Frame& frame, int repeat) {
  bpf_test_run_opts options{};
  options.sz = sizeof options;
  options.data_in = frame.data();
  options.data_size_in = frame_bytes;
  options.repeat = repeat;
  const double before = thread_cpu_ns();
  if (const int failed = bpf_prog_test_run_opts(program, &options); failed < 0) {
    die("BPF_PROG_TEST_RUN", -failed);
  }
  return (thread_cpu_ns() - before) / repeat;
}

struct Pair {
  Sample floor;
  Sample cost;
};

std::optional<traffic::DispatcherSeat> seat_of(const bpf_program* program) {
  // Only XDP programs are called through the dispatcher.
  if (bpf_program__type(program) != BPF_PROG_TYPE_XDP) return std::nullopt;
  auto seat = traffic::DispatcherSeat::take(bpf_program__fd(program));
  if (!seat) die(seat.error().message.c_str(), EPERM);
  return std::move(*seat);
}

// In turns, and in turns also who begins: what the machine does besides hits both. Only these two
// are in the XDP dispatcher, so that finding them takes the same time.
Pair measure(const bpf_program* floor, const bpf_program* candidate, const Frame& frame,
             Effort effort) {
  const auto floor_seat = seat_of(floor);
  const auto candidate_seat = seat_of(candidate);
  std::vector<double> floor_ns;
  std::vector<double> cost_ns;
  const auto run = [&](const bpf_program* program) {
    return ns_per_run(bpf_program__fd(program), frame, effort.repeat);
  };
  run(floor);
  run(candidate);
  for (int round = 0; round < effort.rounds; ++round) {
    if (round % 2 == 0) floor_ns.push_back(run(floor));
    cost_ns.push_back(run(candidate));
    if (round % 2 != 0) floor_ns.push_back(run(floor));
  }
  return {sample_of(std::move(floor_ns)), sample_of(std::move(cost_ns))};
}

const MacAddress access_point{{0x02, 0xaa, 0, 0, 0, 1}};

}  // namespace

std::vector<Comparison> compare_programs(Programs& programs, std::size_t stations, Effort effort) {
  const auto& all = programs.get().progs;
  const MacAddress station = random_stations(stations).front();
  const Frame from = frame_between(access_point, station);
  const Frame to = frame_between(station, access_point);
  struct Candidate {
    const char* name;
    const bpf_program* floor;
    const bpf_program* program;
    Frame frame;
    bool is_random;
  };
  std::vector<Candidate> candidates;
  // The same frame each time: how many others are in the table does not matter, 64 stand for all.
  if (stations <= 64) {
    candidates = {{"xdp", all.pass_xdp, all.pianissimo_xdp, from, false},
                  {"xdp.frags", all.pass_xdpf, all.pianissimo_xdpf, from, false},
                  {"tc ingress", all.pass_tc, all.pianissimo_in, from, false},
                  {"tc egress", all.pass_tc, all.pianissimo_out, to, false},
                  {"flow records, tc ingress", all.pass_tc, all.flow_in, from, false},
                  {"flow records, tc egress", all.pass_tc, all.flow_out, to, false},
                  {"PERCPU_HASH in xdp", all.pass_xdp, all.percpu_hash_xdp, from, false},
                  {"HASH + atomics in xdp", all.pass_xdp, all.shared_hash_xdp, from, false}};
  }
  if (stations > 1) {
    candidates.push_back({"xdp", all.random_pass_xdp, all.random_xdp, from, true});
    candidates.push_back({"tc ingress", all.random_pass_in, all.random_in, from, true});
    candidates.push_back({"tc egress", all.random_pass_out, all.random_out, to, true});
    candidates.push_back(
        {"flow records, tc ingress", all.random_pass_in, all.random_flow_in, from, true});
    candidates.push_back(
        {"flow records, tc egress", all.random_pass_out, all.random_flow_out, to, true});
  }
  std::vector<Comparison> comparisons;
  for (const Candidate& candidate : candidates) {
    const Pair pair = measure(candidate.floor, candidate.program, candidate.frame, effort);
    comparisons.push_back({candidate.name, stations, candidate.is_random, pair.floor, pair.cost});
  }
  return comparisons;
}

std::vector<Marginal> measure_marginal(Programs& programs, std::size_t stations, Effort effort) {
  const auto& all = programs.get().progs;
  const Frame frame = frame_between(access_point, random_stations(1).front());
  effort.repeat /= 4;
  std::vector<Marginal> marginal;
  for (const auto& [name, program] :
       {std::pair{"ours", all.sixteen_ours}, std::pair{"PERCPU_HASH", all.sixteen_percpu_hash},
        std::pair{"HASH + atomics", all.sixteen_shared_hash}}) {
    const Pair pair = measure(all.pass_xdp, program, frame, effort);
    const auto one = [](double sixteen, double floor) {
      return (sixteen - floor) / counts_per_run;
    };
    marginal.push_back({name,
                        stations,
                        {.least = one(pair.cost.least, pair.floor.least),
                         .median = one(pair.cost.median, pair.floor.median)}});
  }
  return marginal;
}

Poll measure_poll(Programs& programs, std::size_t stations, int rounds) {
  constexpr int reads = 1000;
  constexpr int batches = 50;
  bpf::Counts counts;
  std::vector<double> ours;
  std::vector<double> percpu_hash;
  std::uint64_t sum = 0;
  for (int round = 0; round < rounds; ++round) {
    const double begin = thread_cpu_ns();
    for (int i = 0; i < reads; ++i) {
      programs.ledger().read(counts);
      sum += counts.stations.back().from_station.packets;
    }
    const double between = thread_cpu_ns();
    for (int i = 0; i < batches; ++i) sum += programs.read_percpu_hash();
    ours.push_back((between - begin) / reads / 1000);
    percpu_hash.push_back((thread_cpu_ns() - between) / batches / 1000);
  }
  // Both have counted in this run, so this is not 0, and what was read is used.
  if (sum == 0) die("nothing was counted", EINVAL);
  return {stations, sample_of(std::move(ours)), sample_of(std::move(percpu_hash))};
}

}  // namespace pianissimo::bench
