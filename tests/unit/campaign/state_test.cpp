#include <gmock/gmock.h>

#include "experiments/campaign/state.hpp"

namespace pianissimo::campaign {
namespace {

using testing::StartsWith;

State some_state() {
  return {.plan = "seed 7, \"quoted\"",
          .token = "0123456789abcdef",
          .found = {{"attic", "20.00"}},
          .runs = {{"table/attic/001-anchor", {.is_done = true, .begun = 1, .lost = {}}},
                   {"table/attic/001-fixed-max",
                    {.is_done = false, .begun = 2, .lost = {"the access point has rebooted"}}}}};
}

TEST(CampaignState, IsReadAsItWasWritten) {
  const auto read = parse_state(state_text(some_state()));

  ASSERT_TRUE(std::holds_alternative<State>(read));
  EXPECT_EQ(std::get<State>(read), some_state());
}

TEST(CampaignState, IsKnownByItsBegin) {
  EXPECT_THAT(state_text(some_state()), StartsWith(state_mark));
}

TEST(CampaignState, IsNotTakenFromAnythingElse) {
  for (const char* const text : {"", "{", "[]", "{}", R"({"plan": 1})"}) {
    EXPECT_TRUE(std::holds_alternative<StateError>(parse_state(text))) << text;
  }
  const std::string whole = state_text(some_state());
  EXPECT_TRUE(std::holds_alternative<StateError>(parse_state(whole.substr(0, whole.size() / 2))));
}

// It becomes a part of a path that is removed on a router.
TEST(CampaignState, ItsTokenIsNoPath) {
  for (const char* const token :
       {"", "../../../../etc/x", "0123456789ABCDEF", "x; reboot;xxxxxx"}) {
    State state = some_state();
    state.token = token;
    EXPECT_TRUE(std::holds_alternative<StateError>(parse_state(state_text(state)))) << token;
  }
}

}  // namespace
}  // namespace pianissimo::campaign
