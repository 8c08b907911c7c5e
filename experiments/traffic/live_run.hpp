// BPF_PROG_RUN with BPF_F_TEST_XDP_LIVE_FRAMES (Linux 5.18): the kernel hands copies of a frame to
// an XDP program, which sends them where it likes.
#pragma once

#include <bpf/libbpf.h>

#include <cstdint>
#include <span>

#include "experiments/traffic/error.hpp"

namespace pianissimo::traffic {

/// `count` times (up to 2^31 - 1) through this program. A signal cuts it short. errno, or 0.
int run_live(int program, std::span<const std::uint8_t> frame, std::uint64_t count);

/// Why run_live() could not.
Error cannot_run(int error_number);

/// Puts the calling thread on this CPU and keeps signals from it. errno, or 0.
int settle_on(unsigned cpu);

/// Whether threads that the calling one starts may use this CPU.
Result<void> check_cpu(unsigned cpu);

/// libbpf prints what we return; whoever else listens to it gets their turn back.
class QuietLibbpf {
 public:
  QuietLibbpf() : before_{libbpf_set_print(nullptr)} {}
  ~QuietLibbpf() { libbpf_set_print(before_); }
  QuietLibbpf(const QuietLibbpf&) = delete;
  QuietLibbpf& operator=(const QuietLibbpf&) = delete;

 private:
  libbpf_print_fn_t before_;
};

}  // namespace pianissimo::traffic
