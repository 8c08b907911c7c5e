#include "controller/core/decision.hpp"

namespace pianissimo {

std::string_view to_string(Reason reason) {
  switch (reason) {
    case Reason::start:
      return "start";
    case Reason::station_joined:
      return "station_joined";
    case Reason::box_changed:
      return "box_changed";
    case Reason::single_level:
      return "single_level";
    case Reason::step_down:
      return "step_down";
    case Reason::throughput_fell:
      return "throughput_fell";
    case Reason::floor_reached:
      return "floor_reached";
    case Reason::visit:
      return "visit";
    case Reason::visit_over:
      return "visit_over";
    case Reason::visit_passed:
      return "visit_passed";
    case Reason::visit_failed:
      return "visit_failed";
    case Reason::visit_inconclusive:
      return "visit_inconclusive";
    case Reason::idle:
      return "idle";
    case Reason::no_estimate:
      return "no_estimate";
    case Reason::fixed:
      return "fixed";
    case Reason::knob_refused:
      return "knob_refused";
    case Reason::knob_clamped:
      return "knob_clamped";
  }
  return "";
}

}  // namespace pianissimo
