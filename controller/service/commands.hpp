// The operator's commands. Each returns the exit code and says on standard error what is wrong.
#pragma once

#include <string>

#include "config/config.hpp"
#include "controller/service/control_codec.hpp"
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
/// Says what the running daemon decides, as it decides it, until it ends.
ExitStatus watch(const std::string& state_directory, bool as_json);
/// Keeps the power where it is.
ExitStatus hold(const std::string& state_directory, const control::Hold& asked);
/// Ends a hold.
ExitStatus resume(const std::string& state_directory, const control::Resume& asked);
/// Lowers the highest power that is allowed, or lifts that again.
ExitStatus set_ceiling(const std::string& state_directory, const control::Ceiling& asked);
/// Lets the power go down as far as is proposed, says what that is, or takes it back.
ExitStatus approve(const std::string& state_directory, const control::Approve& asked);
/// Has the running daemon read its configuration anew.
ExitStatus ask_for_reload(const std::string& state_directory);
/// Says what was decided last, and why.
ExitStatus explain(const std::string& state_directory, const control::Explain& asked);
struct ExportOptions {
  std::string state_directory;
  std::string out;                ///< a new file; "": standard output
  std::string stations = "hmac";  ///< what stands for them: hmac, mac, none
  std::string key_file = PrivacyConfig{}.key_file;
};
/// Writes the journal's files one after the other.
ExitStatus export_journal(const ExportOptions& options);
/// Checks a configuration file, and that the journal it names harms no other file.
ExitStatus check_config(const std::string& path, const std::string& state_directory,
                        bool as_json = false);

}  // namespace pianissimo::service
