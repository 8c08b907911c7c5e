#include "experiments/traffic/live_frames.hpp"

#include <bpf/libbpf.h>
#include <fmt/format.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <span>
#include <thread>

#include "experiments/traffic/dispatcher_seat.hpp"
#include "experiments/traffic/interface_counters.hpp"
#include "experiments/traffic/internet_frame.hpp"
#include "experiments/traffic/live_frames.h"
#include "experiments/traffic/live_frames.skel.h"
#include "experiments/traffic/live_plan.hpp"
#include "experiments/traffic/live_run.hpp"
#include "experiments/traffic/pace.hpp"

namespace pianissimo::traffic {
namespace {

struct CloseSkeleton {
  void operator()(live_frames_bpf* skeleton) const { live_frames_bpf__destroy(skeleton); }
};
using Skeleton = std::unique_ptr<live_frames_bpf, CloseSkeleton>;

class Planes {
 public:
  Planes(int map, std::size_t cpus)
      : bytes_{cpus * sizeof(live_frames_plane)},
        data_{mmap(nullptr, bytes_, PROT_READ | PROT_WRITE, MAP_SHARED, map, 0)} {}
  ~Planes() {
    if (is_mapped()) munmap(data_, bytes_);
  }
  Planes(const Planes&) = delete;
  Planes& operator=(const Planes&) = delete;

  bool is_mapped() const { return data_ != MAP_FAILED; }
  std::span<live_frames_plane> get() const {
    return {static_cast<live_frames_plane*>(data_), bytes_ / sizeof(live_frames_plane)};
  }

 private:
  std::size_t bytes_;
  void* data_;
};

Ends ends_of(const LivePlan& plan) {
  return {.destination_station = plan.destination,
          .source = plan.udp->source,
          .destination = plan.udp->destination};
}

// Of zeros; the program fills in the destination port, the lengths and the checksums.
std::vector<std::uint8_t> udp_frame(const LivePlan& plan, std::uint32_t bytes) {
  std::vector<std::uint8_t> frame = internet_frame(ends_of(plan), IPPROTO_UDP, bytes);
  put16(frame, ethernet_bytes + ip_bytes(plan.udp->destination.is_ipv6), plan.udp->source_port);
  return frame;
}

std::vector<std::uint8_t> frame_for(const LivePlan& plan) {
  const std::uint32_t bytes = std::ranges::max(plan.sizes);
  if (plan.udp) return udp_frame(plan, bytes);
  std::vector<std::uint8_t> frame(bytes);
  std::ranges::copy(plan.destination.octets, frame.begin());
  // IEEE 802's local experimental EtherType 1: no protocol handler takes it.
  frame[12] = 0x88;
  frame[13] = 0xb5;
  return frame;
}

void fill(live_frames_bpf& skeleton, const LivePlan& plan, unsigned interface) {
  skeleton.rodata->interface = interface;
  skeleton.rodata->source_count = static_cast<std::uint32_t>(plan.sources.size());
  skeleton.rodata->size_count = static_cast<std::uint32_t>(plan.sizes.size());
  std::ranges::copy(plan.sizes, skeleton.rodata->sizes);
  for (std::size_t i = 0; i < plan.sources.size(); ++i) {
    std::ranges::copy(plan.sources[i].octets, skeleton.rodata->sources[i]);
  }
  if (!plan.udp) return;
  const Ends ends = ends_of(plan);
  skeleton.rodata->port_count = plan.udp->ports;
  skeleton.rodata->first_port = plan.udp->port;
  skeleton.rodata->is_ipv6 = plan.udp->destination.is_ipv6;
  skeleton.rodata->udp_sum = pseudo_header_sum(ends, IPPROTO_UDP) + plan.udp->source_port;
  if (ends.destination.is_ipv6) return;  // its header has no checksum
  // What an IPv4 header sums up to without its length and its checksum.
  auto header = internet_frame(ends, IPPROTO_UDP, ethernet_bytes + ip_bytes(false));
  put16(header, ethernet_bytes + 2, 0);
  put16(header, ethernet_bytes + 10, 0);
  skeleton.rodata->ip_sum = checksum_words(std::span{header}.subspan(ethernet_bytes));
}

Result<void> check_cpus(const LivePlan& plan) {
  for (const unsigned cpu : plan.cpus) {
    if (auto checked = check_cpu(cpu); !checked) return checked;
  }
  return {};
}

}  // namespace

struct LiveFrames::Loaded {
  LivePlan plan;
  Skeleton skeleton;
  int program;
  std::unique_ptr<Planes> planes;
  DispatcherSeat seat;
  std::vector<std::uint8_t> frame;

