// A law that is told by a trained classifier who is idle.
#pragma once

#include "controller/core/policy.hpp"
#include "controller/core/traffic_tree.hpp"

namespace pianissimo {

/// The same law. A station that the tree calls idle is shown with counters that stand still: for
/// every law that is who decides nothing. What it was sent meanwhile shows in the first reading
/// after its class has changed. Of a station without a class (no window has ended yet, its packets
/// are not counted, readings are too rare) the law sees what there is. The tree must have no fault.
PolicyFactory classified(PolicyFactory law, const TrafficTree& tree);

}  // namespace pianissimo
