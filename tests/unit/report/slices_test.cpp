#include "experiments/report/slices.hpp"

#include "tests/unit/report/files.hpp"

namespace pianissimo::report {
namespace {

using testing::ElementsAre;
using testing::SizeIs;

std::vector<TruthRow> rows_of(const std::string& lines, const Span& part) {
  const Folder folder;
  return read_truth(folder.write("truth.csv", truth_header + lines), part).stations.at(station_a);
}

TEST(Bins, HoldASecondEach) {
  const Span part{at(100), at(102)};
  const auto rows =
      rows_of(truth_lines(100, 101, 20, 70, 40) + truth_lines(101, 102, 20, 70, 60), part);

  const auto bins = bins_of(rows, part);

  ASSERT_THAT(bins, SizeIs(2));
  EXPECT_DOUBLE_EQ(bins[0].airtime_us, 10'000);
  EXPECT_NEAR(bins[0].capacity_mbps().value(), 40, 1e-6);
  EXPECT_NEAR(bins[1].capacity_mbps().value(), 60, 1e-6);
}

TEST(Bins, WithoutAirtimeHaveNoCapacity) {
  EXPECT_EQ((Bin{0, 0}.capacity_mbps()), std::nullopt);
  EXPECT_EQ((Bin{0, 5}.capacity_mbps()), 0);
}

TEST(Bins, LeaveOutAShortRemainder) {
  const Span part{at(100), at(101.4)};

  EXPECT_THAT(bins_of(rows_of(truth_lines(100, 101.4, 20, 70, 40), part), part), SizeIs(1));
}

TEST(Phases, FollowTheStepsOfThePathLoss) {
  const Span part{at(100), at(109)};
  const auto rows = rows_of(truth_lines(99.5, 103, 20, 74, 40) + truth_lines(103, 106, 20, 84, 40) +
                                truth_lines(106, 110, 20, 74, 40),
                            part);

  const auto phases = phases_of(rows, part);

  ASSERT_THAT(phases, SizeIs(3));
  EXPECT_EQ(phases[0].low_db, 74);
  EXPECT_THAT(phases[0].spans, ElementsAre(Span{at(100), at(103)}));
  EXPECT_EQ(phases[1].low_db, 84);
  EXPECT_THAT(phases[1].spans, ElementsAre(Span{at(103), at(106)}));
  EXPECT_THAT(phases[2].spans, ElementsAre(Span{at(106), at(109)}));
}

TEST(Phases, GoOnAcrossMissingRows) {
  const Span part{at(100), at(105)};
  const auto rows =
      rows_of(truth_lines(100, 102, 20, 74, 40) + truth_lines(102.5, 105, 20, 74, 40), part);

  EXPECT_THAT(phases_of(rows, part).at(0).spans, ElementsAre(part));
}

TEST(Phases, OfADriftingPathLossAreSlicesOfIt) {
  const Span part{at(100), at(140)};
  std::string lines;
  for (int i = 1; i <= 400; ++i) {
    // 70 dB up to 90 dB and back.
    lines += truth_line(100 + 0.1 * i, 20, 70 + 0.1 * std::min(i, 400 - i), 40);
  }

  const auto phases = phases_of(rows_of(lines, part), part);

  ASSERT_FALSE(phases.empty());
  EXPECT_LE(phases.size(), 11U);
  EXPECT_EQ(phases[0].low_db, 70);
  EXPECT_EQ(phases[0].high_db, 72);
  EXPECT_THAT(phases[0].spans, SizeIs(2));  // on the way up and on the way back
  double sum = 0;
  for (const Phase& phase : phases) sum += phase.seconds();
  EXPECT_NEAR(sum, 40, 1e-9);
}

TEST(Phases, NeedAPathLoss) {
  std::vector<TruthRow> rows{{.span = {at(100), at(100.1)}}};

  EXPECT_TRUE(phases_of(rows, {at(100), at(101)}).empty());
}

}  // namespace
}  // namespace pianissimo::report
