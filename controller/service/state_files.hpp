// What is in the state directory.
#pragma once

#include <array>
#include <string_view>

namespace pianissimo::service {

inline constexpr std::string_view found_file = "found.json";
inline constexpr std::string_view status_file = "status.json";
inline constexpr std::string_view lock_file = "lock";
inline constexpr std::string_view pid_file = "pid";
inline constexpr std::string_view control_file = "control";
inline constexpr std::string_view token_file = "http_token";
inline constexpr std::array state_files{found_file, status_file,  lock_file,
                                        pid_file,   control_file, token_file};

}  // namespace pianissimo::service
