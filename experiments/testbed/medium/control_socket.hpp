// A UNIX datagram socket: one command in, one line back.
#pragma once

#include <functional>
#include <string>

namespace pianissimo::testbed {

class ControlSocket {
 public:
  /// Listens at `path`, in place of whatever was there. Throws std::system_error.
  explicit ControlSocket(std::string path);
  ControlSocket(const ControlSocket&) = delete;
  ControlSocket& operator=(const ControlSocket&) = delete;
  ~ControlSocket();

  int fd() const { return fd_; }
  /// Answers everything that waits.
  void serve(const std::function<std::string(const std::string&)>& answer) const;

 private:
  std::string path_;
  int fd_ = -1;
};

/// The other side: sends a command and returns the answer. Throws if none comes within 5 s.
std::string ask(const std::string& path, const std::string& command);

}  // namespace pianissimo::testbed
