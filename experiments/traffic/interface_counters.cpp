#include "experiments/traffic/interface_counters.hpp"

#include <array>
#include <chrono>
#include <fstream>
#include <sstream>
#include <thread>

namespace pianissimo::traffic {

Result<InterfaceCounters> read_counters(const std::string& interface) {
  // /proc/net is the namespace of the process's first thread; /sys that of whoever mounted it.
  std::ifstream file{"/proc/thread-self/net/dev"};
  for (std::string line; std::getline(file, line);) {
    const auto colon = line.find(':');
    const auto begin = line.find_first_not_of(' ');
    if (colon == std::string::npos || line.substr(begin, colon - begin) != interface) continue;
    // Received: bytes packets errs drop fifo frame compressed multicast; transmitted: bytes
    // packets errs drop ...
    std::istringstream words{line.substr(colon + 1)};
    std::array<std::uint64_t, 12> columns{};
    for (std::uint64_t& column : columns) words >> column;
    if (words) return InterfaceCounters{.transmitted = columns[9], .dropped = columns[11]};
  }
  return Error{interface + ": no such interface", ExitStatus::unavailable};
}

Result<InterfaceCounters> counters_after(const std::string& interface,
                                         const InterfaceCounters& before, std::uint64_t frames) {
  constexpr std::chrono::milliseconds patience{500};
  constexpr std::chrono::milliseconds interval{1};
  std::uint64_t seen = 0;
  auto last_change = std::chrono::steady_clock::now();
  for (;;) {
    auto counters = read_counters(interface);
    if (!counters) return counters;
    const std::uint64_t more =
        counters->transmitted - before.transmitted + counters->dropped - before.dropped;
    const auto now = std::chrono::steady_clock::now();
    if (more != seen) last_change = now;
    if (more >= frames || now - last_change > patience) return counters;
    seen = more;
    std::this_thread::sleep_for(interval);
  }
}

}  // namespace pianissimo::traffic
