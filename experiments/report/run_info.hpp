// What the testbed says of a run: run.json and traffic.json.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "controller/core/identity.hpp"
#include "experiments/report/input.hpp"

namespace pianissimo::report {

struct RunInfo {
  std::string scenario;
  std::string label;
  std::string date;
  std::string kernel;
  std::string accelerator;
  std::optional<bool> aggregates;
  std::vector<MacAddress> stations;
  Span measured;
};

/// Throws InputError; "scenario", "start_s" and "end_s" are needed.
RunInfo read_run_info(const std::filesystem::path& file);

/// Payload that a station's user received over UDP, bytes per second. Throws InputError.
std::map<MacAddress, double> read_traffic(const std::filesystem::path& file);

}  // namespace pianissimo::report
