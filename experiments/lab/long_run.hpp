// What long computations show while they run, and how they are stopped.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>

namespace pianissimo::lab {

/// While it lives, SIGINT and SIGTERM only ask: is_asked() says whether they did. One at a time.
class StopRequest {
 public:
  static constexpr int exit_status = 130;  ///< as a shell says of SIGINT

  StopRequest();
  ~StopRequest();
  StopRequest(const StopRequest&) = delete;
  StopRequest& operator=(const StopRequest&) = delete;
  static bool is_asked();

 private:
  void (*on_interrupt_)(int);  // as they were before
  void (*on_terminate_)(int);
};

/// "12 of 480 done, 3 min 20 s left" on standard error: in place on a terminal, else a line every
/// ten seconds.
class Progress {
 public:
  Progress();
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  void show(std::size_t done, std::size_t all);

 private:
  std::chrono::steady_clock::time_point begin_;
  std::chrono::steady_clock::time_point shown_;
  bool is_terminal_;
  bool is_open_ = false;
};

/// "45 s", "3 min 20 s", "2 h 5 min".
std::string duration_text(std::chrono::seconds duration);

}  // namespace pianissimo::lab
