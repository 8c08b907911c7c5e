// What a law is shown of a station that a classifier calls idle.
#include "controller/policy/classified.hpp"

#include <gmock/gmock.h>

#include "tests/unit/core/words.hpp"

namespace pianissimo {
namespace {

using namespace test;

// Remembers what it was shown last.
class Witness final : public Policy {
 public:
  explicit Witness(std::vector<StationView>& seen) : seen_{seen} {}
  Advice start(Instant /*at*/, const Box& box, Reason /*reason*/) override {
    return {.level = box.ceiling()};
  }
  Advice on_applied(Instant /*at*/) override { return {.level = dbm(11)}; }
  Advice on_wake(Instant /*at*/) override { return {.level = dbm(12)}; }
  Advice on_reading(Instant /*at*/, std::span<const StationView> stations) override {
    seen_.assign(stations.begin(), stations.end());
    if (seen_[0].last != nullptr) airtime = seen_[0].last->tx_duration;
    return {.level = dbm(13)};
  }
  Advice on_station_left(Instant /*at*/, const MacAddress& /*station*/) override {
    return {.level = dbm(14)};
  }

  static inline std::optional<std::chrono::microseconds> airtime;

 private:
  std::vector<StationView>& seen_;
};

// Idle up to so many packets in half a second, light above.
TrafficTree idle_up_to(std::int32_t packets) {
  return {{{.split = TreeNode::Split{Feature::packets, packets, 1, 2}, .kind = {}},
           {.split = std::nullopt, .kind = LoadClass::idle},
           {.split = std::nullopt, .kind = LoadClass::light}}};
}

class ClassifiedLaw : public testing::Test {
 protected:
  /// So many readings, each 50 ms after the last, with so many packets more in each.
  void read(int readings, std::uint64_t packets) {
    for (int i = 0; i < readings; ++i) {
      ms_ += 50;
      packets_ += packets;
      StationSample last = sample(alice);
      last.tx_duration = std::chrono::microseconds{100 * packets_};
      const StationView view{
          alice, std::nullopt, {.tx_bytes = 100 * packets_, .tx_packets = packets_}, &last};
      law_->on_reading(at_ms(ms_), {&view, 1});
    }
  }
  std::uint64_t shown() const { return seen_.at(0).totals.tx_packets.value_or(0); }

  std::vector<StationView> seen_;
  std::unique_ptr<Policy> law_ =
      classified([this] { return std::make_unique<Witness>(seen_); }, idle_up_to(10))();
  std::int64_t ms_ = 0;
  std::uint64_t packets_ = 1000;
};

TEST_F(ClassifiedLaw, SeesWhatThereIsUntilTheFirstWindowHasEnded) {
  read(10, 1);

  EXPECT_EQ(shown(), 1010u);
}

TEST_F(ClassifiedLaw, SeesAnIdleStationStandStill) {
  read(10, 1);
  read(10, 1);

  EXPECT_EQ(shown(), 1010u) << "the window ended with ten packets: idle";
  EXPECT_EQ(Witness::airtime, std::chrono::microseconds{101'000});
}

TEST_F(ClassifiedLaw, SeesAllAtOnceWhenTheStationIsIdleNoMore) {
  read(20, 1);
  read(10, 2);

  EXPECT_EQ(shown(), 1040u);
}

TEST_F(ClassifiedLaw, SeesWhatThereIsOfAStationThatIsBusy) {
  read(50, 2);

  EXPECT_EQ(shown(), 1100u);
}

TEST_F(ClassifiedLaw, DoesNotBelieveAClassForLongerThanTwoWindows) {
  read(11, 1);
  ms_ += 1100;
  read(1, 1);

  EXPECT_EQ(shown(), 1012u) << "nobody has read for long, and the class is of the past";
}

TEST_F(ClassifiedLaw, AnswersAsTheLawDoes) {
  EXPECT_EQ(law_->start(at_ms(0), Box{dbm(1), dbm(20)}, Reason::start).level, dbm(20));
  EXPECT_EQ(law_->on_applied(at_ms(0)).level, dbm(11));
  EXPECT_EQ(law_->on_wake(at_ms(0)).level, dbm(12));
  EXPECT_EQ(law_->on_station_left(at_ms(0), alice).level, dbm(14));
}

TEST_F(ClassifiedLaw, ForgetsAStationThatLeft) {
  read(20, 1);
  law_->on_station_left(at_ms(ms_), alice);
  read(1, 1);

  EXPECT_EQ(shown(), 1021u);
}

}  // namespace
}  // namespace pianissimo
