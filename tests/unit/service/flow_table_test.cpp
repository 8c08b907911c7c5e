#include "controller/service/flow_table.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/service/flow_samples.hpp"

namespace pianissimo::service {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

constexpr Instant start{1000s};

class FlowTableTest : public testing::Test {
 protected:
  static std::vector<std::uint16_t> ports(const std::vector<FlowRecord>& records, FlowEnd end) {
    std::vector<std::uint16_t> ports;
    for (const FlowRecord& record : records) {
      EXPECT_EQ(record.end, end);
      ports.push_back(ntohs(record.flow.key.source_port));
    }
    return ports;
  }

  FlowTable table{FlowConfig{.active = 60s, .idle = 15s, .most = 3}};
};

TEST_F(FlowTableTest, AFlowWithoutAPacketForTheIdleTimeoutIsOver) {
  table.add(flow_from(1, start, start + 2s));
  table.add(flow_from(2, start, start + 3s));

  EXPECT_THAT(table.expire(start + 17s - 1ns, 10), IsEmpty());
  EXPECT_THAT(ports(table.expire(start + 17s, 10), FlowEnd::idle), ElementsAre(1));
  EXPECT_THAT(ports(table.expire(start + 18s, 10), FlowEnd::idle), ElementsAre(2));
  EXPECT_EQ(table.size(), 0U);
}

TEST_F(FlowTableTest, WhatBelongsToAFlowIsAddedUp) {
  table.add(flow_from(1, start + 5s, start + 6s, 3));
  table.add(flow_from(1, start + 4s, start + 5s, 2));
  table.add(flow_from(1, start + 7s, start + 9s, 5));

  const auto records = table.expire(start + 24s, 10);

  ASSERT_THAT(records, SizeIs(1));
  EXPECT_EQ(records[0].flow.packets, 10U);
  EXPECT_EQ(records[0].flow.bytes, 1000U);
  EXPECT_EQ(records[0].flow.first, start + 4s);
  EXPECT_EQ(records[0].flow.last, start + 9s);
}

TEST_F(FlowTableTest, AFlowThatGoesOnIsToldAtTheActiveTimeoutAndBeginsAnew) {
  table.add(flow_from(1, start, start + 59s, 7));

  EXPECT_THAT(table.expire(start + 60s - 1ns, 10), IsEmpty());
  EXPECT_THAT(ports(table.expire(start + 60s, 10), FlowEnd::active), ElementsAre(1));

  table.add(flow_from(1, start + 61s, start + 62s, 2));
  const auto rest = table.expire(start + 77s, 10);
  ASSERT_THAT(rest, SizeIs(1));
  EXPECT_EQ(rest[0].end, FlowEnd::idle);
  EXPECT_EQ(rest[0].flow.packets, 2U);
  EXPECT_EQ(rest[0].flow.first, start + 61s);
}

TEST_F(FlowTableTest, AFlowForWhichThereIsNoRoomIsToldAtOnce) {
  for (std::uint16_t port = 1; port <= 3; ++port) {
    EXPECT_FALSE(table.add(flow_from(port, start, start)));
  }

  const auto told = table.add(flow_from(4, start, start + 1s, 9));

  ASSERT_TRUE(told);
  EXPECT_EQ(told->end, FlowEnd::no_room);
  EXPECT_EQ(told->flow.packets, 9U);
  EXPECT_EQ(table.size(), 3U);
  EXPECT_FALSE(table.add(flow_from(3, start, start))) << "it is known: it has its place";
}

TEST_F(FlowTableTest, ALookTakesAPartAndTheNextGoesOnFromThere) {
  for (std::uint16_t port = 1; port <= 3; ++port)
    table.add(flow_from(port, start, start + port * 1s));

  EXPECT_THAT(table.expire(start + 15s, 2), IsEmpty());
  EXPECT_FALSE(table.is_round_over());
  EXPECT_THAT(ports(table.expire(start + 18s, 2), FlowEnd::idle), ElementsAre(3));
  EXPECT_TRUE(table.is_round_over());
  EXPECT_THAT(ports(table.expire(start + 18s, 2), FlowEnd::idle), ElementsAre(1, 2));
  EXPECT_TRUE(table.is_round_over());
}

TEST_F(FlowTableTest, ARoundGoesOnThoughTheFlowThatItStoppedAtHasGone) {
  for (std::uint16_t port = 1; port <= 3; ++port) table.add(flow_from(port, start, start));
  EXPECT_THAT(table.expire(start, 1), IsEmpty());

  EXPECT_THAT(ports(table.end_all(), FlowEnd::forced), ElementsAre(1, 2, 3));

  EXPECT_TRUE(table.is_round_over());
  EXPECT_EQ(table.size(), 0U);
  EXPECT_THAT(table.expire(start + 100s, 1), IsEmpty());
}

}  // namespace
}  // namespace pianissimo::service
