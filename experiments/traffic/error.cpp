#include "experiments/traffic/error.hpp"

#include <cerrno>
#include <system_error>

namespace pianissimo::traffic {
namespace {

ExitStatus status_for(int error_number) {
  switch (error_number) {
    case EPERM:
    case EACCES:
      return ExitStatus::not_permitted;
    case ENODEV:
    case ENETUNREACH:
    case EHOSTUNREACH:
    case ENETDOWN:
    case EAFNOSUPPORT:
    case EOPNOTSUPP:
    case ENOSYS:
      return ExitStatus::unavailable;
    default:
      return ExitStatus::os_error;
  }
}

}  // namespace

Error system_error(const std::string& text, int error_number) {
  return {text + ": " + std::generic_category().message(error_number), status_for(error_number)};
}

}  // namespace pianissimo::traffic
