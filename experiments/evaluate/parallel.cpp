#include "experiments/evaluate/parallel.hpp"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

namespace pianissimo::evaluate {

int jobs_for(std::size_t count, int asked) {
  const std::size_t most = asked > 0 ? static_cast<std::size_t>(asked)
                                     : std::size_t{std::thread::hardware_concurrency()};
  return static_cast<int>(std::clamp(most, std::size_t{1}, std::max(count, std::size_t{1})));
}

bool do_all(std::size_t count, int jobs, const std::function<void(std::size_t)>& work,
            const std::function<void(std::size_t done)>& progress,
            const std::function<bool()>& stop) {
  std::atomic<std::size_t> next = 0;
  std::mutex mutex;  // of what follows
  std::size_t done = 0;
  std::exception_ptr failure;
  std::atomic<bool> has_failed = false;

  const auto worker = [&] {
    for (;;) {
      if (has_failed || stop()) return;
      const std::size_t i = next++;
      if (i >= count) return;
      try {
        work(i);
        const std::lock_guard lock{mutex};
        progress(++done);
      } catch (...) {
        const std::lock_guard lock{mutex};
        if (!failure) failure = std::current_exception();
        has_failed = true;
      }
    }
  };
  {
    std::vector<std::jthread> threads;
    try {
      for (int i = 1; i < jobs_for(count, jobs); ++i) threads.emplace_back(worker);
    } catch (const std::system_error&) {
      // There are no more threads to be had: those that are there do the work.
    }
    worker();
  }
  if (failure) std::rethrow_exception(failure);
  return done == count;
}

}  // namespace pianissimo::evaluate
