#include "experiments/policies/blindfold.hpp"

#include <gmock/gmock.h>

#include <array>

#include "tests/unit/core/words.hpp"

namespace pianissimo::policies {
namespace {

using namespace pianissimo::test;
using testing::Optional;

struct Seen {
  StationView view;
  StationSample last;
};

// Remembers what it was told last, and answers with a level of its own for each kind of event.
class Witness final : public Policy {
 public:
  explicit Witness(std::vector<Seen>& seen) : seen_{seen} {}
  Advice start(Instant /*at*/, const Box& box, Reason /*reason*/) override {
    return {.level = box.ceiling()};
  }
  Advice on_applied(Instant /*at*/) override { return {.level = dbm(11)}; }
  Advice on_wake(Instant /*at*/) override { return {.level = dbm(12)}; }
  Advice on_reading(Instant /*at*/, std::span<const StationView> stations) override {
    seen_.clear();
    for (const StationView& view : stations) seen_.push_back({view, *view.last});
    return {.level = dbm(13)};
  }
  Advice on_station_left(Instant /*at*/, const MacAddress& /*station*/) override {
    return {.level = dbm(14)};
  }

 private:
  std::vector<Seen>& seen_;
};

StationSample a_sample(const MacAddress& station) {
  StationSample sample{.station = station};
  sample.expected_throughput = mbps(100);
  sample.tx_bytes = 5'000;
  sample.tx_packets = 50;
  sample.tx_retries = 7;
  sample.tx_failed = 3;
  sample.tx_duration = std::chrono::microseconds{900};
  sample.tx_rate = sample.rx_rate = BitRate{};
  sample.signal = sample.signal_avg = sample.ack_signal = sample.ack_signal_avg = dbm(-60);
  return sample;
}

// What a law sees of alice and bob with these observations hidden.
std::vector<Seen> seen_without(std::vector<Observation> hidden) {
  std::vector<Seen> seen;
  const auto law =
      blindfolded([&seen] { return std::make_unique<Witness>(seen); }, std::move(hidden))();
  const std::array samples{a_sample(alice), a_sample(bob)};
  std::vector<StationView> views;
  for (const StationSample& sample : samples) {
    views.push_back(
        {.station = sample.station,
         .expected_throughput = mbps(100),
         .totals = {.tx_bytes = 5'000, .tx_packets = 50, .tx_retries = 7, .tx_failed = 3},
         .last = &sample});
  }
  law->on_reading(at_ms(50), views);
  return seen;
}

TEST(Blindfold, HidesNothingThatIsNotNamed) {
  const auto seen = seen_without({Observation::signal});

  ASSERT_EQ(seen.size(), 2U);
  StationSample expected = a_sample(bob);
  expected.signal = expected.signal_avg = expected.ack_signal = expected.ack_signal_avg =
      std::nullopt;
  EXPECT_EQ(seen[1].last, expected);
  EXPECT_EQ(seen[1].view.station, bob);
  EXPECT_THAT(seen[1].view.expected_throughput, Optional(mbps(100)));
  EXPECT_THAT(seen[1].view.totals.tx_failed, Optional(3U));
}

TEST(Blindfold, HidesCountersInTheReadingAndInTheTotals) {
  const Seen seen = seen_without({Observation::failed, Observation::retries}).front();

  EXPECT_EQ(seen.last.tx_failed, std::nullopt);
  EXPECT_EQ(seen.last.tx_retries, std::nullopt);
  EXPECT_EQ(seen.view.totals.tx_failed, std::nullopt);
  EXPECT_EQ(seen.view.totals.tx_retries, std::nullopt);
  EXPECT_THAT(seen.view.totals.tx_packets, Optional(50U));
  EXPECT_THAT(seen.last.signal, Optional(dbm(-60)));
}

TEST(Blindfold, HidesEstimateAirtimeAndRates) {
  const Seen seen =
      seen_without({Observation::estimate, Observation::airtime, Observation::rate}).front();

  EXPECT_EQ(seen.view.expected_throughput, std::nullopt);
  EXPECT_EQ(seen.last.expected_throughput, std::nullopt);
  EXPECT_EQ(seen.last.tx_duration, std::nullopt);
  EXPECT_EQ(seen.last.tx_rate, std::nullopt);
  EXPECT_EQ(seen.last.rx_rate, std::nullopt);
}

TEST(Blindfold, AnswersAsTheLawDoes) {
  std::vector<Seen> seen;
  const auto law =
      blindfolded([&seen] { return std::make_unique<Witness>(seen); }, {Observation::signal})();

  EXPECT_EQ(law->start(at_ms(0), Box{dbm(1), dbm(20)}, Reason::start).level, dbm(20));
  EXPECT_EQ(law->on_applied(at_ms(1)).level, dbm(11));
  EXPECT_EQ(law->on_wake(at_ms(2)).level, dbm(12));
  EXPECT_EQ(law->on_reading(at_ms(3), {}).level, dbm(13));
  EXPECT_EQ(law->on_station_left(at_ms(4), alice).level, dbm(14));
}

TEST(Blindfold, KnowsObservationsByName) {
  EXPECT_THAT(find_observation("signal"), Optional(Observation::signal));
  EXPECT_THAT(find_observation("estimate"), Optional(Observation::estimate));
  EXPECT_THAT(find_observation("rate"), Optional(Observation::rate));
  EXPECT_EQ(find_observation("signals"), std::nullopt);
}

}  // namespace
}  // namespace pianissimo::policies
