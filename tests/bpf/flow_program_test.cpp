// The flow programs frame by frame, with BPF_PROG_TEST_RUN: which flow, and how much.
#include <arpa/inet.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <gmock/gmock.h>
#include <linux/bpf.h>
#include <netinet/in.h>

#include <algorithm>
#include <cstring>
#include <memory>

#include "bpf/flow_records.h"
#include "bpf/flow_records.skel.h"
#include "tests/bpf/frame.hpp"
#include "tests/bpf/sandbox.hpp"

namespace pianissimo::bpf {
namespace {

const MacAddress anna{{2, 0, 0, 0, 0, 1}};
const MacAddress router{{6, 0, 0, 0, 0, 1}};

constexpr auto tc_next = static_cast<std::uint32_t>(-1);
constexpr int tcp = IPPROTO_TCP;
constexpr int udp = IPPROTO_UDP;

/// A frame from 10.0.0.7 to 192.0.2.1 so far as its IP header, which says so many bytes.
Frame ipv4(int protocol, int ip_bytes, std::initializer_list<int> fragment = {0, 0}) {
  Frame frame{router, anna};
  frame.ipv4(static_cast<std::uint8_t>(protocol));
  frame.set(14 + 2, {ip_bytes >> 8, ip_bytes & 255}).set(14 + 6, fragment);
  return frame.set(14 + 12, {10, 0, 0, 7, 192, 0, 2, 1});
}

/// The same from fd00::7 to fd00::1.
Frame ipv6(int next_header, int payload) {
  Frame frame{router, anna};
  frame.ipv6(static_cast<std::uint8_t>(next_header));
  frame.set(14 + 4, {payload >> 8, payload & 255});
  frame.set(14 + 8, {0xfd}).set(14 + 23, {7});
  return frame.set(14 + 24, {0xfd}).set(14 + 39, {1});
}

class FlowProgramTest : public testing::Test {
 protected:
  static constexpr std::uint32_t most = 16;

  void SetUp() override {
    if (!is_privileged()) GTEST_SKIP() << "BPF programs may not be loaded here: run as root";
    programs.reset(flow_records_bpf::open());
    bpf_map__set_max_entries(programs->maps.flows_even, most);
    bpf_map__set_max_entries(programs->maps.flows_odd, most);
    // As on machines that load from aligned addresses only.
    bpf_program* program = nullptr;
    bpf_object__for_each_program(program, programs->obj)
        bpf_program__set_flags(program, bpf_program__flags(program) | BPF_F_STRICT_ALIGNMENT);
    ASSERT_EQ(flow_records_bpf::load(programs.get()), 0);
  }

  void run(const Frame& frame, bool is_ingress = true) {
    const __sk_buff context{};
    bpf_test_run_opts options{};
    options.sz = sizeof options;
    options.data_in = frame.bytes().data();
    options.data_size_in = static_cast<__u32>(frame.size());
    options.ctx_in = &context;  // without one, wire_len is not set
    options.ctx_size_in = sizeof context;
    const auto* const program =
        is_ingress ? programs->progs.pianissimo_fin : programs->progs.pianissimo_fout;
    ASSERT_EQ(bpf_prog_test_run_opts(bpf_program__fd(program), &options), 0);
    EXPECT_EQ(options.retval, tc_next);
  }

  struct Found {
    flow_key key{};
    flow_count count{};
  };
  std::vector<Found> flows(const bpf_map* map) const {
    std::vector<Found> all;
    const int fd = bpf_map__fd(map);
    flow_key key{};
    for (const flow_key* last = nullptr; bpf_map_get_next_key(fd, last, &key) == 0; last = &key) {
      all.push_back({key, {}});
      EXPECT_EQ(bpf_map_lookup_elem(fd, &key, &all.back().count), 0);
    }
    return all;
  }
  /// The one there is.
  Found only() const {
    const auto all = flows(programs->maps.flows_even);
    EXPECT_EQ(all.size(), 1U);
    return all.empty() ? Found{} : all.front();
  }
  void expect_ports(int source, int destination) const {
    EXPECT_EQ(ntohs(only().key.source_port), source);
    EXPECT_EQ(ntohs(only().key.destination_port), destination);
  }

