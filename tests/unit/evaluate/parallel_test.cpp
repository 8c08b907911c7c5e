#include "experiments/evaluate/parallel.hpp"

#include <gmock/gmock.h>

#include <atomic>
#include <stdexcept>

namespace pianissimo::evaluate {
namespace {

constexpr auto never = [] { return false; };
constexpr auto unseen = [](std::size_t) {};

TEST(DoAll, DoesEachPieceOfWorkOnce) {
  std::vector<std::atomic<int>> times(1000);

  EXPECT_TRUE(do_all(
      1000, 4, [&](std::size_t i) { ++times[i]; }, unseen, never));

  for (const auto& count : times) EXPECT_EQ(count, 1);
}

TEST(DoAll, TellsOfEveryPieceThatIsDone) {
  std::vector<std::size_t> told;

  do_all(
      5, 2, [](std::size_t) {}, [&](std::size_t done) { told.push_back(done); }, never);

  EXPECT_THAT(told, testing::ElementsAre(1, 2, 3, 4, 5));
}

TEST(DoAll, BeginsNothingMoreOnceItShallStop) {
  std::atomic<int> done = 0;

  EXPECT_FALSE(do_all(
      100, 1, [&](std::size_t) { ++done; }, unseen, [&] { return done == 7; }));

  EXPECT_EQ(done, 7);
}

TEST(DoAll, PassesOnWhatAPieceOfWorkThrows) {
  const auto work = [](std::size_t i) {
    if (i == 3) throw std::runtime_error{"three"};
  };

  EXPECT_THROW(do_all(100, 3, work, unseen, never), std::runtime_error);
}

TEST(DoAll, OfNothingIsDone) {
  EXPECT_TRUE(do_all(
      0, 4, [](std::size_t) {}, unseen, never));
}

}  // namespace
}  // namespace pianissimo::evaluate
