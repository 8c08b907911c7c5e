// The options of the commands whose output leaves the machine: who the stations are in it.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

#include "experiments/report/station_names.hpp"

namespace pianissimo::lab {

struct StationOptions {
  std::string stations{to_string(StationIds::hmac)};
  std::string key_file = "/var/lib/pianissimo/salt";
};

/// `--stations` and `--key-file`.
void add_station_options(CLI::App& command, StationOptions& options);

report::StationNames station_names(const StationOptions& options);
/// Says on standard error that the pseudonyms are those of this run only, if they are.
void say_trouble(const report::StationNames& names);

}  // namespace pianissimo::lab
