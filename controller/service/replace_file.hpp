// Small files that others read: whole or not at all.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "controller/service/exit_status.hpp"

namespace pianissimo::service {

struct StateError {
  std::string message;  ///< names the file
  ExitStatus status = ExitStatus::unavailable;
  friend bool operator==(const StateError&, const StateError&) = default;
};

/// What errno says of a file. `status` is what an error means that is no lack of permission.
StateError file_error(const std::string& path, const char* what, ExitStatus status);

/// What a small file of ours says; nullopt: there is none. No link, pipe or device is followed or
/// waited for, and nothing above `most` bytes is read.
std::variant<std::optional<std::string>, StateError> read_small_file(const std::string& path,
                                                                     std::size_t most = 65'536);

/// Makes the directory, 0755 whatever the umask, or checks the one that is there: it belongs to
/// this user or to root, nobody else can write to it, and it is no link.
std::optional<StateError> prepare_directory(const std::string& path);

/// Replaces the file in one step: a crash leaves the old one or the new one.
/// Nobody but its owner and group may read it unless `mode` says so, whatever the umask.
std::optional<StateError> replace_file(const std::string& path, std::string_view text,
                                       unsigned mode = 0640);

/// Removes the file; there being none is no error.
std::optional<StateError> remove_file(const std::string& path);

}  // namespace pianissimo::service
