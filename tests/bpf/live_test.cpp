// Millions of frames from many stations on two CPUs at once: each of them is counted, once, for the
// station that sent it.
#include <bpf/bpf.h>
#include <gmock/gmock.h>
#include <linux/if_link.h>
#include <linux/membarrier.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <map>
#include <random>
#include <thread>

#include "bpf/ledger.hpp"
#include "bpf/station_counters.hpp"
#include "bpf/station_counters.skel.h"
#include "experiments/traffic/live_frames.hpp"
#include "tests/bpf/random_stations.hpp"
#include "tests/bpf/sandbox.hpp"

namespace pianissimo::bpf {
namespace {

#ifdef NDEBUG
constexpr std::uint64_t frames = 4'000'000;
#else
constexpr std::uint64_t frames = 400'000;
#endif
const std::vector<std::uint32_t> two_sizes{60, 1514};
const std::atomic<bool> never{false};

using CountOf = std::map<MacAddress, Count>;

CountOf& operator+=(CountOf& sum, const traffic::LiveReport& report) {
  for (const auto& [source, sent] : report.sources) {
    sum[source].packets += sent.packets;
    sum[source].bytes += sent.bytes;
  }
  return sum;
}

Count total(const CountOf& counts) {
  Count sum;
  for (const auto& [station, count] : counts) {
    sum.packets += count.packets;
    sum.bytes += count.bytes;
  }
  return sum;
}

/// Two, where there are two.
std::vector<unsigned> cpus() {
  cpu_set_t allowed;
  sched_getaffinity(0, sizeof allowed, &allowed);
  std::vector<unsigned> found;
  for (unsigned cpu = 0; cpu < CPU_SETSIZE && found.size() < 2; ++cpu) {
    if (CPU_ISSET(cpu, &allowed)) found.push_back(cpu);
  }
  return found;
}

/// A veth with a queue for each CPU, so that they do not share a ring: the generator sends 64
/// frames and takes them at the other end before it sends more, and a ring has 256 places.
class LiveTest : public SandboxTest {
 protected:
  void SetUp() override {
    SandboxTest::SetUp();
    if (IsSkipped() || HasFatalFailure()) return;
    run("ip link add va numrxqueues 2 numtxqueues 2 type veth"
        " peer name vb numrxqueues 2 numtxqueues 2");
    run("ip link set va up && ip link set vb up");
  }

  static traffic::LiveFrames generator(const std::vector<MacAddress>& sources) {
    auto opened = traffic::LiveFrames::open(
        {.interface = "va", .sources = sources, .sizes = two_sizes, .cpus = cpus()});
    if (!opened) throw std::runtime_error{opened.error().message};
    return std::move(*opened);
  }

  /// Frames that the veth's ring had no place for were sent, and not counted; none, as a rule.
  traffic::LiveReport send(traffic::LiveFrames& from, std::uint64_t count) {
    const auto report = from.run(count, Duration{0}, never);
    if (!report) throw std::runtime_error{report.error().message};
    dropped += report->dropped;
    EXPECT_EQ(report->sent.packets, count);
    return *report;
  }

  /// Whatever was sent to each, packets and bytes. Which frames a ring dropped nobody knows, so
  /// then only their number is held against the counts.
  void expect_counted(const CountOf& counted, const CountOf& sent) const {
    EXPECT_EQ(total(counted).packets + dropped, total(sent).packets);
    for (const auto& [station, count] : sent) {
      const auto found = counted.find(station);
      ASSERT_NE(found, counted.end()) << to_string(station);
      if (dropped == 0) {
        EXPECT_EQ(found->second, count) << to_string(station);
      } else {
        EXPECT_LE(found->second.packets, count.packets) << to_string(station);
        EXPECT_LE(found->second.bytes, count.bytes) << to_string(station);
      }
    }
  }

  void TearDown() override { RecordProperty("dropped_by_the_ring", std::to_string(dropped)); }

