// What libbpf and the kernel say, as our errors.
#pragma once

#include <cstdint>
#include <string>

#include "bpf/error.hpp"

namespace pianissimo::bpf {

/// libbpf prints to stderr; from now on it prints nothing, and take_libbpf_words() has it.
void quiet_libbpf();

/// The warnings of this thread since the last call, shortened.
std::string take_libbpf_words();

/// "wlan0: native XDP: Operation not supported", with a hint where the errno alone does not help.
Error failure(const std::string& device, const std::string& what, int number);

/// "program 17 (xdp_dispatcher)"; without the name if it cannot be had (needs CAP_SYS_ADMIN).
std::string describe_program(std::uint32_t id);

/// As the kernel keeps it, 15 characters. EPERM without CAP_SYS_ADMIN.
Result<std::string> program_name(std::uint32_t id);

/// 0 if it cannot be had.
std::uint32_t program_id(int program);

/// An open file, or -1.
class File {
 public:
  explicit File(int fd = -1) : fd_{fd} {}
  ~File();
  File(File&& other) noexcept : fd_{other.fd_} { other.fd_ = -1; }
  File& operator=(File&& other) noexcept;

  int get() const { return fd_; }

 private:
  int fd_;
};

}  // namespace pianissimo::bpf
