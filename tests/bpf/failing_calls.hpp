// bpf(2) and netlink calls that fail: older kernels, refusals, and errors at any step. libbpf is a
// shared library, so it takes the test's syscall() and send() for the C library's.
#pragma once

#include <linux/bpf.h>

#include <functional>

namespace pianissimo::bpf {

/// What is asked of the kernel.
struct Call {
  bool is_netlink = false;
  int command = 0;               ///< enum bpf_cmd, if it is bpf(2)
  const bpf_attr* attributes{};  ///< nullptr for netlink
};

/// The errno to answer with, or 0 to let the kernel answer.
using Answer = std::function<int(const Call&)>;

/// Asked before every call while it lives. One at a time.
class FailingCalls {
 public:
  explicit FailingCalls(Answer answer);
  ~FailingCalls();
  FailingCalls(const FailingCalls&) = delete;
  FailingCalls& operator=(const FailingCalls&) = delete;
};

/// Linux before 6.6, 5.18 and 5.5, as far as they concern us.
int without_tcx(const Call& call);
int without_frags(const Call& call);
int without_mappable_maps(const Call& call);

}  // namespace pianissimo::bpf
