// Small files that others read: whole or not at all.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "controller/service/exit_status.hpp"

namespace pianissimo::service {

struct StateError {
  std::string message;  ///< names the file
  ExitStatus status = ExitStatus::unavailable;
  friend bool operator==(const StateError&, const StateError&) = default;
};

/// What errno says of a file. `status` is what an error means that is no lack of permission.
StateError file_error(const std::string& path, const char* what, ExitStatus status);

/// Replaces the file in one step: a crash leaves the old one or the new one.
std::optional<StateError> replace_file(const std::string& path, std::string_view text);

/// Removes the file; there being none is no error.
std::optional<StateError> remove_file(const std::string& path);

}  // namespace pianissimo::service
