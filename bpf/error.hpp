// Why the kernel's side could not be had.
#pragma once

#include <boost/system/result.hpp>
#include <string>

namespace pianissimo::bpf {

struct Error {
  Error() = default;
  // Two arguments, so that a plain string is never taken for an error by Result<std::string>.
  Error(std::string text, int number) : message{std::move(text)}, error{number} {}

  std::string message;  ///< "wlan0: native XDP: Operation not supported"
  int error = 0;        ///< errno
};

template <class T>
using Result = boost::system::result<T, Error>;

/// Lets Result<T>::value() throw; found by Boost through the argument's namespace.
[[noreturn]] void throw_exception_from_error(const Error& error,
                                             const boost::source_location& where);

}  // namespace pianissimo::bpf
