#include "experiments/lab/station_options.hpp"

#include "config/say.hpp"
#include "controller/command_line/parse.hpp"

namespace pianissimo::lab {

void add_station_options(CLI::App& command, StationOptions& options) {
  command_line::add_station_options(command, options.stations, options.key_file,
                                    "; those of simulator and testbed are left as they are");
}

report::StationNames station_names(const StationOptions& options) {
  const auto ids = station_ids_from_string(options.stations);
  return {ids.value_or(StationIds::hmac), options.key_file};
}

void say_trouble(const report::StationNames& names) {
  if (names.trouble().empty()) return;
  say(stderr, names.trouble() + "; the stations' pseudonyms are those of this run only");
}

}  // namespace pianissimo::lab
