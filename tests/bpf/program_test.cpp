// Each program's verdict and what it counts, frame by frame, with BPF_PROG_TEST_RUN.
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <gmock/gmock.h>
#include <linux/bpf.h>
#include <netinet/in.h>
#include <sys/mman.h>

#include <memory>
#include <ostream>

#include "bpf/ledger.hpp"
#include "bpf/station_counters.skel.h"
#include "tests/bpf/frame.hpp"
#include "tests/bpf/random_stations.hpp"
#include "tests/bpf/sandbox.hpp"

namespace pianissimo::bpf {
namespace {

const MacAddress anna{{2, 0, 0, 0, 0, 1}};
const MacAddress bert{{2, 0, 0, 0, 0, 2}};
const MacAddress stranger{{2, 0, 0, 0, 0, 9}};
const MacAddress router{{6, 0, 0, 0, 0, 1}};
const MacAddress everybody{{0xff, 0xff, 0xff, 0xff, 0xff, 0xff}};
const MacAddress some{{1, 0, 0x5e, 0, 0, 1}};
const MacAddress nobody{};

constexpr std::uint32_t xdp_pass = 2;
constexpr auto tc_next = static_cast<std::uint32_t>(-1);

class ProgramTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!is_privileged()) GTEST_SKIP() << "BPF programs may not be loaded here: run as root";
    programs.reset(station_counters_bpf::open());
    const int cpus = libbpf_num_possible_cpus();
    bpf_map__set_max_entries(programs->maps.planes, static_cast<__u32>(cpus));
    // As on machines that load from aligned addresses only.
    bpf_program* program = nullptr;
    bpf_object__for_each_program(program, programs->obj)
        bpf_program__set_flags(program, bpf_program__flags(program) | BPF_F_STRICT_ALIGNMENT);
    ASSERT_EQ(station_counters_bpf::load(programs.get()), 0);

    const std::size_t size = static_cast<std::size_t>(cpus) * sizeof(station_plane);
    void* const memory =
        ::mmap(nullptr, size, PROT_READ, MAP_SHARED, bpf_map__fd(programs->maps.planes), 0);
    ASSERT_NE(memory, MAP_FAILED);
    planes = {static_cast<const station_plane*>(memory), static_cast<std::size_t>(cpus)};
    ledger = std::make_unique<Ledger>(programs->bss->stations, planes, 1, [] {});
    ASSERT_TRUE(ledger->set_stations(std::vector{anna, bert}));
  }

  void TearDown() override {
    if (!planes.empty()) ::munmap(const_cast<station_plane*>(planes.data()), planes.size_bytes());
  }

  /// The verdict.
  std::uint32_t run(bpf_program* program, const Frame& frame, const __sk_buff& context = {}) {
    bpf_test_run_opts options{};
    options.sz = sizeof options;
    options.data_in = frame.bytes().data();
    options.data_size_in = static_cast<__u32>(frame.size());
    // Without one, wire_len is not set, as it always is at a real egress.
    if (bpf_program__type(program) == BPF_PROG_TYPE_SCHED_CLS) {
      options.ctx_in = &context;
      options.ctx_size_in = sizeof context;
    }
    EXPECT_EQ(bpf_prog_test_run_opts(bpf_program__fd(program), &options), 0);
    return options.retval;
  }

  Counts counts() const {
    Counts counts;
    ledger->read(counts);
    return counts;
  }

  Count from_anna() const { return counts().stations[0].from_station; }
  Count to_anna() const { return counts().stations[0].to_station; }
  Count from_bert() const { return counts().stations[1].from_station; }
  Count to_bert() const { return counts().stations[1].to_station; }

  struct Destroy {
    void operator()(station_counters_bpf* it) const { station_counters_bpf::destroy(it); }
  };
  std::unique_ptr<station_counters_bpf, Destroy> programs;
  std::span<const station_plane> planes;
  std::unique_ptr<Ledger> ledger;
};

