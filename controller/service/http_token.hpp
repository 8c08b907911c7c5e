// The secret of who may control over HTTP.
#pragma once

#include <string>
#include <variant>

#include "controller/service/replace_file.hpp"

namespace pianissimo::service {

/// The token in the state directory's file: 64 hexadecimal digits, which only its owner can read
/// (0600). It is made at first use; what is no such file (others can read it, it is a link, its
/// content is another) gives way to a new one. Throws std::system_error if the kernel has no random
/// bytes.
std::variant<std::string, StateError> http_token(const std::string& state_directory);

}  // namespace pianissimo::service
