// The daemon's status, for people.
#pragma once

#include <boost/json/object.hpp>

#include "controller/core/time.hpp"

namespace pianissimo::service {

/// On standard output. Throws if it is not a status of this version.
void print_status(const boost::json::object& status, Instant now);

}  // namespace pianissimo::service