/// The three programs that count what arrives.
class Ingress : public ProgramTest, public testing::WithParamInterface<const char*> {
 protected:
  std::uint32_t arrive(const Frame& frame) { return run(program(), frame); }
  bpf_program* program() const {
    return bpf_object__find_program_by_name(programs->obj, GetParam());
  }
  std::uint32_t verdict() const {
    return bpf_program__type(program()) == BPF_PROG_TYPE_XDP ? xdp_pass : tc_next;
  }
};

INSTANTIATE_TEST_SUITE_P(Programs, Ingress,
                         testing::Values("pianissimo_xdp", "pianissimo_xdpf", "pianissimo_in"),
                         [](const auto& one) { return std::string{one.param}; });

TEST_P(Ingress, CountsAFrameForItsSource) {
  EXPECT_EQ(arrive(Frame{router, anna}.ipv4(IPPROTO_UDP).udp().up_to(342)), verdict());
  EXPECT_EQ(arrive(Frame{router, anna}.ipv6(IPPROTO_UDP).udp().up_to(1514)), verdict());
  EXPECT_EQ(arrive(Frame{anna, bert}.ipv4(IPPROTO_UDP).udp().up_to(60)), verdict());

  EXPECT_EQ(from_anna(), (Count{2, 342 + 1514}));
  EXPECT_EQ(from_bert(), (Count{1, 60}));
  EXPECT_EQ(to_anna(), Count{});
  EXPECT_EQ(counts().others, Others{});
}

TEST_P(Ingress, CountsMulticastAndBroadcastForTheirSource) {
  EXPECT_EQ(arrive(Frame{everybody, anna}.type(0x0806).up_to(42)), verdict());
  EXPECT_EQ(arrive(Frame{some, anna}.ipv4(IPPROTO_UDP).udp().up_to(100)), verdict());

  EXPECT_EQ(from_anna(), (Count{2, 142}));
}

TEST_P(Ingress, FilesStrangersGroupSourcesAndNobodyApart) {
  EXPECT_EQ(arrive(Frame{anna, stranger}.type(0x0800).up_to(61)), verdict());
  EXPECT_EQ(arrive(Frame{anna, nobody}.type(0x0800).up_to(62)), verdict());
  EXPECT_EQ(arrive(Frame{anna, some}.type(0x0800).up_to(63)), verdict());

  EXPECT_EQ(counts().others, (Others{{2, 61 + 62}, {}, {1, 63}, {}, {}}));
}

TEST_P(Ingress, CountsTagsInTheFrame) {
  EXPECT_EQ(arrive(Frame{router, anna}.tag(7).ipv4(IPPROTO_UDP).udp().up_to(346)), verdict());
  EXPECT_EQ(arrive(Frame{router, anna}.tag(7, 0x88a8).tag(8).type(0x0800).up_to(100)), verdict());

  EXPECT_EQ(from_anna(), (Count{2, 446}));
}

// hostapd's IAPP update at each association: 802.3 with LLC, 20 bytes.
TEST_P(Ingress, CountsFramesWithALengthInPlaceOfAType) {
  EXPECT_EQ(arrive(Frame{everybody, anna}.type(6).up_to(20)), verdict());

  EXPECT_EQ(from_anna(), (Count{1, 20}));
}

// Nothing shorter can be tested: neither BPF_PROG_TEST_RUN nor packet sockets take it.
TEST_P(Ingress, CountsTheShortestFrame) {
  EXPECT_EQ(arrive(Frame{router, anna}.type(0x88b5)), verdict());

  EXPECT_EQ(from_anna(), (Count{1, 14}));
}

