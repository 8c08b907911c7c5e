#include "bpf/libbpf.hpp"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <fmt/core.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdarg>
#include <cstdio>
#include <stdexcept>
#include <string_view>
#include <system_error>
#include <utility>

namespace pianissimo::bpf {
namespace {

constexpr std::size_t words_kept = 400;

thread_local std::string words;

int keep(libbpf_print_level level, const char* format, va_list arguments) {
  if (level != LIBBPF_WARN || words.size() >= words_kept) return 0;
  std::array<char, 200> buffer{};
  std::vsnprintf(buffer.data(), buffer.size(), format, arguments);
  std::string_view line{buffer.data()};
  line = line.substr(0, line.find('\n'));  // the verifier's log has thousands
  if (line.starts_with("libbpf: ")) line.remove_prefix(8);
  if (!words.empty()) words += "; ";
  words += line;
  return 0;
}

}  // namespace

void throw_exception_from_error(const Error& error, const boost::source_location&) {
  throw std::runtime_error{error.message};
}

void quiet_libbpf() { libbpf_set_print(keep); }

std::string take_libbpf_words() { return std::exchange(words, {}); }

Error failure(const std::string& device, const std::string& what, int number) {
  std::string text =
      fmt::format("{}: {}: {}", device, what, std::generic_category().message(number));
  // Without CAP_PERFMON the verifier refuses a program that subtracts pointers.
  if (number == EPERM || number == EACCES) {
    text += " (needs CAP_BPF, CAP_PERFMON and CAP_NET_ADMIN, before Linux 5.8 CAP_SYS_ADMIN)";
  }
  if (number == ENOSYS) text += " (a kernel without CONFIG_BPF_SYSCALL)";
  return {std::move(text), number};
}

Result<std::string> program_name(std::uint32_t id) {
  const File program{bpf_prog_get_fd_by_id(id)};
  bpf_prog_info info{};
  __u32 length = sizeof info;
  if (program.get() < 0 || bpf_obj_get_info_by_fd(program.get(), &info, &length) != 0)
    return Error{{}, errno};
  return std::string{info.name};
}

std::string describe_program(std::uint32_t id) {
  const auto name = program_name(id);
  return !name || name->empty() ? fmt::format("program {}", id)
                                : fmt::format("program {} ({})", id, *name);
}

std::uint32_t program_id(int program) {
  bpf_prog_info info{};
  __u32 length = sizeof info;
  return bpf_obj_get_info_by_fd(program, &info, &length) == 0 ? info.id : 0;
}

File::~File() {
  if (fd_ >= 0) ::close(fd_);
}

File& File::operator=(File&& other) noexcept {
  std::swap(fd_, other.fd_);
  return *this;
}

}  // namespace pianissimo::bpf
