// Traces of path loss that a scenario names.
#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>

namespace pianissimo::testbed {

/// More is no trace of a channel: a row takes ten bytes.
inline constexpr std::uintmax_t most_trace_bytes = 67'108'864;

/// Whether `path` lies in `folder` or below it, symbolic links followed; it need not be there.
bool is_below(const std::filesystem::path& folder, const std::filesystem::path& path);

/// Not open unless `path` is a regular file of at most most_trace_bytes: a device may have no end,
/// and a pipe may wait for ever.
std::ifstream open_trace(const std::filesystem::path& path);

}  // namespace pianissimo::testbed
