// Why the kernel did not do it: an error code, and the kernel's own words where it has any.
#pragma once

#include <boost/system/error_code.hpp>
#include <boost/system/result.hpp>
#include <boost/system/system_error.hpp>
#include <string>

#include "controller/core/events.hpp"

namespace pianissimo::nl80211 {

/// What can go wrong on our side of the socket. The kernel's refusals are errno values in
/// boost::system::system_category().
enum class Errc {
  malformed = 1,  ///< bytes that are no netlink message, or lack what the command promises
  timed_out,      ///< no answer in time: it is lost, or the kernel is stuck
  no_family,      ///< this kernel has no nl80211: no wireless stack, or its modules not loaded
  no_netdev,      ///< an interface without a network device, as P2P devices are: not for us
  truncated,      ///< a message larger than the receive buffer
};

const boost::system::error_category& error_category() noexcept;
boost::system::error_code make_error_code(Errc code) noexcept;

struct Error {
  boost::system::error_code code;
  std::string text;  ///< the kernel's extended acknowledgement (NLMSGERR_ATTR_MSG), or empty

  Error() = default;  // boost::system::result wants one
  explicit Error(boost::system::error_code c, std::string t = {}) : code{c}, text{std::move(t)} {}
  explicit Error(Errc c) : code{make_error_code(c)} {}
  static Error from_errno(int number, std::string text = {});

  /// "Operation not supported: <the kernel's words>".
  std::string message() const;

  /// The errno nearest to it, for those who know nothing else; never 0.
  int as_errno() const noexcept;

  friend bool operator==(const Error&, const Error&) = default;
};

template <class T>
using Result = boost::system::result<T, Error>;

/// Lets Result<T>::value() throw; found by Boost through the argument's namespace.
[[noreturn]] void throw_exception_from_error(const Error& error,
                                             const boost::source_location& where);

/// What a failed write means to the controller (the table is beside PowerAnswer).
PowerAnswer answer_to(const Error& error) noexcept;

}  // namespace pianissimo::nl80211

template <>
struct boost::system::is_error_code_enum<pianissimo::nl80211::Errc> : std::true_type {};
