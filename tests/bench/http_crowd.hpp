// Clients that mean no good, in threads of their own.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <thread>
#include <vector>

namespace pianissimo::bench {

/// What they have managed to do.
struct CrowdCounts {
  std::atomic<std::uint64_t> connections{0};
  std::atomic<std::uint64_t> refused{0};  ///< no connection came about
  std::atomic<std::uint64_t> bytes_sent{0};
  std::atomic<std::uint64_t> bytes_taken{0};
};

/// So many clients at once, of five kinds in turn: garbage; a request byte by byte (slow loris); a
/// header without end; connect and go; requests as fast as they are answered. They act from a few
/// threads, until this object is destroyed.
class Crowd {
 public:
  Crowd(unsigned clients, std::string address, std::uint16_t port);
  ~Crowd();
  Crowd(const Crowd&) = delete;
  Crowd& operator=(const Crowd&) = delete;

  const CrowdCounts& counts() const { return counts_; }

 private:
  void act(unsigned first, unsigned clients);

  const std::string address_;
  const std::uint16_t port_;
  CrowdCounts counts_;
  std::atomic<bool> stop_{false};
  std::vector<std::thread> threads_;
};

}  // namespace pianissimo::bench