  std::uint64_t dropped = 0;
};

class LiveStations : public LiveTest, public testing::WithParamInterface<std::size_t> {};

TEST_P(LiveStations, AreCountedToThePacketAndByte) {
  const auto stations = RandomStations{1}.take(GetParam());
  auto counters = StationCounters::attach(index_of("vb"), Attach::native);
  ASSERT_TRUE(counters) << counters.error().message;
  ASSERT_TRUE(counters->set_stations(stations));
  auto frames_of_all = generator(stations);

  CountOf sent;
  sent += send(frames_of_all, frames);

  Counts counts;
  const auto all_have_arrived = [&] {
    counters->read(counts);
    std::uint64_t arrived = counts.others.unknown_in.packets;
    for (const StationCount& station : counts.stations) arrived += station.from_station.packets;
    return arrived + dropped == frames;
  };
  EXPECT_TRUE(eventually(all_have_arrived));
  CountOf counted;
  for (const StationCount& station : counts.stations) {
    counted[station.station] = station.from_station;
    EXPECT_EQ(station.to_station, Count{}) << to_string(station.station);
  }
  expect_counted(counted, sent);
  EXPECT_EQ(counts.others, Others{}) << "misfiled";
}

INSTANTIATE_TEST_SUITE_P(Numbers, LiveStations, testing::Values(1, 64, 1024),
                         testing::PrintToStringParamName());

/// The programs and their memory without StationCounters in between: only all slots together tell
/// what became of the frames of a station that has left.
class Kernel {
 public:
  explicit Kernel(InterfaceIndex interface) : skeleton_{station_counters_bpf__open()} {
    const auto cpus = static_cast<std::uint32_t>(libbpf_num_possible_cpus());
    bpf_map__set_max_entries(skeleton_->maps.planes, cpus);
    if (station_counters_bpf__load(skeleton_) < 0) throw std::runtime_error{"load"};
    void* const memory = mmap(nullptr, cpus * sizeof(station_plane), PROT_READ, MAP_SHARED,
                              bpf_map__fd(skeleton_->maps.planes), 0);
    if (memory == MAP_FAILED) throw std::runtime_error{"mmap"};
    planes_ = {static_cast<const station_plane*>(memory), cpus};
    bpf_link_create_opts options{};
    options.sz = sizeof options;
    options.flags = XDP_FLAGS_DRV_MODE;
    link_ = bpf_link_create(bpf_program__fd(skeleton_->progs.pianissimo_xdp),
                            static_cast<int>(value(interface)), BPF_XDP, &options);
    if (link_ < 0) throw std::runtime_error{"attach"};
  }
  ~Kernel() {
    close(link_);
    munmap(const_cast<station_plane*>(planes_.data()), planes_.size_bytes());
    station_counters_bpf__destroy(skeleton_);
  }
  Kernel(const Kernel&) = delete;
  Kernel& operator=(const Kernel&) = delete;

  Ledger ledger() {
    return {skeleton_->bss->stations, planes_, 1,
            [] { syscall(SYS_membarrier, MEMBARRIER_CMD_GLOBAL, 0, 0); }};
  }

  /// What the slots of this range have counted from stations.
  Count from(std::size_t first, std::size_t end) const {
    Count sum;
    for (const station_plane& plane : planes_) {
      for (std::size_t slot = first; slot < end; ++slot) {
        const volatile station_count& count = plane.slots[slot].from;
        sum.packets += count.packets;
        sum.bytes += count.bytes;
      }
    }
    return sum;
  }

 private:
  station_counters_bpf* skeleton_;
  std::span<const station_plane> planes_;
  int link_ = -1;
};

class LiveComingsAndGoings : public LiveTest, public testing::WithParamInterface<std::size_t> {};

TEST_P(LiveComingsAndGoings, LoseNothingAndDisturbNobody) {
  constexpr int least_turns = 20;
  constexpr std::uint64_t frames_at_once = frames / 8;
  const auto stations = RandomStations{2}.take(GetParam());
  const std::span<const MacAddress> all{stations};
  const auto staying = all.first((all.size() + 1) / 2);
  const auto moving = all.subspan(staying.size());
  Kernel kernel{index_of("vb")};
  Ledger ledger = kernel.ledger();
  ASSERT_TRUE(ledger.set_stations(all));
  auto frames_of_all = generator(stations);

  std::atomic<bool> over{false};
  std::atomic<int> turns{0};
  std::atomic<int> failures{0};
  std::thread comings_and_goings{[&] {
    std::mt19937_64 random{3};
    while (!over) {
      std::vector<MacAddress> present{staying.begin(), staying.end()};
      std::ranges::copy_if(moving, std::back_inserter(present),
                           [&](const MacAddress&) { return random() % 2 == 0; });
      if (!ledger.set_stations(present)) ++failures;
      ++turns;
    }
  }};
  CountOf sent;
  // A busy machine may send all frames before the other thread has run twice.
  for (int i = 0; i < 8 || (turns < least_turns && i < 100); ++i) {
    sent += send(frames_of_all, frames_at_once);
  }
  over = true;
  comings_and_goings.join();

  EXPECT_GE(turns, least_turns);
  RecordProperty("turns", turns);
  EXPECT_EQ(failures, 0);
  const auto everything = [&] { return kernel.from(0, STATION_SLOTS); };
  EXPECT_TRUE(eventually([&] { return everything().packets + dropped == total(sent).packets; }));
  if (dropped == 0) {
    EXPECT_EQ(everything(), total(sent));
  }
  EXPECT_EQ(kernel.from(STATION_UNKNOWN + 1, STATION_FIRST), Count{}) << "misfiled";
  Counts counts;
  ledger.read(counts);
  CountOf counted;
  for (const StationCount& station : counts.stations) {
    counted[station.station] = station.from_station;
  }
  for (const MacAddress& station : staying) {
    if (dropped == 0) {
      EXPECT_EQ(counted[station], sent[station]) << to_string(station);
    } else {
      EXPECT_LE(counted[station].packets, sent[station].packets) << to_string(station);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Numbers, LiveComingsAndGoings, testing::Values(2, 64, 1024),
                         testing::PrintToStringParamName());

}  // namespace
}  // namespace pianissimo::bpf