  struct Destroy {
    void operator()(flow_records_bpf* it) const { flow_records_bpf::destroy(it); }
  };
  std::unique_ptr<flow_records_bpf, Destroy> programs;
};

TEST_F(FlowProgramTest, AFlowIsWhoSendsToWhom) {
  run(ipv4(udp, 128).then({4, 0, 0, 53}).up_to(142));
  run(ipv4(udp, 128).then({4, 0, 0, 53}).up_to(142));

  const auto [key, count] = only();
  flow_key expected{};
  std::ranges::copy(std::array{10, 0, 0, 7}, expected.source);
  std::ranges::copy(std::array{192, 0, 2, 1}, expected.destination);
  std::ranges::copy(anna.octets, expected.source_mac);
  std::ranges::copy(router.octets, expected.destination_mac);
  expected.interface = 1;  // test runs are at lo
  expected.source_port = htons(1024);
  expected.destination_port = htons(53);
  expected.protocol = udp;
  expected.version = FLOW_IPV4;
  EXPECT_EQ(std::memcmp(&key, &expected, sizeof key), 0);
  EXPECT_EQ(count.packets, 2U);
  EXPECT_EQ(count.bytes, 2 * 128U);
  EXPECT_GT(count.first, 0U);
  EXPECT_GT(count.last, count.first);
}

TEST_F(FlowProgramTest, EachDirectionIsAFlowOfItsOwn) {
  run(ipv4(tcp, 40).then({4, 0, 0, 80}).up_to(54));
  run(ipv4(tcp, 40).then({4, 0, 0, 80}).up_to(54), false);

  const auto all = flows(programs->maps.flows_even);
  ASSERT_EQ(all.size(), 2U);
  EXPECT_NE(all[0].key.direction, all[1].key.direction);
}

TEST_F(FlowProgramTest, AnAddressOfIPv6IsWhole) {
  run(ipv6(tcp, 20).then({4, 0, 1, 187}).up_to(74));

  const auto [key, count] = only();
  EXPECT_EQ(key.version, FLOW_IPV6);
  EXPECT_EQ(key.source[0], 0xfd);
  EXPECT_EQ(key.source[15], 7);
  EXPECT_EQ(key.destination[15], 1);
  EXPECT_EQ(key.protocol, tcp);
  EXPECT_EQ(count.bytes, 60U);
  expect_ports(1024, 443);
}

TEST_F(FlowProgramTest, WhatIsBehindAShortPacketIsNotCounted) {
  run(ipv4(udp, 29).then({4, 0, 0, 53}).up_to(60));
  EXPECT_EQ(only().count.bytes, 29U);
}

TEST_F(FlowProgramTest, OptionsOfIPv4AreStepped) {
  Frame frame{router, anna};
  frame.ipv4(udp, 8).then({4, 0, 0, 53}).up_to(14 + 28 + 8);
  run(frame);
  expect_ports(1024, 53);
}

TEST_F(FlowProgramTest, TagsInTheFrameAreSteppedAndNotCounted) {
  Frame frame{router, anna};
  frame.tag(7, 0x88a8).tag(8).ipv4(udp);
  frame.set(22 + 2, {0, 100}).then({4, 0, 0, 53}).up_to(22 + 100);
  run(frame);
  expect_ports(1024, 53);
  EXPECT_EQ(only().count.bytes, 100U);
}

TEST_F(FlowProgramTest, IcmpHasNoPorts) {
  run(ipv4(IPPROTO_ICMP, 84).then({8, 0, 1, 2}).up_to(98));
  EXPECT_EQ(only().key.protocol, IPPROTO_ICMP);
  expect_ports(0, 0);
}

TEST_F(FlowProgramTest, AllFragmentsOfADatagramAreOneFlowWithoutPorts) {
  run(ipv4(udp, 1500, {0x20, 0}).then({4, 0, 0, 53}).up_to(1514));
  run(ipv4(udp, 500, {0, 185}).then({9, 9, 9, 9}).up_to(514));

  EXPECT_EQ(only().count.packets, 2U);
  EXPECT_EQ(only().count.bytes, 2000U);
  EXPECT_EQ(only().key.protocol, udp);
  expect_ports(0, 0);
}

TEST_F(FlowProgramTest, APacketThatMayNotBeFragmentedHasItsPorts) {
  run(ipv4(udp, 100, {0x40, 0}).then({4, 0, 0, 53}).up_to(114));
  expect_ports(1024, 53);
}

TEST_F(FlowProgramTest, ExtensionHeadersOfIPv6AreStepped) {
  // Hop-by-hop of 8 bytes, destination options of 16, authentication of 12.
  run(ipv6(0, 44)
          .then({60, 0, 0, 0, 0, 0, 0, 0})
          .then({51, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0})
          .then({udp, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0})
          .then({4, 0, 0, 53, 0, 8, 0, 0}));
  EXPECT_EQ(only().key.protocol, udp);
  expect_ports(1024, 53);
}

TEST_F(FlowProgramTest, FragmentsOfIPv6AreOneFlowWithoutPorts) {
  run(ipv6(44, 108).then({udp, 0, 0, 1, 0, 0, 0, 5}).then({4, 0, 0, 53}).up_to(14 + 148));
  run(ipv6(44, 58).then({udp, 0, 0, 104, 0, 0, 0, 5}).then({9, 9, 9, 9}).up_to(14 + 98));

  EXPECT_EQ(only().key.protocol, udp);
  EXPECT_EQ(only().count.packets, 2U);
  expect_ports(0, 0);
}

TEST_F(FlowProgramTest, MoreExtensionHeadersThanAreFollowedLeaveTheFlowWithoutPorts) {
  Frame frame = ipv6(60, 64);
  for (int i = 0; i < 7; ++i) frame.then({60, 0, 0, 0, 0, 0, 0, 0});
  run(frame.then({4, 0, 0, 53, 0, 8, 0, 0}));
  EXPECT_EQ(only().key.protocol, 60);
  expect_ports(0, 0);
}

TEST_F(FlowProgramTest, APacketCutShortHasNoPorts) {
  run(ipv4(tcp, 40).then({4, 0}));
  expect_ports(0, 0);
}

TEST_F(FlowProgramTest, WhatIsNoIPIsCountedApart) {
  run(Frame{router, anna}.type(0x0806).up_to(42));
  run(Frame{router, anna}.type(0x0800).up_to(61));  // version 0
  run(Frame{router, anna}.type(0x86dd).up_to(60));
  run(Frame{router, anna}.type(20).up_to(34));

  EXPECT_TRUE(flows(programs->maps.flows_even).empty());
  EXPECT_EQ(programs->bss->no_ip.packets, 4U);
  EXPECT_EQ(programs->bss->no_ip.bytes, 42U + 61 + 60 + 34);
}

TEST_F(FlowProgramTest, WhatHasNoRoomIsCounted) {
  for (int port = 1; port <= 20; ++port) {
    run(ipv4(udp, 100).then({0, port, 0, 53}).up_to(114));
  }

  EXPECT_EQ(flows(programs->maps.flows_even).size(), most);
  EXPECT_EQ(programs->bss->no_room.packets, 20 - most);
  EXPECT_EQ(programs->bss->no_room.bytes, (20 - most) * 100);
  run(ipv4(udp, 100).then({0, 1, 0, 53}).up_to(114));  // has its place
  EXPECT_EQ(programs->bss->no_room.packets, 20 - most);
}

TEST_F(FlowProgramTest, WhoseTurnItIsIsFilled) {
  programs->bss->flow_turn = 1;
  run(ipv4(udp, 100).then({0, 1, 0, 53}).up_to(114));

  EXPECT_EQ(flows(programs->maps.flows_odd).size(), 1U);
  EXPECT_TRUE(flows(programs->maps.flows_even).empty());
}

}  // namespace
}  // namespace pianissimo::bpf
