// Where the journal may be: nowhere that something else is.
#pragma once

#include <optional>
#include <string>

namespace pianissimo::service {

/// Why the journal and its rotated files (`.1` to `.3`) cannot be at `path`, with the path in it: a
/// file there is no journal, a link, a device, somebody else's, or one of the daemon's own.
std::optional<std::string> wrong_journal_path(const std::string& path,
                                              const std::string& state_directory);

}  // namespace pianissimo::service
