#include "experiments/traffic/live_plan.hpp"

#include <gmock/gmock.h>

#include <chrono>
#include <set>

#include "experiments/traffic/live_tcp_plan.hpp"

namespace pianissimo::traffic {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

LivePlan plan() { return {.interface = "veth", .sources = generated_sources(2)}; }

TEST(LivePlan, GeneratedSourcesAreDifferentUnicastAddressesOfNobody) {
  const auto sources = generated_sources(4096);

  EXPECT_EQ(std::set(sources.begin(), sources.end()).size(), 4096U);
  for (const MacAddress& source : sources) {
    EXPECT_EQ(source.octets[0] & 3, 2) << to_string(source) << ": local, not group";
  }
}

TEST(LivePlan, SharesAddUpToTheWhole) {
  for (const std::size_t cpus : {1U, 2U, 3U, 7U}) {
    LivePlan shared = plan();
    shared.cpus.resize(cpus);
    shared.packets_per_second = 1'000'003;
    std::uint64_t frames = 0;
    std::uint64_t rate = 0;

    for (std::size_t i = 0; i < cpus; ++i) {
      const Share share = share_of(shared, i, 4'000'001);
      frames += share.frames;
      rate += share.packets_per_second;
    }

    EXPECT_EQ(frames, 4'000'001U);
    EXPECT_EQ(rate, 1'000'003U);
  }
}

TEST(LivePlan, AChunkIsAMillisecondOfTheRate) {
  LivePlan paced = plan();
  paced.packets_per_second = 250'000;
  EXPECT_EQ(share_of(paced, 0, 0).chunk, 250U);

  paced.packets_per_second = 10;
  EXPECT_EQ(share_of(paced, 0, 0).chunk, 1U);
}

TEST(LivePlan, ChunksKeepTheRateAndThePattern) {
  LivePlan paced = plan();
  paced.packets_per_second = 10'000;
  paced.pattern = {.on = 20ms, .off = 80ms};
  const Share share = share_of(paced, 0, 0);

  EXPECT_EQ(chunk_departure(paced, share, 0), 0ms);
  EXPECT_EQ(chunk_departure(paced, share, 10), 1ms);
  EXPECT_EQ(chunk_departure(paced, share, 190), 19ms);
  EXPECT_EQ(chunk_departure(paced, share, 200), 100ms);
}

TEST(LivePlan, WithoutARateTheNextChunkIsDueAtOnce) {
  const Share share = share_of(plan(), 0, 0);

  EXPECT_EQ(chunk_departure(plan(), share, 1'000'000), 0ms);
}

struct BadPlan {
  const char* name;
  LivePlan plan;
  const char* complaint;
};

class LivePlanCheck : public testing::TestWithParam<BadPlan> {};

TEST_P(LivePlanCheck, SaysWhichValueCannotBe) {
  const auto checked = check(GetParam().plan);

  ASSERT_FALSE(checked);
  EXPECT_THAT(checked.error().message, HasSubstr(GetParam().complaint));
  EXPECT_EQ(checked.error().exit_status, ExitStatus::usage);
}

INSTANTIATE_TEST_SUITE_P(
    Values, LivePlanCheck,
    testing::Values(
        BadPlan{"NoSource", {.sources = {}}, "sources: expected 1 to 4096, not 0"},
        BadPlan{"TooManySources", {.sources = generated_sources(4097)}, "not 4097"},
        BadPlan{"NoSize", {.sources = generated_sources(1), .sizes = {}}, "sizes"},
        BadPlan{"TooManySizes",
                {.sources = generated_sources(1), .sizes = std::vector<std::uint32_t>(9, 60)},
                "sizes: expected 1 to 8 of them, not 9"},
        BadPlan{
            "Runt", {.sources = generated_sources(1), .sizes = {59}}, "60 to 1514 bytes, not 59"},
        BadPlan{"Giant", {.sources = generated_sources(1), .sizes = {60, 1515}}, "not 1515"},
        BadPlan{"NoCpu", {.sources = generated_sources(1), .cpus = {}}, "cpus"},
        BadPlan{"SameCpu", {.sources = generated_sources(1), .cpus = {1, 0, 1}}, "only once"},
        BadPlan{"FarCpu", {.sources = generated_sources(1), .cpus = {100'000}}, "no CPU 100000"},
        BadPlan{"SlowerThanItsCpus",
                {.sources = generated_sources(1), .cpus = {0, 1}, .packets_per_second = 1},
                "rate"},
        BadPlan{"TooFast",
                {.sources = generated_sources(1), .packets_per_second = 10'000'000'001},
                "rate"},
        BadPlan{"NeverOn", {.sources = generated_sources(1), .pattern = {0ms, 1ms}}, "time on"}),
    [](const auto& test) { return std::string{test.param.name}; });

LiveUdp udp(const char* from, const char* to) {
  return {.source = *internet_address(from), .destination = *internet_address(to)};
}

TEST(LivePlan, PortsEndAtTheLastOne) {
  LivePlan to_many = plan();
  to_many.udp = udp("10.0.0.1", "10.0.0.2");
  to_many.udp->port = 65'000;

  to_many.udp->ports = 536;
  EXPECT_TRUE(check(to_many));

  for (const std::uint32_t ports : {0U, 537U, 65'536U}) {
    to_many.udp->ports = ports;
    const auto checked = check(to_many);
    ASSERT_FALSE(checked);
    EXPECT_THAT(checked.error().message, HasSubstr("ports: expected 1 to 536 from port 65000 on"));
    EXPECT_EQ(checked.error().exit_status, ExitStatus::usage);
  }
}

TEST(LivePlan, UdpOverIpv6NeedsRoomForItsHeaders) {
  LivePlan small = plan();
  small.udp = udp("fd00::1", "fd00::2");
  small.sizes = {100, 61};
  EXPECT_FALSE(check(small));

  small.sizes = {62};
  EXPECT_TRUE(check(small));
}

TEST(LivePlan, BothAddressesAreOfOneFamily) {
  LivePlan mixed = plan();
  mixed.udp = udp("10.0.0.1", "fd00::2");

  ASSERT_FALSE(check(mixed));
  EXPECT_THAT(check(mixed).error().message, HasSubstr("different families"));
}

TEST(LivePlan, ThreadsGetCpusOfTheirOwn) {
  const auto one = first_cpus(1);
  ASSERT_TRUE(one);
  EXPECT_EQ(one->size(), 1U);

  const auto too_many = first_cpus(5000);
  ASSERT_FALSE(too_many);
  EXPECT_THAT(too_many.error().message, HasSubstr("threads: 5000 need as many CPUs"));
  EXPECT_EQ(too_many.error().exit_status, ExitStatus::usage);
}

TEST(LiveTcpPlan, BytesAreSentInWholeSegments) {
  EXPECT_EQ(segments_of(1, 1448), 1U);
  EXPECT_EQ(segments_of(1448, 1448), 1U);
  EXPECT_EQ(segments_of(1449, 1448), 2U);
  EXPECT_GT(segments_of(0, 1448), 1'000'000'000'000U) << "no limit";
}

struct BadTcpPlan {
  const char* name;
  LiveTcpPlan plan;
  const char* complaint;
};

class LiveTcpPlanCheck : public testing::TestWithParam<BadTcpPlan> {};

TEST_P(LiveTcpPlanCheck, SaysWhichValueCannotBe) {
  const auto checked = check(GetParam().plan);

  ASSERT_FALSE(checked);
  EXPECT_THAT(checked.error().message, HasSubstr(GetParam().complaint));
  EXPECT_EQ(checked.error().exit_status, ExitStatus::usage);
}

INSTANTIATE_TEST_SUITE_P(
    Values, LiveTcpPlanCheck,
    testing::Values(BadTcpPlan{"NoPort", {.port = 0}, "port: expected 1 to 65535, not 0"},
                    BadTcpPlan{"TooMuch", {.bytes = 1'000'000'000'000'000'001}, "bytes"},
                    BadTcpPlan{"BackInTime", {.duration = -1ns}, "duration"},
                    BadTcpPlan{"NoPatience", {.patience = 999ms}, "patience: expected 1 to 3600"},
                    BadTcpPlan{"AllPatience", {.patience = 3601s}, "patience"}),
    [](const auto& test) { return std::string{test.param.name}; });

TEST(LivePlan, AGoodOneIsAccepted) { EXPECT_TRUE(check(plan())); }

}  // namespace
}  // namespace pianissimo::traffic
