// One station of the law `anchor`, told readings every 50 ms.
#pragma once

#include <gmock/gmock.h>

#include <cmath>

#include "controller/policy/anchor_station.hpp"
#include "tests/unit/core/words.hpp"

namespace pianissimo::anchor {

class OneStation : public ::testing::Test {
 protected:
  /// What happens to it until the next reading.
  struct Air {
    int delivered = 1000;
    double acknowledged = 1;  ///< share of the transmissions
    int mcs = 9;              ///< 9 is the fastest
    std::optional<Dbm> signal = dbm(-50);
    bool counts_retries = true;
    std::chrono::seconds connected{1000};
  };
  static constexpr Duration interval = std::chrono::milliseconds{50};

  void make(const AnchorParams& with) {
    params = with;
    station.emplace(params, test::alice);
  }
  /// So many readings of `air`.
  void read(int times = 1) {
    for (int i = 0; i < times; ++i) {
      now += interval;
      packets += static_cast<std::uint64_t>(air.delivered);
      retries +=
          static_cast<std::uint64_t>(std::lround(air.delivered / air.acknowledged - air.delivered));
      tell();
    }
  }
  void read_for(Duration time) { read(static_cast<int>(time / interval)); }
  /// Another level is in force from now on, so many dB below the one that was good for all.
  void go_to(Dbm level, int below, bool was_up = false) {
    station->begin_run();
    trial = {.level = level, .since = now, .was_up = was_up, .below = below};
  }
  /// It has seen what the ceiling gives, long enough to know it; and is now so many dB below.
  void know_the_ceiling_and_go_down(int below) {
    go_to(box.ceiling(), 0);
    read_for(std::chrono::seconds{10});
    ASSERT_TRUE(vote().is_good);
    station->good(now, box.ceiling(), false);
    go_to(box.ceiling() - db(below), below);
  }
  Vote vote() const { return station->vote(now, trial, box); }
  int spare() const { return station->spare(now); }

  AnchorParams params;
  std::optional<Station> station{std::in_place, params, test::alice};
  Air air;
  Box box{dbm(1), dbm(20)};
  Trial trial{.level = dbm(20), .since = test::at_ms(1'000'000)};
  Instant now = test::at_ms(1'000'000);

 private:
  void tell() {
    StationSample last = test::sample(test::alice, 0, air.connected);
    last.signal = air.signal;
    last.tx_rate = BitRate{.rate = Throughput::from_kbps(78'000 * (air.mcs + 1)),
                           .format = RateFormat::vht,
                           .mcs = static_cast<std::uint8_t>(air.mcs),
                           .nss = 2,
                           .width = Mhz{80}};
    StationView view{
        .station = test::alice, .expected_throughput = {}, .totals = {}, .last = &last};
    view.totals.tx_packets = packets;
    if (air.counts_retries) view.totals.tx_retries = retries;
    view.totals.tx_failed = 0;
    is_anew = station->on_reading(now, view, trial, box.ceiling());
  }

  std::uint64_t packets = 0;
  std::uint64_t retries = 0;

 protected:
  bool is_anew = false;
};

}  // namespace pianissimo::anchor