TEST_P(Ingress, FindsEachOf1024Stations) {
  const std::vector<MacAddress> stations = RandomStations{9}.take(1024);
  ASSERT_TRUE(ledger->set_stations(stations));

  for (std::size_t i = 0; i < stations.size(); ++i)
    arrive(Frame{router, stations[i]}.type(0x0800).up_to(60 + i));

  for (const StationCount& station : counts().stations) {
    const auto i = std::ranges::find(stations, station.station) - stations.begin();
    EXPECT_EQ(station.from_station, (Count{1, 60 + static_cast<std::uint64_t>(i)}));
  }
  EXPECT_EQ(counts().others, Others{});
}

TEST_F(ProgramTest, CountsAFrameOfSeveralPagesWhole) {
  const Frame frame = Frame{router, anna}.ipv4(IPPROTO_UDP).udp().up_to(9014);

  EXPECT_EQ(run(programs->progs.pianissimo_xdpf, frame), xdp_pass);

  EXPECT_EQ(from_anna(), (Count{1, 9014}));
}

TEST_F(ProgramTest, CountsAtEgressForTheDestination) {
  bpf_program* const out = programs->progs.pianissimo_out;

  EXPECT_EQ(run(out, Frame{anna, router}.ipv4(IPPROTO_UDP).udp().up_to(342)), tc_next);
  EXPECT_EQ(run(out, Frame{anna, router}.ipv6(IPPROTO_UDP).udp().up_to(100)), tc_next);
  EXPECT_EQ(run(out, Frame{anna, router}.tag(7).type(0x0800).up_to(64)), tc_next);
  EXPECT_EQ(run(out, Frame{bert, router}.type(20).up_to(34)), tc_next);

  EXPECT_EQ(to_anna(), (Count{3, 342 + 100 + 64}));
  EXPECT_EQ(to_bert(), (Count{1, 34}));
  EXPECT_EQ(counts().others, Others{});
}

TEST_F(ProgramTest, FilesGroupsAndStrangersApartAtEgress) {
  bpf_program* const out = programs->progs.pianissimo_out;

  EXPECT_EQ(run(out, Frame{everybody, router}.type(0x0806).up_to(42)), tc_next);
  EXPECT_EQ(run(out, Frame{some, router}.type(0x0800).up_to(100)), tc_next);
  EXPECT_EQ(run(out, Frame{stranger, router}.type(0x0800).up_to(61)), tc_next);
  EXPECT_EQ(run(out, Frame{nobody, router}.type(0x0800).up_to(62)), tc_next);

  EXPECT_EQ(counts().others, (Others{{}, {2, 61 + 62}, {}, {2, 142}, {}}));
}

TEST_F(ProgramTest, CreditsNobodyWithAGroupAsSourceAtEgress) {
  run(programs->progs.pianissimo_out, Frame{anna, some}.type(0x0800).up_to(60));

  EXPECT_EQ(to_anna(), (Count{1, 60}));
  EXPECT_EQ(counts().others, Others{});
}

// From here on: what mac80211 relays, see README.md.
TEST_F(ProgramTest, CreditsTheSenderOfARelayedFrame) {
  EXPECT_EQ(run(programs->progs.pianissimo_out, Frame{anna, bert}.type(0x0800).up_to(500)),
            tc_next);

  EXPECT_EQ(to_anna(), (Count{1, 500}));
  EXPECT_EQ(from_bert(), (Count{1, 500}));
}

TEST_F(ProgramTest, CreditsTheSenderOfAFrameRelayedToAStationNotListedYet) {
  run(programs->progs.pianissimo_out, Frame{stranger, bert}.type(0x0800).up_to(500));

  EXPECT_EQ(counts().others.unknown_out, (Count{1, 500}));
  EXPECT_EQ(from_bert(), (Count{1, 500}));
}

// A bridge's hairpin: it was counted when it arrived.
TEST_F(ProgramTest, DoesNotCreditASenderTwiceWhoseFrameCameThroughAnInterface) {
  __sk_buff context{};
  context.ingress_ifindex = 1;

  run(programs->progs.pianissimo_out, Frame{anna, bert}.type(0x0800).up_to(500), context);

  EXPECT_EQ(to_anna(), (Count{1, 500}));
  EXPECT_EQ(from_bert(), Count{});
}

