// Puts back the power that was found: on exit, after a crash, and on request.
#pragma once

#include <string>
#include <vector>

#include "controller/service/found_power.hpp"
#include "controller/service/ports.hpp"

namespace pianissimo::service {

struct PutBack {
  std::string interface;
  Dbm power;
  bool done = false;
  std::string message;  ///< for a person: what was done, or why it could not be
};

/// Sets every interface to what was found. One that does not exist any more took its power with it
/// and counts as done.
Awaitable<std::vector<PutBack>> put_back(const FoundPowers& found, Ports ports);

}  // namespace pianissimo::service
