// Why there is no traffic.
#pragma once

#include <boost/system/result.hpp>
#include <cstdint>
#include <string>
#include <utility>

namespace pianissimo::traffic {

/// sysexits(3).
enum class ExitStatus : std::uint8_t {
  usage = 64,          ///< EX_USAGE: a plan that cannot be
  unavailable = 69,    ///< EX_UNAVAILABLE: no such interface, namespace or route; an older kernel
  os_error = 71,       ///< EX_OSERR
  not_permitted = 77,  ///< EX_NOPERM
};

struct Error {
  Error() = default;
  Error(std::string text, ExitStatus status) : message{std::move(text)}, exit_status{status} {}

  std::string message;
  ExitStatus exit_status = ExitStatus::os_error;
};

template <class T>
using Result = boost::system::result<T, Error>;

/// "text: Operation not permitted", with the exit status that fits this errno.
Error system_error(const std::string& text, int error_number);

}  // namespace pianissimo::traffic
