#include "experiments/traffic/live_run.hpp"

#include <bpf/bpf.h>
#include <fmt/format.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>

#include <cerrno>

namespace pianissimo::traffic {
namespace {

// Frames between two looks at the redirected ones: below the 256 places of a veth's ring.
constexpr std::uint32_t batch = 64;

}  // namespace

int run_live(int program, std::span<const std::uint8_t> frame, std::uint64_t count) {
  bpf_test_run_opts options{};
  options.sz = sizeof options;
  options.data_in = frame.data();
  options.data_size_in = static_cast<std::uint32_t>(frame.size());
  options.repeat = static_cast<int>(count);
  options.flags = BPF_F_TEST_XDP_LIVE_FRAMES;
  options.batch_size = batch;
  return -bpf_prog_test_run_opts(program, &options);
}

Error cannot_run(int error_number) {
  if (error_number == EINVAL || error_number == EOPNOTSUPP) {
    return {"this kernel cannot run XDP programs on live frames: Linux 5.18 can",
            ExitStatus::unavailable};
  }
  return system_error("XDP program on live frames", error_number);
}

int settle_on(unsigned cpu) {
  cpu_set_t cpus;
  CPU_ZERO(&cpus);
  CPU_SET(cpu, &cpus);
  if (const int failed = pthread_setaffinity_np(pthread_self(), sizeof cpus, &cpus)) return failed;
  sigset_t all;
  sigfillset(&all);
  return pthread_sigmask(SIG_BLOCK, &all, nullptr);
}

Result<void> check_cpu(unsigned cpu) {
  cpu_set_t allowed;
  CPU_ZERO(&allowed);
  sched_getaffinity(0, sizeof allowed, &allowed);
  if (cpu < CPU_SETSIZE && CPU_ISSET(cpu, &allowed)) return {};
  return Error{fmt::format("cpus: CPU {} is not there, or not for this process", cpu),
               ExitStatus::usage};
}

}  // namespace pianissimo::traffic
