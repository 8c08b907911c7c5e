// The rows for people and for programs.
#pragma once

#include <span>
#include <string>

#include "experiments/recorded/judge.hpp"

namespace pianissimo::recorded {

/// A JSON array with an object per row, one per line; with more than one recording the totals
/// follow, whose recording is null. Of each figure its mean over the seeds and, of two seeds or
/// more, `<figure>_ci95`: half the width of the interval.
std::string json_of(std::span<const NamedTable> tables, std::span<const Row> rows,
                    const JudgeOptions& options);

/// A table per recording, and of more than one the total.
std::string markdown_of(std::span<const NamedTable> tables, std::span<const Row> rows,
                        const JudgeOptions& options);

}  // namespace pianissimo::recorded
