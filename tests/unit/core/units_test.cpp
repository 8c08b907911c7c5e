#include "controller/core/units.hpp"

#include <gtest/gtest.h>

namespace pianissimo {
namespace {

template <class A, class B>
concept Addable = requires(A a, B b) {
  a + b;
};
template <class A, class B>
concept Subtractable = requires(A a, B b) {
  a - b;
};
template <class A, class B>
concept Comparable = requires(A a, B b) {
  a < b;
};
template <class A, class B>
concept Multipliable = requires(A a, B b) {
  a* b;
};

// A level is a point, a gain a difference.
static_assert(Addable<Dbm, Db> && Addable<Db, Db>);
static_assert(!Addable<Dbm, Dbm>);
static_assert(!Addable<Db, Dbm>);
static_assert(Subtractable<Dbm, Dbm> && Subtractable<Dbm, Db> && Subtractable<Db, Db>);
static_assert(!Subtractable<Db, Dbm>);
static_assert(Multipliable<int, Db>);
static_assert(!Multipliable<int, Dbm>);
static_assert(!Comparable<Dbm, Db>);
// What the number means has to be said.
static_assert(!std::is_convertible_v<int, Dbm> && !std::is_constructible_v<Dbm, int>);
static_assert(!std::is_convertible_v<int, Db> && !std::is_constructible_v<Db, int>);
static_assert(!std::is_convertible_v<int, Throughput>);
static_assert(!std::is_constructible_v<Throughput, std::int64_t>);
static_assert(!std::is_convertible_v<std::uint32_t, Mhz>);
static_assert(!Addable<Throughput, int> && !Comparable<Throughput, int>);

TEST(Units, LevelsAndGainsCalculate) {
  EXPECT_EQ(dbm(20) - dbm(17), db(3));
  EXPECT_EQ(dbm(17) + db(3), dbm(20));
  EXPECT_EQ(dbm(17) - db(20), dbm(-3));
  EXPECT_EQ(db(3) + db(4) - db(1), db(6));
  EXPECT_EQ(-db(3), db(-3));
  EXPECT_EQ(4 * db(3), db(12));
}

TEST(Units, LevelsAreComparedAsPower) {
  EXPECT_LT(dbm(-65), dbm(-40));
  EXPECT_LT(dbm(17), Dbm::from_mbm(1701));
  EXPECT_EQ(dbm(17), Dbm::from_mbm(1700));
}

TEST(Units, MillibelGoInAndOutUnchanged) {
  EXPECT_EQ(Dbm::from_mbm(-6550).mbm(), -6550);
  EXPECT_DOUBLE_EQ(Dbm::from_mbm(-6550).value(), -65.5);
  EXPECT_EQ(Db::from_mb(-50).mb(), -50);
  EXPECT_DOUBLE_EQ(Db::from_mb(-50).value(), -0.5);
}

struct Whole {
  std::int32_t mbm;
  int dbm;
};

class WholeLevel : public testing::TestWithParam<Whole> {};

TEST_P(WholeLevel, IsTheHighestNotAboveTheLevel) {
  EXPECT_EQ(Dbm::from_mbm(GetParam().mbm).whole(), dbm(GetParam().dbm));
}

INSTANTIATE_TEST_SUITE_P(Levels, WholeLevel,
                         testing::Values(Whole{1700, 17}, Whole{1701, 17}, Whole{1799, 17},
                                         Whole{1, 0}, Whole{0, 0}, Whole{-1, -1}, Whole{-99, -1},
                                         Whole{-100, -1}, Whole{-101, -2}, Whole{-6550, -66}));

TEST(Units, ThroughputGoesInAndOutInAnyScale) {
  EXPECT_EQ(Throughput::from_kbps(58'031), Throughput::from_bps(58'031'000));
  EXPECT_EQ(Throughput::from_bps(1'999).kbps(), 1);
  EXPECT_DOUBLE_EQ(Throughput::from_bps(58'031'000).mbps(), 58.031);
  EXPECT_TRUE(Throughput{}.is_zero());
  EXPECT_FALSE(Throughput::from_bps(1).is_zero());
}

TEST(Units, AShareOfAThroughputIsAThroughput) {
  EXPECT_EQ(0.9 * Throughput::from_kbps(100), Throughput::from_kbps(90));
  EXPECT_EQ(1.0 * Throughput::from_bps(58'031'007), Throughput::from_bps(58'031'007));
}

TEST(Units, AFrequencyKeepsItsValue) {
  EXPECT_EQ(Mhz{5180}.value(), 5180u);
  EXPECT_LT(Mhz{2412}, Mhz{5180});
}

}  // namespace
}  // namespace pianissimo
