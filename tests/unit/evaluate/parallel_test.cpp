#include "experiments/evaluate/parallel.hpp"

#include <gmock/gmock.h>

#include <atomic>
#include <mutex>
#include <set>
#include <stdexcept>
#include <thread>

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

TEST(DoAll, HasNoThreadsWithoutWork) {
  EXPECT_EQ(jobs_for(2, 1024), 2);
  EXPECT_EQ(jobs_for(1000, 3), 3);
  EXPECT_EQ(jobs_for(0, 3), 1);
  EXPECT_EQ(jobs_for(1, 0), 1);
  EXPECT_GE(jobs_for(1000, 0), 1);
}

TEST(DoAll, BeginsNoThreadsThatHaveNothingToDo) {
  std::mutex mutex;
  std::set<std::thread::id> threads;
  std::size_t asked = 0;

  EXPECT_TRUE(do_all(
      3, 1000, [](std::size_t) {}, unseen,
      [&] {
        const std::lock_guard lock{mutex};
        threads.insert(std::this_thread::get_id());
        ++asked;
        return false;
      }));

  EXPECT_LE(threads.size(), 3U);
  EXPECT_LE(asked, 6U);  // before each piece, and at the end of each thread
}

TEST(DoAll, OfNothingIsDone) {
  EXPECT_TRUE(do_all(
      0, 4, [](std::size_t) {}, unseen, never));
}

}  // namespace
}  // namespace pianissimo::evaluate
