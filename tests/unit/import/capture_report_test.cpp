// From frames to the three plots: a monitor capture alone gives throughput, rate and power over
// time.
#include <gmock/gmock.h>

#include "experiments/import/pcap_file.hpp"
#include "experiments/import/traffic_journal.hpp"
#include "experiments/report/drawings.hpp"
#include "experiments/report/series.hpp"
#include "tests/unit/import/packets.hpp"
#include "tests/unit/report/files.hpp"

namespace pianissimo::capture {
namespace {

using namespace test;
using namespace std::chrono_literals;
using report::Folder;
using testing::AllOf;
using testing::DoubleNear;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::Pair;

constexpr std::uint32_t with_radiotap = 127;

// For 4 s a frame of 1250 bytes every 10 ms: 1 Mbit/s. After 2 s the power falls from 20 to 11 dBm,
// and the rate from 54 to 24 Mbit/s.
std::string falling_power() {
  std::vector<Packet> packets;
  for (std::int64_t i = 0; i < 400; ++i) {
    const bool is_late = i >= 200;
    packets.push_back({10'000 * i, sent({.power = static_cast<std::int8_t>(is_late ? 11 : 20),
                                         .rate = static_cast<std::uint8_t>(is_late ? 48 : 108)},
                                        data_frame({.receiver = alice,
                                                    .sender = access_point,
                                                    .from_ds = true,
                                                    .sequence = static_cast<std::uint16_t>(16 * i)},
                                                   1250))});
  }
  return pcap(with_radiotap, packets);
}

report::Run run_of(const Folder& folder, const std::string& capture, Dbm full_power) {
  std::string text;
  TrafficJournal journal{100ms, full_power,
                         [&](const journal::Record& r) { text += journal::to_line(r) + '\n'; }};
  TrafficTable table{100ms, [&](const Row& row) { journal.take(row); }};
  read_capture(folder.write("c.pcap", capture),
               [&](Instant at, const Frame& frame) { table.take(at, frame); });
  table.finish();
  journal.finish();
  return report::load_run(folder.write("j.jsonl", text));
}

// Each value where it begins.
std::vector<std::pair<double, double>> changes(const report::Series& series) {
  std::vector<std::pair<double, double>> result;
  for (const report::SeriesPoint& point : series) {
    if (!point.value || (!result.empty() && result.back().second == *point.value)) continue;
    result.emplace_back(point.t, *point.value);
  }
  return result;
}

auto begins(double t, double value) { return Pair(DoubleNear(t, 1e-6), DoubleNear(value, 1e-6)); }

TEST(ReportOfACapture, HasThroughputRateAndPowerOverTime) {
  const Folder folder;
  const auto run = run_of(folder, falling_power(), dbm(20));

  EXPECT_THAT(changes(report::level_in_use(run, alice)), ElementsAre(begins(0, 20), begins(2, 11)));
  // A rate is read at the end of its interval.
  EXPECT_THAT(changes(report::rate_of(run.journal->stations.at(alice), run)),
              ElementsAre(begins(0.1, 54), begins(2.1, 24)));
  const auto load = report::load_of(run, alice);
  ASSERT_EQ(load.size(), 4U);
  for (const report::LoadSecond& second : load) {
    EXPECT_NEAR(second.offered_mbps.value(), 1, 0.002) << second.t;
  }
  EXPECT_EQ(report::counted_by(run, alice), "the capture");
}

TEST(ReportOfACapture, DrawsAllThree) {
  const Folder folder;
  std::vector<report::Run> runs;
  runs.push_back(run_of(folder, falling_power(), dbm(20)));
  const report::Report made = report::make_report(std::move(runs), std::nullopt);

  const auto drawing = report::draw_time(made.runs.at(0), alice);

  ASSERT_TRUE(drawing);
  EXPECT_THAT(*drawing,
              AllOf(HasSubstr("power, dBm"), HasSubstr("as confirmed"),
                    HasSubstr("throughput, Mbit/s"), HasSubstr("counted by the capture"),
                    HasSubstr("bit rate of the last frame sent"), Not(HasSubstr("offered"))));
}

TEST(ReportOfACapture, WithoutPowersHasTheOneThatIsAssumed) {
  const Folder folder;
  const Bytes frame =
      radiotap({}, data_frame({.receiver = alice, .sender = access_point, .from_ds = true}, 100));
  const auto run = run_of(folder, pcap(with_radiotap, {{0, frame}, {500'000, frame}}), dbm(14));

  EXPECT_THAT(changes(report::level_in_use(run, alice)), ElementsAre(begins(0, 14)));
}

}  // namespace
}  // namespace pianissimo::capture
