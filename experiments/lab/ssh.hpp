// Commands on other machines, through OpenSSH's client.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "experiments/lab/captured.hpp"

namespace pianissimo::lab {

/// Connections stay open for a minute, so that a command costs no new handshake. None asks for a
/// password. One that is lost is noticed within 15 s.
class Ssh {
 public:
  /// `config`: for ssh -F; empty: the user's own. Throws std::system_error.
  explicit Ssh(std::string config);
  /// Closes what is open.
  ~Ssh();
  Ssh(const Ssh&) = delete;
  Ssh& operator=(const Ssh&) = delete;

  /// Runs the words as one command, quoted for the shell there; the text has its standard error,
  /// too. Its standard input is the file `input`, or empty. Throws std::system_error if no process
  /// can be made here.
  Captured run(const std::string& destination, const std::vector<std::string>& words,
               const std::filesystem::path& input = {});

  /// Whether the machine was not reached, or lost before the command ended.
  /// 255 is ssh's, 124 and 137 are those of a command that took longer than three minutes.
  static bool is_lost(const Captured& said) {
    return said.status == 255 || said.status == 124 || said.status == 137;
  }
  /// Why, in ssh's own words where it has any.
  std::string why() const;

 private:
  std::vector<std::string> command(const std::string& destination) const;

  std::string config_;
  std::filesystem::path folder_;  // sockets of open connections, and what ssh says
  std::vector<std::string> destinations_;
};

}  // namespace pianissimo::lab