  int send_share(std::size_t thread, std::uint64_t frames, Duration duration, const Pace& pace,
                 const std::atomic<bool>& over) const;
  void forget_counts() const;
  LiveReport report() const;
};

Result<LiveFrames> LiveFrames::open(const LivePlan& plan) {
  if (const auto checked = check(plan); !checked) return checked.error();
  if (const auto checked = check_cpus(plan); !checked) return checked.error();
  const QuietLibbpf quiet;
  const unsigned interface = if_nametoindex(plan.interface.c_str());
  if (interface == 0) return system_error(plan.interface, errno);
  if (const auto counters = read_counters(plan.interface); !counters) return counters.error();

  Skeleton skeleton{live_frames_bpf__open()};
  if (!skeleton) return system_error("BPF program for live frames", errno);
  const int cpus = libbpf_num_possible_cpus();
  if (cpus < 0) return system_error("possible CPUs", -cpus);
  bpf_map__set_max_entries(skeleton->maps.planes, static_cast<std::uint32_t>(cpus));
  fill(*skeleton, plan, interface);
  if (const int failed = live_frames_bpf__load(skeleton.get()); failed < 0) {
    return system_error("BPF program for live frames (needs CAP_BPF and CAP_NET_ADMIN)", -failed);
  }
  const int program = bpf_program__fd(skeleton->progs.live_frames);
  auto planes =
      std::make_unique<Planes>(bpf_map__fd(skeleton->maps.planes), static_cast<std::size_t>(cpus));
  if (!planes->is_mapped()) return system_error("counters of the live frames", errno);
  auto seat = DispatcherSeat::take(program);
  if (!seat) return seat.error();
  return LiveFrames{std::make_unique<Loaded>(Loaded{.plan = plan,
                                                    .skeleton = std::move(skeleton),
                                                    .program = program,
                                                    .planes = std::move(planes),
                                                    .seat = std::move(*seat),
                                                    .frame = frame_for(plan)})};
}

LiveFrames::LiveFrames(std::unique_ptr<Loaded> loaded) : loaded_{std::move(loaded)} {}
LiveFrames::LiveFrames(LiveFrames&&) noexcept = default;
LiveFrames& LiveFrames::operator=(LiveFrames&&) noexcept = default;
LiveFrames::~LiveFrames() = default;

// Runs in a thread of its own; errno, or 0.
int LiveFrames::Loaded::send_share(std::size_t thread, std::uint64_t frames, Duration duration,
                                   const Pace& pace, const std::atomic<bool>& over) const {
  if (const int failed = settle_on(plan.cpus[thread])) return failed;
  const Share share = share_of(plan, thread, frames);
  std::uint64_t sent = 0;
  while (!over && (frames == 0 || sent < share.frames)) {
    const Duration due =
        next_on(plan.pattern, std::max(pace.elapsed(), chunk_departure(plan, share, sent)));
    if (duration > Duration{0} && due >= duration) break;
    if (!pace.wait_until(due)) break;
    const std::uint64_t count =
        frames == 0 ? share.chunk : std::min<std::uint64_t>(share.chunk, share.frames - sent);
    if (const int failed = run_live(program, frame, count)) return failed;
    sent += count;
  }
  return 0;
}

void LiveFrames::Loaded::forget_counts() const {
  for (live_frames_plane& plane : planes->get()) plane = {};
}

LiveReport LiveFrames::Loaded::report() const {
  LiveReport report;
  for (std::size_t i = 0; i < plan.sources.size(); ++i) {
    Amount sent;
    for (const live_frames_plane& plane : planes->get()) {
      sent += {plane.sent[i].packets, plane.sent[i].bytes};
    }
    report.sources.push_back({plan.sources[i], sent});
    report.sent += sent;
  }
  return report;
}

Result<LiveReport> LiveFrames::run(std::uint64_t frames, Duration duration,
                                   const std::atomic<bool>& stop) {
  const LivePlan& plan = loaded_->plan;
  const auto before = read_counters(plan.interface);
  if (!before) return before.error();
  loaded_->forget_counts();
  std::vector<int> failed(plan.cpus.size());
  std::atomic<bool> over{false};  // one of them has failed
  const Pace pace{stop};
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < plan.cpus.size(); ++i) {
    threads.emplace_back([&, i] {
      failed[i] = loaded_->send_share(i, frames, duration, pace, over);
      if (failed[i] != 0) over = true;
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const int error_number : failed) {
    if (error_number != 0) return cannot_run(error_number);
  }

  // A duration that ends with silence lasts as long as it says.
  if (frames == 0) pace.wait_until(duration);
  LiveReport report = loaded_->report();
  report.elapsed = pace.elapsed();
  const auto after = counters_after(plan.interface, *before, report.sent.packets);
  if (!after) return after.error();
  report.transmitted = after->transmitted - before->transmitted;
  report.dropped = after->dropped - before->dropped;
  if (report.sent.packets > 0 && report.transmitted == 0 && report.dropped == 0) {
    return Error{fmt::format("{}: took none of {} frames (a veth takes them while its peer is up "
                             "and has an XDP program, or GRO: ethtool -K PEER gro on)",
                             plan.interface, report.sent.packets),
                 ExitStatus::unavailable};
  }
  return report;
}

}  // namespace pianissimo::traffic
