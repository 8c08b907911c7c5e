#include "bpf/power_sets.hpp"

#include <bpf/libbpf.h>
#include <fmt/core.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <sstream>
#include <system_error>
#include <utility>

#include "bpf/libbpf.hpp"
#include "bpf/power_sets.skel.h"

namespace pianissimo::bpf {
namespace {

constexpr ino_t first_pid_namespace = 0xEFFFFFFC;  // PROC_PID_INIT_INO

// One page of 4 KiB on each CPU: some 40 records.
constexpr std::size_t pages = 1;

struct Destroy {
  void operator()(power_sets_bpf* program) const { power_sets_bpf::destroy(program); }
  void operator()(perf_buffer* buffer) const { perf_buffer__free(buffer); }
};

Error failed(const std::string& what, int number) {
  std::string text = fmt::format("tracepoint cfg80211:rdev_set_tx_power: {}: {}", what,
                                 std::generic_category().message(number));
  const std::string words = take_libbpf_words();
  if (number == EPERM || number == EACCES) {
    text += " (needs CAP_BPF and CAP_PERFMON, before Linux 5.8 CAP_SYS_ADMIN)";
  } else if (!words.empty()) {
    text += ": " + words;
  }
  return {std::move(text), number};
}

/// tracefs has a place of its own, and another one below debugfs.
Result<std::string> format() {
  int number = ENOENT;
  for (const std::string root : {"/sys/kernel/tracing", "/sys/kernel/debug/tracing"}) {
    errno = 0;
    std::ifstream file{root + "/events/cfg80211/rdev_set_tx_power/format"};
    if (file) {
      std::ostringstream text;
      text << file.rdbuf();
      return text.str();
    }
    if (errno != 0 && errno != ENOENT) number = errno;
  }
  return failed("tracefs", number);
}

}  // namespace

struct PowerSets::Parts {
  std::unique_ptr<power_sets_bpf, Destroy> program;
  std::unique_ptr<perf_buffer, Destroy> buffer;
  std::vector<PowerSet> taken;

  static void take(void* parts, int, void* record, __u32 size) {
    auto set = decode_power_set({static_cast<const std::byte*>(record), size});
    if (set) static_cast<Parts*>(parts)->taken.push_back(*std::move(set));
  }
};

PowerSets::PowerSets(std::unique_ptr<Parts> parts) : parts_{std::move(parts)} {}
PowerSets::~PowerSets() = default;
PowerSets::PowerSets(PowerSets&&) noexcept = default;
PowerSets& PowerSets::operator=(PowerSets&&) noexcept = default;

Result<PowerSets> PowerSets::attach() {
  quiet_libbpf();
  take_libbpf_words();
  struct stat pids {};
  if (::stat("/proc/self/ns/pid", &pids) != 0) return failed("PID namespace", errno);
  if (pids.st_ino != first_pid_namespace) {
    return failed("in a PID namespace our own calls look like others'", EOPNOTSUPP);
  }
  const auto text = format();
  if (!text) return text.error();
  const auto places = power_set_places(*text);
  if (!places) return failed("a record that this version does not know", EOPNOTSUPP);

  auto parts = std::make_unique<Parts>();
  parts->program.reset(power_sets_bpf::open());
  if (!parts->program) return failed("BPF program", errno);
  power_sets_bpf& program = *parts->program;
  program.rodata->wiphy_at = places->wiphy;
  program.rodata->setting_at = places->setting;
  program.rodata->mbm_at = places->mbm;
  program.rodata->own_process = static_cast<__u32>(::getpid());
  if (const int error = power_sets_bpf::load(&program)) return failed("BPF program", -error);
  parts->buffer.reset(perf_buffer__new(bpf_map__fd(program.maps.told), pages, Parts::take, nullptr,
                                       parts.get(), nullptr));
  if (!parts->buffer) return failed("perf buffer", errno);
  if (const int error = power_sets_bpf::attach(&program)) return failed("attaching", -error);
  return PowerSets{std::move(parts)};
}

int PowerSets::descriptor() const { return perf_buffer__epoll_fd(parts_->buffer.get()); }

// Not poll(): who waits at the descriptor has asked the kernel already, and it answers that once.
std::vector<PowerSet> PowerSets::take() {
  perf_buffer__consume(parts_->buffer.get());
  return std::exchange(parts_->taken, {});
}

}  // namespace pianissimo::bpf
