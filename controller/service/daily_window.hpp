// When the power may go down by itself, as the local clock says.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace pianissimo::service {

/// Whether the change window (`auto_between`) is open at this wall time (ms since the epoch), by
/// the time zone of the process (TZ, tzset(3)). A window goes by the clock on the wall: an hour
/// that summer time skips does not come, one that it repeats comes twice. No spans: it is always
/// open.
bool is_open(const std::vector<std::string>& spans, std::int64_t wall_ms);

}  // namespace pianissimo::service
