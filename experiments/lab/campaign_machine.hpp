// One machine of a campaign: agent.sh there, told what to do.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include "experiments/lab/ssh.hpp"

namespace pianissimo::lab {

/// What a machine did not do, or that it cannot be reached any more; ready to be printed.
struct MachineError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// It was not reached for as long as the patience lasts.
struct Unreachable : MachineError {
  using MachineError::MachineError;
};

/// The user asked to stop.
struct Stopped {};

/// How long a machine may be away before the campaign gives up, and what is said meanwhile.
struct Patience {
  std::chrono::seconds longest{600};
  std::function<void(const std::string&)> say;
};

class Machine {
 public:
  using Facts = std::map<std::string, std::string>;

  /// `token` names the folder there, which is /tmp/pianissimo-campaign-TOKEN: in memory on OpenWrt.
  Machine(Ssh& ssh, std::string destination, const std::string& token, Patience patience);

  const std::string& destination() const { return destination_; }
  std::string path(const std::string& file) const { return folder_ + '/' + file; }

  /// Puts the agent there, and the daemon if it is named and not there yet.
  void install(const std::string& daemon = {});
  /// agent.sh's answer. Throws MachineError if it says that it failed; like all the others
  /// Unreachable.
  std::string tell(std::vector<std::string> words, const std::filesystem::path& input = {});
  /// The same, as name=value lines.
  Facts ask(std::vector<std::string> words);
  /// A run's files, by name, as they are there; only such as a run may have.
  std::map<std::string, std::size_t> files(const std::string& run);
  /// Copies a file of `size` bytes.
  void fetch(const std::string& run, const std::string& file, std::size_t size,
             const std::filesystem::path& to);
  /// Whether it answers now.
  bool is_there();
  /// Takes the folder away.
  void leave();

 private:
  // Until the machine answers: what was not answered is asked again.
  Captured reach(const std::vector<std::string>& words, const std::filesystem::path& input);

  Ssh* ssh_;
  std::string destination_;
  std::string folder_;
  Patience patience_;
  bool was_away_ = false;  // since the agent was put there last
};

/// Throws Stopped when the user asks to stop before the time is over.
void wait_for(std::chrono::seconds time);

}  // namespace pianissimo::lab
