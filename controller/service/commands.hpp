// The operator's commands. Each returns the exit code and says on standard error what is wrong.
#pragma once

#include <string>

#include "controller/service/exit_status.hpp"

namespace pianissimo::service {

inline constexpr const char* default_config_path = "/etc/pianissimo/pianissimo.yaml";
inline constexpr const char* default_state_directory = "/run/pianissimo";

struct RunOptions {
  std::string config = default_config_path;  ///< "-": standard input
  std::string state_directory = default_state_directory;
  bool dry_run = false;
};

/// Drives the radios until SIGINT or SIGTERM; SIGHUP reads the configuration anew.
ExitStatus run(const RunOptions& options);
/// Puts back the power found by a run that did not end cleanly, and removes its traffic counters
/// and flow records' programs. As JSON: one object, whatever came of it.
ExitStatus restore(const std::string& state_directory, bool as_json = false);
/// What the watchdog does for a daemon that says nothing any more: one that is dead is restored,
/// unless another runs by now; one that hangs keeps its note, and may go on.
void restore_for(const std::string& state_directory, bool is_dead);
/// Says what this machine's radios can do.
ExitStatus probe(bool as_json);
/// Says what the running daemon does, from its status file.
ExitStatus show_status(const std::string& state_directory, bool as_json);
/// Checks a configuration file, and that the journal it names harms no other file.
ExitStatus check_config(const std::string& path, const std::string& state_directory,
                        bool as_json = false);

}  // namespace pianissimo::service
