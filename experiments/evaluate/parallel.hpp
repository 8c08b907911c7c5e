// Many independent pieces of work on several cores.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>

namespace pianissimo::evaluate {

/// Threads for so many pieces of work: those asked for (0: one per core), but none without work.
int jobs_for(std::size_t count, int asked);

/// Does work(0) ... work(count - 1) in jobs_for(count, jobs) threads, each once, begun in this
/// order. `progress` is told how many are done; from one thread at a time. Once `stop` says so
/// (asked before each), no more is begun. What a piece of work throws is thrown here, when those
/// under way are done. False: stopped before all was done.
bool do_all(std::size_t count, int jobs, const std::function<void(std::size_t)>& work,
            const std::function<void(std::size_t done)>& progress,
            const std::function<bool()>& stop);

}  // namespace pianissimo::evaluate
