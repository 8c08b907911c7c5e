#include "tests/bpf/failing_calls.hpp"

#include <dlfcn.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <bit>
#include <cerrno>
#include <cstdarg>

namespace pianissimo::bpf {
namespace {

Answer current;

}  // namespace

FailingCalls::FailingCalls(Answer answer) { current = std::move(answer); }
FailingCalls::~FailingCalls() { current = nullptr; }

int without_tcx(const Call& call) {
  const bool is_tcx = !call.is_netlink && call.command == BPF_LINK_CREATE &&
                      (call.attributes->link_create.attach_type == 46 ||
                       call.attributes->link_create.attach_type == 47);
  return is_tcx ? EINVAL : 0;
}

int without_frags(const Call& call) {
  const bool has_frags = !call.is_netlink && call.command == BPF_PROG_LOAD &&
                         (call.attributes->prog_flags & BPF_F_XDP_HAS_FRAGS) != 0;
  return has_frags ? EINVAL : 0;
}

int without_mappable_maps(const Call& call) {
  const bool is_mappable = !call.is_netlink && call.command == BPF_MAP_CREATE &&
                           (call.attributes->map_flags & BPF_F_MMAPABLE) != 0;
  return is_mappable ? EINVAL : 0;
}

}  // namespace pianissimo::bpf

using pianissimo::bpf::Call;
using pianissimo::bpf::current;

extern "C" long syscall(long number, ...) noexcept {
  va_list list;
  va_start(list, number);
  long arguments[6];
  for (long& argument : arguments) argument = va_arg(list, long);
  va_end(list);
  if (number == SYS_bpf && current) {
    const Call call{false, static_cast<int>(arguments[0]),
                    std::bit_cast<const bpf_attr*>(arguments[1])};
    if (const int error = current(call); error != 0) {
      errno = error;
      return -1;
    }
  }
  static const auto real = reinterpret_cast<long (*)(long, ...)>(dlsym(RTLD_NEXT, "syscall"));
  return real(number, arguments[0], arguments[1], arguments[2], arguments[3], arguments[4],
              arguments[5]);
}

extern "C" ssize_t send(int socket, const void* bytes, size_t size, int flags) {
  if (current) {
    if (const int error = current({true, 0, nullptr}); error != 0) {
      errno = error;
      return -1;
    }
  }
  static const auto real =
      reinterpret_cast<ssize_t (*)(int, const void*, size_t, int)>(dlsym(RTLD_NEXT, "send"));
  return real(socket, bytes, size, flags);
}
