#include "experiments/sim/counters.hpp"

#include <gtest/gtest.h>

namespace pianissimo::sim {
namespace {

using namespace std::chrono_literals;
using Retries = CountersPlan::Retries;
using Failed = CountersPlan::Failed;

StationSample shown(StationCounters& counters, Instant at) {
  StationSample out;
  counters.show(at, out);
  return out;
}

// Ten MPDUs: of the first try six are missing, of the second nine of these ten are there, and one
// is given up.
StationCounters after_one_exchange(const CountersPlan& plan) {
  StationCounters counters{plan};
  counters.tried(Instant{} + 1ms, 400us, 6);
  counters.tried(Instant{} + 2ms, 400us, 1);
  counters.finished(Instant{} + 2ms, 2, 10, 12'000, 1);
  return counters;
}

TEST(Counters, CountMpdusThatAreSentAgain) {
  StationCounters counters = after_one_exchange({});
  const StationSample sample = shown(counters, Instant{} + 3ms);

  EXPECT_EQ(sample.tx_packets, 10U);
  EXPECT_EQ(sample.tx_bytes, 12'000U);
  EXPECT_EQ(sample.tx_retries, 7U);
  EXPECT_EQ(sample.tx_failed, 1U);
  EXPECT_EQ(sample.tx_duration, 800us);
}

TEST(Counters, CountFramesThatAreSentAgain) {
  StationCounters counters = after_one_exchange({.retries = Retries::frame});

  EXPECT_EQ(shown(counters, Instant{} + 3ms).tx_retries, 1U);
}

TEST(Counters, CallEveryRetryAFailure) {
  StationCounters mpdus = after_one_exchange({.failed = Failed::retries});
  StationCounters frames =
      after_one_exchange({.retries = Retries::frame, .failed = Failed::retries});

  EXPECT_EQ(shown(mpdus, Instant{} + 3ms).tx_failed, 7U);
  EXPECT_EQ(shown(frames, Instant{} + 3ms).tx_failed, 1U);
}

TEST(Counters, AreAbsentOnSomeDrivers) {
  StationCounters none = after_one_exchange({.retries = Retries::none, .failed = Failed::none});

  const StationSample sample = shown(none, Instant{} + 3ms);
  EXPECT_EQ(sample.tx_retries, std::nullopt);
  EXPECT_EQ(sample.tx_failed, std::nullopt);
  EXPECT_EQ(sample.tx_packets, 10U);
}

TEST(Counters, ComeInBurstsWithWhatWasCountedUntilThen) {
  StationCounters counters{{.burst_ms = 300}};  // at 100 ms, 400 ms, ...
  counters.finished(Instant{} + 50ms, 1, 1, 1200, 0);
  EXPECT_EQ(shown(counters, Instant{} + 99ms).tx_packets, 0U);
  EXPECT_EQ(shown(counters, Instant{} + 100ms).tx_packets, 1U);

  counters.tried(Instant{} + 390ms, 200us, 1);
  counters.finished(Instant{} + 390ms, 1, 1, 1200, 0);
  // The burst at 400 ms knows nothing of this one.
  counters.finished(Instant{} + 410ms, 1, 1, 1200, 0);
  const StationSample sample = shown(counters, Instant{} + 699ms);
  EXPECT_EQ(sample.tx_packets, 2U);
  EXPECT_EQ(sample.tx_bytes, 2400U);
  EXPECT_EQ(sample.tx_retries, 1U);
  EXPECT_EQ(sample.tx_duration, 200us);
  EXPECT_EQ(shown(counters, Instant{} + 5s).tx_packets, 3U);
}

}  // namespace
}  // namespace pianissimo::sim
