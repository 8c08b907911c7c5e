// Who counts the bytes: the driver, or programs of ours from some time on.
#include <gmock/gmock.h>

#include "controller/core/controller.hpp"
#include "tests/unit/core/script.hpp"

namespace pianissimo {
namespace {

using namespace test;

class Traffic : public testing::Test {
 protected:
  Traffic() {
    (void)controller.on(access_point());
    (void)controller.on(StationJoined{at_ms(1), wlan0, alice});
  }

  void serve(TrafficOrigin origin) {
    EXPECT_EQ(controller.on(TrafficSourceSet{at_ms(now), wlan0, origin, ""}).decisions.size(), 0u);
  }
  void counted(std::uint64_t bytes, const MacAddress& station = alice) {
    const TrafficReport report{at_ms(now), wlan0, {{.station = station, .tx_bytes = bytes}}};
    EXPECT_EQ(controller.on(report).decisions.size(), 0u);
  }
  // What the policy is shown at the next reading.
  std::optional<std::uint64_t> total(std::uint64_t by_driver) {
    now += 50;
    (void)controller.on(StationReport{at_ms(now), wlan0, {sample(alice, by_driver)}, true});
    return scripts[0].readings.back().at(0).totals.tx_bytes;
  }

  Scripts scripts;
  Controller controller{BoxParams{}, scripts.factory()};
  std::int64_t now = 10;
};

TEST_F(Traffic, IsCountedByTheDriverUntilSomebodyElseDoes) {
  total(1'000);

  EXPECT_EQ(total(1'500), 500u);
}

TEST_F(Traffic, IsCountedByOurProgramsFromThereOn) {
  total(1'000);
  total(1'500);

  serve(TrafficOrigin::bpf);
  counted(0);
  total(99'000);  // what the driver says does not count any more
  counted(700);

  EXPECT_EQ(total(100'000), 1'200u);
}

TEST_F(Traffic, CountsOfOursDoNotCountBeforeTheyServe) {
  total(1'000);
  counted(50);
  counted(5'000);

  EXPECT_EQ(total(1'500), 500u);
}

TEST_F(Traffic, GoesOnFromTheDriversCountersWhenOursEnd) {
  serve(TrafficOrigin::bpf);
  counted(0);
  total(1'000);
  counted(700);
  total(2'000);

  serve(TrafficOrigin::nl80211);

  EXPECT_EQ(total(2'300), 1'000u);
}

TEST_F(Traffic, CountersThatBeginAnewLoseNothing) {
  serve(TrafficOrigin::bpf);
  counted(0);
  counted(700);

  counted(40);  // attached anew: from zero

  EXPECT_EQ(total(0), 740u);
}

TEST_F(Traffic, AStationThatJoinsLaterIsCountedByOurProgramsToo) {
  serve(TrafficOrigin::bpf);
  (void)controller.on(StationLeft{at_ms(now), wlan0, alice});
  (void)controller.on(StationJoined{at_ms(now), wlan0, alice});
  counted(10);
  counted(60);

  EXPECT_EQ(total(123'456), 50u);
}

// Not idle: nobody knows.
TEST_F(Traffic, IsUnknownOfAStationThatOursDoNotCount) {
  total(1'000);
  total(1'500);

  serve(TrafficOrigin::bpf);
  counted(9'999, bob);

  EXPECT_EQ(total(2'000), std::nullopt);
}

TEST_F(Traffic, BeginsAtZeroWhenAStationIsCountedAgain) {
  serve(TrafficOrigin::bpf);
  counted(0);
  counted(700);
  EXPECT_EQ(total(0), 700u);
  EXPECT_EQ(total(0), std::nullopt);

  counted(900);
  EXPECT_EQ(total(0), 0u);
  counted(950);
  EXPECT_EQ(total(0), 50u);
}

TEST_F(Traffic, GoesOnWhenTheSameOriginIsToldAgain) {
  serve(TrafficOrigin::bpf);
  counted(0);
  counted(700);

  serve(TrafficOrigin::bpf);
  counted(800);

  EXPECT_EQ(total(0), 800u);
}

TEST_F(Traffic, ACounterIsNoProofOfAStation) {
  serve(TrafficOrigin::bpf);
  counted(1'000, bob);
  total(0);

  EXPECT_EQ(scripts[0].readings.back().size(), 1u);
}

TEST_F(Traffic, OfAnInterfaceThatIsNotOursChangesNothing) {
  const InterfaceIndex other{99};

  EXPECT_EQ(controller.on(TrafficSourceSet{at_ms(now), other, TrafficOrigin::bpf, ""}), Outcome{});
  EXPECT_EQ(controller.on(TrafficReport{at_ms(now), other, {{.station = alice}}}), Outcome{});
}

}  // namespace
}  // namespace pianissimo
