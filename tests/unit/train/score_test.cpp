// Precision, recall and F1, against figures reckoned by hand.
#include "experiments/train/score.hpp"

#include <gtest/gtest.h>

namespace pianissimo::train {
namespace {

void add(Score& score, int times, LoadClass truth, LoadClass said) {
  for (int i = 0; i < times; ++i) score.add(truth, said);
}

TEST(Score, OfWhatIsAlwaysRightIsOne) {
  Score score;
  for (const LoadClass kind : load_classes) add(score, 3, kind, kind);

  EXPECT_DOUBLE_EQ(score.macro_f1(), 1);
  EXPECT_DOUBLE_EQ(score.accuracy(), 1);
}

TEST(Score, PrecisionIsOfWhatWasSaidAndRecallOfWhatIs) {
  Score score;
  add(score, 6, LoadClass::saturated, LoadClass::saturated);
  add(score, 2, LoadClass::saturated, LoadClass::light);
  add(score, 4, LoadClass::light, LoadClass::saturated);
  add(score, 8, LoadClass::light, LoadClass::light);

  const ClassScore saturated = score.of(LoadClass::saturated);
  EXPECT_EQ(saturated.windows, 8u);
  EXPECT_DOUBLE_EQ(saturated.precision, 0.6);
  EXPECT_DOUBLE_EQ(saturated.recall, 0.75);
  EXPECT_DOUBLE_EQ(saturated.f1, 2.0 / 3);
  EXPECT_DOUBLE_EQ(score.accuracy(), 0.7);
  // light: 0.8, 2/3, 8/11. No window is idle, so that class does not count.
  EXPECT_DOUBLE_EQ(score.macro_f1(), (2.0 / 3 + 8.0 / 11) / 2);
}

TEST(Score, OfNothingIsZero) {
  EXPECT_EQ(Score{}.macro_f1(), 0);
  EXPECT_EQ(Score{}.of(LoadClass::idle).f1, 0);
}

}  // namespace
}  // namespace pianissimo::train
