// What a decision means, for people: the sentence of its reason, with the numbers behind it.
#pragma once

#include <string>

#include "controller/core/decision.hpp"

namespace pianissimo {

/// "The signal of station 02:00:00:00:00:0a fell by 6 dB: up to 17 dBm before anything is lost."
/// Numbers that the decision does not have are left out; the sentence is whole all the same.
std::string sentence(const Decision& decision);

/// What the reason means in general: "The signal of a station fell: up before anything is lost."
std::string sentence(Reason reason);

}  // namespace pianissimo
