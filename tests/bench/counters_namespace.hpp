// Network namespaces that are gone with the program.
#pragma once

#include <functional>
#include <string>

namespace pianissimo::bench {

class Namespace {
 public:
  Namespace();
  ~Namespace();
  Namespace(const Namespace&) = delete;
  Namespace& operator=(const Namespace&) = delete;

  /// In a thread of its own that is in this namespace; returns when it ends.
  void run(const std::function<void()>& work) const;

  /// As run(): "ip link set lo up".
  void shell(const std::string& command) const;

  /// What ip(8) takes for a name.
  std::string path() const;

 private:
  int fd_;
};

}  // namespace pianissimo::bench
