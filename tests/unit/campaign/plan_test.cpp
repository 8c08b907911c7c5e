#include <gmock/gmock.h>

#include <map>
#include <set>

#include "experiments/campaign/plan.hpp"
#include "tests/unit/campaign/campaigns.hpp"

namespace pianissimo::campaign {
namespace {

TEST(CampaignPlan, HasEveryLawOnceInEachBlock) {
  const Campaign campaign = small_campaign();

  std::map<std::string, std::multiset<std::size_t>> laws;
  for (const PlannedRun& run : plan_of(campaign, 7))
    laws[block_name(campaign, run)].insert(run.law);

  EXPECT_EQ(laws.size(), 2U * 2U * 4U);  // places, access points, repetitions
  for (const auto& [block, found] : laws) {
    EXPECT_THAT(found, testing::ElementsAre(0, 1, 2)) << block;
  }
}

TEST(CampaignPlan, RunsABlockInOnePiece) {
  const Campaign campaign = small_campaign();

  std::vector<std::string> blocks;
  for (const PlannedRun& run : plan_of(campaign, 7)) {
    const std::string block = block_name(campaign, run);
    if (blocks.empty() || blocks.back() != block) blocks.push_back(block);
  }

  EXPECT_EQ(std::set(blocks.begin(), blocks.end()).size(), blocks.size());
}

TEST(CampaignPlan, FinishesAPlaceBeforeTheNext) {
  std::vector<std::size_t> places;
  for (const PlannedRun& run : plan_of(small_campaign(), 7)) places.push_back(run.place);

  EXPECT_TRUE(std::ranges::is_sorted(places));
}

TEST(CampaignPlan, DependsOnTheSeedAlone) {
  EXPECT_EQ(plan_of(small_campaign(), 7), plan_of(small_campaign(), 7));
  EXPECT_NE(plan_of(small_campaign(), 7), plan_of(small_campaign(), 8));
}

// With three laws each is first in a third of the blocks: 400 blocks, 133 each; within 4 standard
// deviations (9.4).
TEST(CampaignPlan, GivesEveryLawEveryTurn) {
  Campaign campaign = small_campaign();
  campaign.repetitions = 100;

  std::map<std::size_t, int> first;
  std::string block;
  for (const PlannedRun& run : plan_of(campaign, 7)) {
    if (block_name(campaign, run) != block) ++first[run.law];
    block = block_name(campaign, run);
  }

  for (const auto& [law, count] : first) EXPECT_NEAR(count, 133, 38) << law;
}

TEST(CampaignPlan, NamesARunByWhatItIs) {
  EXPECT_EQ(run_name(small_campaign(), {.place = 1, .access_point = 0, .law = 2, .block = 3}),
            "hall/attic/003-rate-7x2");
}

TEST(CampaignPlan, IsAnotherOneIfSomethingIsMeasuredDifferently) {
  const auto measured = [](const std::string& yaml) {
    return measured_text(std::get<Campaign>(parse_campaign(yaml, "x.yaml")), 7);
  };
  const std::string before = measured(small_yaml);

  EXPECT_NE(measured(small_with("seconds: 60", "seconds: 61")), before);
  EXPECT_NE(measured(small_with("mbps: 30", "mbps: 31")), before);
  EXPECT_NE(measured(small_with("anchor", "descend")), before);
  EXPECT_NE(measured(small_with("name: hall", "name: yard")), before);
  EXPECT_NE(measured_text(small_campaign(), 8), before);
  EXPECT_EQ(measured(small_with("root@192.168.1.1", "root@192.168.1.9")), before);
  EXPECT_EQ(measured(small_with("Behind the door", "Before the door")), before);
}

}  // namespace
}  // namespace pianissimo::campaign
