// Another program's standard output.
#pragma once

#include <span>
#include <string>

namespace pianissimo::lab {

struct Captured {
  /// As the program ended; 127 if there is no such program, 128 and more if a signal ended it.
  int status = 0;
  std::string text;
};

/// Runs a program, looked up as a shell would, and waits for it. Its standard error is ours.
/// Throws std::system_error if no process can be made.
Captured captured(std::span<const std::string> command);

/// The same, with a file as standard input, and with what is said on standard error in the text.
Captured captured_whole(std::span<const std::string> command, const std::string& input);

}  // namespace pianissimo::lab
