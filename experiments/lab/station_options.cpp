#include "experiments/lab/station_options.hpp"

#include "config/say.hpp"

namespace pianissimo::lab {

void add_station_options(CLI::App& command, StationOptions& options) {
  command
      .add_option("--stations", options.stations,
                  "Who stations are: hmac (pseudonyms), mac (their addresses) or none (numbers); "
                  "those of simulator and testbed are left as they are")
      ->check(CLI::IsMember({"hmac", "mac", "none"}))
      ->capture_default_str();
  command
      .add_option("--key-file", options.key_file,
                  "The key of the pseudonyms, made at first use; the daemon's: privacy.key_file")
      ->capture_default_str();
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
