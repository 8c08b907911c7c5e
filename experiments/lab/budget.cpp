#include "experiments/lab/budget.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "config/say.hpp"
#include "experiments/lab/long_run.hpp"

namespace pianissimo::lab {

void add_long(CLI::App& command, bool& is_long) {
  command.add_flag("--long", is_long,
                   "Go on although it takes more than a GB of memory or a minute");
}

bool is_affordable(const std::string& what, const sim::Cost& cost, bool is_long) {
  if (is_long || (cost.bytes <= budget_bytes && cost.seconds <= budget_seconds)) return true;
  say(stderr,
      fmt::format("{}: this takes about {:.1f} GB of memory and {}: say --long to go on", what,
                  cost.bytes / 1e9,
                  duration_text(std::chrono::seconds{static_cast<std::int64_t>(cost.seconds)})));
  return false;
}

}  // namespace pianissimo::lab
