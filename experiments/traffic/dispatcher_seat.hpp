// Why a program is attached before it is run by BPF_PROG_RUN.
#pragma once

#include "experiments/traffic/error.hpp"

namespace pianissimo::traffic {

/// A place in the kernel's XDP dispatcher, which programs get by being attached. For a program
/// without one, every BPF_PROG_RUN with more than one repetition changes the dispatcher and waits
/// for an RCU grace period twice, 16 to 32 ms in all. Attached where no frame ever comes: to the
/// loopback device of a network namespace of its own.
class DispatcherSeat {
 public:
  /// Of an XDP program; needs CAP_SYS_ADMIN.
  static Result<DispatcherSeat> take(int program);
  DispatcherSeat(DispatcherSeat&& other) noexcept;
  DispatcherSeat& operator=(DispatcherSeat&& other) noexcept;
  ~DispatcherSeat();

 private:
  DispatcherSeat(int link, int network_namespace);

  int link_;
  int network_namespace_;
};

}  // namespace pianissimo::traffic
