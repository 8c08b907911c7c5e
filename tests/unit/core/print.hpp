// How failures show our values.
#pragma once

#include <ostream>

#include "controller/core/box.hpp"
#include "controller/core/decision.hpp"

namespace pianissimo {

inline void PrintTo(Dbm level, std::ostream* out) { *out << level.value() << " dBm"; }
inline void PrintTo(Db gain, std::ostream* out) { *out << gain.value() << " dB"; }
inline void PrintTo(Throughput throughput, std::ostream* out) {
  *out << throughput.bps() << " bps";
}
inline void PrintTo(Reason reason, std::ostream* out) { *out << to_string(reason); }
inline void PrintTo(const MacAddress& address, std::ostream* out) { *out << to_string(address); }
inline void PrintTo(Instant at, std::ostream* out) {
  *out << static_cast<double>(at.time_since_epoch().count()) / 1e6 << " ms";
}
inline void PrintTo(const Box& box, std::ostream* out) {
  *out << box.floor().value() << ".." << box.ceiling().value() << " dBm";
}
inline void PrintTo(const Decision& decision, std::ostream* out) {
  PrintTo(decision.at, out);
  *out << ": " << decision.from.value() << " -> " << decision.to.value() << " dBm, "
       << to_string(decision.reason);
}
inline void PrintTo(const SetPower& command, std::ostream* out) {
  *out << "set " << command.level.value() << " dBm";
}
inline void PrintTo(const Outcome& outcome, std::ostream* out) {
  *out << '{';
  for (const Decision& decision : outcome.decisions) PrintTo(decision, out), *out << "; ";
  for (const SetPower& command : outcome.commands) PrintTo(command, out), *out << "; ";
  if (outcome.wake) *out << "wake at ", PrintTo(*outcome.wake, out), *out << "; ";
  for (const InterfaceIndex index : outcome.read_now) *out << "read " << value(index) << "; ";
  *out << '}';
}

}  // namespace pianissimo
