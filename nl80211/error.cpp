#include "nl80211/error.hpp"

#include <cerrno>

namespace pianissimo::nl80211 {
namespace {

namespace sys = boost::system;

// Boost's category has a protected, non-virtual destructor on purpose: nobody deletes through it.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wnon-virtual-dtor"
class Category final : public sys::error_category {
 public:
  const char* name() const noexcept override { return "nl80211"; }

  std::string message(int code) const override {
    switch (static_cast<Errc>(code)) {
      case Errc::malformed:
        return "malformed netlink message";
      case Errc::timed_out:
        return "the kernel did not answer in time";
      case Errc::no_family:
        return "this kernel has no nl80211";
      case Errc::no_netdev:
        return "interface without a network device";
      case Errc::truncated:
        return "netlink message larger than the receive buffer";
    }
    return "unknown nl80211 error";
  }

  sys::error_condition default_error_condition(int code) const noexcept override {
    switch (static_cast<Errc>(code)) {
      case Errc::malformed:
        return sys::errc::make_error_condition(sys::errc::bad_message);
      case Errc::timed_out:
        return sys::errc::make_error_condition(sys::errc::timed_out);
      case Errc::no_family:
        return sys::errc::make_error_condition(sys::errc::protocol_not_supported);
      case Errc::no_netdev:
        return sys::errc::make_error_condition(sys::errc::no_such_device);
      case Errc::truncated:
        return sys::errc::make_error_condition(sys::errc::message_size);
    }
    return {code, *this};
  }
};
#pragma GCC diagnostic pop

}  // namespace

const sys::error_category& error_category() noexcept {
  static const Category category;
  return category;
}

sys::error_code make_error_code(Errc code) noexcept {
  return {static_cast<int>(code), error_category()};
}

Error Error::from_errno(int number, std::string text) {
  return Error{sys::error_code{number, sys::system_category()}, std::move(text)};
}

std::string Error::message() const {
  std::string words = code.message();
  if (!text.empty()) words += ": " + text;
  return words;
}

int Error::as_errno() const noexcept {
  if (code.category() == sys::system_category()) return code.value() == 0 ? EIO : code.value();
  const sys::error_condition condition = code.default_error_condition();
  const bool known = condition.category() == sys::generic_category() && condition.value() != 0;
  return known ? condition.value() : EIO;
}

void throw_exception_from_error(const Error& error, const boost::source_location&) {
  throw sys::system_error{error.code, error.text};
}

PowerAnswer answer_to(const Error& error) noexcept {
  switch (error.as_errno()) {
    case EBUSY:
    case EAGAIN:
    case ENOBUFS:
    case ENOMEM:
    case EINTR:
    case ECANCELED:
    case ETIMEDOUT:
    case EBADMSG:  // our Errc::malformed and truncated: what we got was not the answer
    case EMSGSIZE:
    case ENETDOWN:  // the interface is there, and may be up again soon
      return PowerAnswer::busy;
    case ENODEV:
    case ENOENT:
      return PowerAnswer::gone;
    case EPERM:
    case EACCES:
      return PowerAnswer::not_permitted;
    default:
      return PowerAnswer::unsupported;
  }
}

}  // namespace pianissimo::nl80211
