// Puts back the power that was found: on exit, after a crash, and on request.
#pragma once

#include <string>
#include <vector>

#include "controller/service/found_power.hpp"
#include "controller/service/ports.hpp"

namespace pianissimo::service {

struct PutBack {
  std::string interface;
  bool done = false;
  std::string message;  ///< for a person: what was done, or why it could not be
};

/// Gives every interface what was found: as a fixed level, within what its channel allows now, or
/// AUTOMATIC, if that is no more than was found. A radio that several interfaces share gets the
/// lowest of theirs. What the kernel is too busy for is tried again for 1.5 s. An interface that
/// does not exist any more took its power with it and counts as done.
Awaitable<std::vector<PutBack>> put_back(const FoundPowers& found, Ports ports);

}  // namespace pianissimo::service
