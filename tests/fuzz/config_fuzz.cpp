// Any text, as a configuration: refused with errors that can be shown, or a Config that is within
// every range and survives its own JSON.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <set>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "config/config.hpp"

namespace {

using namespace pianissimo;
using std::chrono::milliseconds;

void require(bool holds) {
  if (!holds) std::abort();
}

template <class T>
bool within(const T& value, const T& min, const T& max) {
  return min <= value && value <= max;
}

bool is_share(double value) { return value > 0 && value <= 1; }

bool whole_within(Dbm level, Dbm max) {
  return level.mbm() % 100 == 0 && within(level, dbm(0), max);
}

// The ranges once more, by hand: the table is what is under test.
void require_ranges(const Config& c) {
  require(whole_within(c.box.floor, dbm(30)));
  if (c.box.ceiling) {
    require(whole_within(*c.box.ceiling, dbm(36)) && c.box.floor <= *c.box.ceiling);
  }
  require(within(c.interval, milliseconds{10}, milliseconds{10'000}));
  require(is_share(c.descend.keep) && is_share(c.descend.probe_keep));
  require(within(c.descend.probe_every, 1, 1'000'000));
  for (const milliseconds dwell :
       {c.descend.probe_dwell, c.descend.watch_dwell, c.descend.step_dwell}) {
    require(within(dwell, milliseconds{1}, milliseconds{60'000}));
  }
  if (const auto* level = std::get_if<Dbm>(&c.fixed.level)) require(whole_within(*level, dbm(36)));
  require(within<std::uint64_t>(c.descend.load.active_bytes, 1, 1'000'000'000));
  require(within<std::uint64_t>(c.journal.budget_bytes, 65'536, 1'099'511'627'776));
  require(within<std::size_t>(c.journal.path.size(), 2, 4095) && c.journal.path.front() == '/');
  require(c.journal.path.find('\0') == std::string::npos);
  for (const std::string& name : c.interfaces) {
    require(within<std::size_t>(name.size(), 1, 15));
    require(name.find_first_of(" \t\n\r\v\f/:") == std::string::npos);
  }
  require(std::set(c.interfaces.begin(), c.interfaces.end()).size() == c.interfaces.size());
  require(validate(c).empty());
}

bool printable(std::string_view text) {
  return std::none_of(text.begin(), text.end(), [](char c) { return within(c, '\0', '\x1F'); });
}

void require_errors(const std::vector<ConfigError>& errors, std::string_view text) {
  const auto lines = static_cast<int>(std::count(text.begin(), text.end(), '\n')) + 1;
  require(!errors.empty());
  for (const ConfigError& error : errors) {
    require(!error.message.empty() && within(error.line, 0, lines));
    require((error.line == 0) == (error.column == 0) && error.column >= 0);
    require(printable(to_string(error, "f")));
  }
  require(std::is_sorted(errors.begin(), errors.end(),
                         [](const auto& a, const auto& b) { return a.line < b.line; }));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text{data, data + size};

  const auto parsed = parse_config(text);

  if (const auto* errors = std::get_if<std::vector<ConfigError>>(&parsed)) {
    require_errors(*errors, text);
  } else {
    const auto& config = std::get<Config>(parsed);
    require_ranges(config);
    const auto again = parse_config(to_json(config));
    require(std::holds_alternative<Config>(again) && std::get<Config>(again) == config);
  }
  return 0;
}