TEST_F(ProgramTest, DoesNotCreditTheSenderOfMulticastTwice) {
  run(programs->progs.pianissimo_in, Frame{some, bert}.type(0x0800).up_to(500));
  run(programs->progs.pianissimo_out, Frame{some, bert}.type(0x0800).up_to(500));

  EXPECT_EQ(from_bert(), (Count{1, 500}));
  EXPECT_EQ(counts().others.group_out, (Count{1, 500}));
}

TEST_F(ProgramTest, CountsTheSegmentsOfAnAggregateAtEgress) {
  __sk_buff context{};
  context.gso_segs = 40;
  context.gso_size = 1448;
  context.wire_len = 1514 * 39 + 1000;

  run(programs->progs.pianissimo_out, Frame{anna, router}.ipv4(IPPROTO_TCP).tcp(12).up_to(2000),
      context);

  EXPECT_EQ(to_anna(), (Count{40, 1514 * 39 + 1000}));
}

// From a guest: the kernel knows the bytes on the wire, but has not written the segments down.
TEST_F(ProgramTest, ReckonsTheSegmentsOfAnUntrustedAggregateAtEgress) {
  const Frame frame = Frame{anna, router}.ipv4(IPPROTO_TCP).tcp(12).up_to(66 + 3000);
  __sk_buff context{};
  context.wire_len = 66 * 3 + 3000;

  run(programs->progs.pianissimo_out, frame, context);

  EXPECT_EQ(to_anna(), (Count{3, 66 * 3 + 3000}));
}

struct Aggregate {
  const char* name;
  Frame frame;
  std::uint64_t headers;
};

void PrintTo(const Aggregate& aggregate, std::ostream* out) { *out << aggregate.name; }

class AggregateTest : public ProgramTest, public testing::WithParamInterface<Aggregate> {};

const Frame from_anna_frame{router, anna};

INSTANTIATE_TEST_SUITE_P(
    Of, AggregateTest,
    testing::Values(
        Aggregate{"Tcp4", Frame{from_anna_frame}.ipv4(IPPROTO_TCP).tcp(), 54},
        Aggregate{"Tcp4WithTimestamps", Frame{from_anna_frame}.ipv4(IPPROTO_TCP).tcp(12), 66},
        Aggregate{"Tcp4WithIpOptions", Frame{from_anna_frame}.ipv4(IPPROTO_TCP, 8).tcp(40), 102},
        Aggregate{"Tcp6", Frame{from_anna_frame}.ipv6(IPPROTO_TCP).tcp(12), 86},
        Aggregate{"Udp4", Frame{from_anna_frame}.ipv4(IPPROTO_UDP).udp(), 42},
        Aggregate{"Udp6", Frame{from_anna_frame}.ipv6(IPPROTO_UDP).udp(), 62},
        Aggregate{"OneTag", Frame{from_anna_frame}.tag(7).ipv4(IPPROTO_TCP).tcp(12), 70},
        Aggregate{"TwoTags", Frame{from_anna_frame}.tag(7, 0x88a8).tag(8).ipv6(IPPROTO_TCP).tcp(),
                  82}),
    [](const auto& one) { return std::string{one.param.name}; });

// GRO leaves the headers of the first segment; the others had them on the wire too.
TEST_P(AggregateTest, IsCountedAtIngressWithTheHeadersOfItsSegments) {
  const std::uint64_t payload = 4 * 600 + 300;
  Frame frame = GetParam().frame;
  frame.up_to(GetParam().headers + payload);
  __sk_buff context{};
  context.gso_segs = 5;
  context.gso_size = 600;

  EXPECT_EQ(run(programs->progs.pianissimo_in, frame, context), tc_next);

  EXPECT_EQ(from_anna(), (Count{5, 5 * GetParam().headers + payload}));
}

}  // namespace
}  // namespace pianissimo::bpf
