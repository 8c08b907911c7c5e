#include <bpf/bpf.h>
#include <linux/if_link.h>
#include <net/if.h>

#include <unistd.h>

#include <array>
#include <cerrno>

#include "experiments/traffic/live_frames.hpp"
#include "tests/bench/counters_namespace.hpp"
#include "tests/bench/counters_veth.hpp"

namespace pianissimo::bench {
namespace {

constexpr std::uint64_t frames_per_round = 2'000'000;

class Receiver {
 public:
  Receiver(const char* interface, int program) {
    bpf_link_create_opts options{};
    options.sz = sizeof options;
    options.flags = XDP_FLAGS_DRV_MODE;
    link_ =
        bpf_link_create(program, static_cast<int>(if_nametoindex(interface)), BPF_XDP, &options);
    if (link_ < 0) die("native XDP on a veth", -link_);
  }
  ~Receiver() { close(link_); }
  Receiver(const Receiver&) = delete;
  Receiver& operator=(const Receiver&) = delete;

  void use(int program) const {
    if (const int failed = bpf_link_update(link_, program, nullptr); failed < 0) {
      die("another program on a veth", -failed);
    }
  }

 private:
  int link_;
};

double ns_per_frame(traffic::LiveFrames& generator) {
  const std::atomic<bool> never{false};
  const auto report = generator.run(frames_per_round, Duration{0}, never);
  if (!report) die(report.error().message.c_str(), EIO);
  return static_cast<double>(report->elapsed.count()) / static_cast<double>(frames_per_round);
}

std::vector<LiveRate> measure(Programs& programs, std::size_t stations, int rounds) {
  const auto& all = programs.get().progs;
  const std::array receivers{std::pair{"no counting", all.drop},
                             std::pair{"ours", all.count_and_drop},
                             std::pair{"PERCPU_HASH", all.percpu_hash_and_drop},
                             std::pair{"HASH + atomics", all.shared_hash_and_drop}};
  auto generator =
      traffic::LiveFrames::open({.interface = "va", .sources = random_stations(stations)});
  if (!generator) die(generator.error().message.c_str(), EIO);
  const Receiver receiver{"vb", bpf_program__fd(all.drop)};
  std::array<std::vector<double>, receivers.size()> ns;
  std::array<std::vector<double>, receivers.size()> more;
  for (int round = 0; round < rounds; ++round) {
    for (std::size_t i = 0; i < receivers.size(); ++i) {
      receiver.use(bpf_program__fd(receivers[i].second));
      ns[i].push_back(ns_per_frame(*generator));
      more[i].push_back(ns[i].back() - ns[0].back());
    }
  }
  std::vector<LiveRate> rates;
  for (std::size_t i = 0; i < receivers.size(); ++i) {
    const Sample one = sample_of(ns[i]);
    rates.push_back({receivers[i].first, stations, 1000 / one.median, 1000 / one.least,
                     sample_of(more[i]).median});
  }
  return rates;
}

}  // namespace

std::vector<LiveRate> measure_live(Programs& programs, std::size_t stations, int rounds) {
  const Namespace here;
  here.shell("ip link add va type veth peer name vb && ip link set va up && ip link set vb up");
  std::vector<LiveRate> rates;
  here.run([&] { rates = measure(programs, stations, rounds); });
  return rates;
}

}  // namespace pianissimo::bench
