#include "nl80211/snapshot.hpp"

#include <gtest/gtest.h>
#include <linux/nl80211.h>

#include "tests/unit/nl80211/wire.hpp"

namespace pianissimo::nl80211 {
namespace {

using namespace wire;

Buffer of_generation(unsigned number) { return attribute(NL80211_ATTR_GENERATION, u32(number)); }

TEST(Snapshot, OneListIsConsistent) {
  Snapshot snapshot;
  for (const unsigned number : {5U, 5U, 5U}) {
    const Buffer bytes = of_generation(number);
    snapshot.see(Attributes{bytes});
  }

  EXPECT_TRUE(snapshot.consistent());
}

TEST(Snapshot, AListThatChangedIsNot) {
  Snapshot snapshot;
  for (const unsigned number : {5U, 6U, 5U}) {
    const Buffer bytes = of_generation(number);
    snapshot.see(Attributes{bytes});
  }

  EXPECT_FALSE(snapshot.consistent());
}

TEST(Snapshot, EachListHasItsOwnNumber) {
  Snapshot snapshot;
  const Buffer five = of_generation(5), seven = of_generation(7);
  snapshot.see(Attributes{five}, 0);
  snapshot.see(Attributes{seven}, 1);
  snapshot.see(Attributes{five}, 0);
  EXPECT_TRUE(snapshot.consistent());

  snapshot.see(Attributes{five}, 1);
  EXPECT_FALSE(snapshot.consistent());
}

TEST(Snapshot, NothingSaidIsNothingAgainstIt) {
  Snapshot snapshot;
  const Buffer five = of_generation(5);
  snapshot.see(Attributes{five});
  snapshot.see(Attributes{});

  EXPECT_TRUE(snapshot.consistent());
}

}  // namespace
}  // namespace pianissimo::nl80211
