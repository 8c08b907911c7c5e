#include "bpf/station_counters.hpp"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <fmt/core.h>
#include <linux/membarrier.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <optional>
#include <random>

#include "bpf/hooks.hpp"
#include "bpf/ledger.hpp"
#include "bpf/libbpf.hpp"
#include "bpf/station_counters.skel.h"

namespace pianissimo::bpf {
namespace {

struct Destroy {
  void operator()(station_counters_bpf* programs) const { station_counters_bpf::destroy(programs); }
};
using Programs = std::unique_ptr<station_counters_bpf, Destroy>;

/// A map's memory, for reading.
class Planes {
 public:
  Planes() = default;
  static Result<Planes> map(const Device& device, int fd, std::size_t count) {
    const std::size_t size = count * sizeof(station_plane);
    void* const memory = ::mmap(nullptr, size, PROT_READ, MAP_SHARED, fd, 0);
    if (memory == MAP_FAILED) return failure(device.name, "BPF counters", errno);
    return Planes{static_cast<const station_plane*>(memory), count};
  }
  ~Planes() {
    if (first_) ::munmap(const_cast<station_plane*>(first_), count_ * sizeof(station_plane));
  }
  Planes(Planes&& other) noexcept
      : first_{std::exchange(other.first_, nullptr)}, count_{other.count_} {}
  Planes& operator=(Planes&&) = delete;

  std::span<const station_plane> get() const { return {first_, count_}; }

 private:
  Planes(const station_plane* first, std::size_t count) : first_{first}, count_{count} {}

  const station_plane* first_ = nullptr;
  std::size_t count_ = 0;
};

/// A grace period of RCU. Where the kernel has no membarrier(2), a frame that is on its way may be
/// filed under unknown: nothing worth an error.
void wait_for_readers() { ::syscall(SYS_membarrier, MEMBARRIER_CMD_GLOBAL, 0, 0); }

Programs load(bool with_xdp, bool with_frags, int cpus) {
  Programs programs{station_counters_bpf::open()};
  if (!programs) return nullptr;
  bpf_program__set_autoload(programs->progs.pianissimo_xdp, with_xdp);
  bpf_program__set_autoload(programs->progs.pianissimo_xdpf, with_frags);
  bpf_map__set_max_entries(programs->maps.planes, static_cast<__u32>(cpus));
  if (const int error = station_counters_bpf::load(programs.get()); error != 0) {
    programs.reset();
    errno = -error;
  }
  return programs;
}

/// Programs for the hooks that may be tried.
Result<Programs> load(const Device& device, Attach wanted, int cpus) {
  const bool native = wanted == Attach::automatic || wanted == Attach::native;
  Programs programs = load(native || wanted == Attach::generic, native, cpus);
  // Before Linux 5.18 there are no multi-buffer programs.
  if (!programs && native && errno != EPERM) {
    take_libbpf_words();
    programs = load(true, false, cpus);
  }
  if (programs) return programs;
  Error error = failure(device.name, "BPF programs", errno);
  if (error.error == EINVAL) error.message += " (needs Linux 5.5)";
  if (const std::string words = take_libbpf_words(); !words.empty()) error.message += ": " + words;
  return error;
}

Result<Hook> attach_ingress(const Device& device, Attach wanted,
                            const station_counters_bpf& programs,
                            std::vector<std::string>& warnings) {
  const int xdp = bpf_program__fd(programs.progs.pianissimo_xdp);
  const int frags = bpf_program__fd(programs.progs.pianissimo_xdpf);
  const int tc = bpf_program__fd(programs.progs.pianissimo_in);
  switch (wanted) {
    case Attach::automatic: {
      auto hook = attach_xdp(device, XdpMode::native, xdp, frags);
      if (hook) return hook;
      if (hook.error().error != EOPNOTSUPP) warnings.push_back(hook.error().message);
      return attach_tc(device, Direction::ingress, tc, warnings);
    }
    case Attach::native:
      return attach_xdp(device, XdpMode::native, xdp, frags);
    case Attach::tcx:
      return attach_tcx(device, Direction::ingress, tc);
    case Attach::clsact:
      return attach_clsact(device, Direction::ingress, tc, warnings);
    case Attach::generic: {
      auto hook = attach_xdp(device, XdpMode::generic, xdp, -1);
      if (hook)
        warnings.push_back(fmt::format(
            "{}: generic XDP copies every frame and turns GRO off without saying so: some ten "
            "times the price of counting at tcx or clsact",
            device.name));
      return hook;
    }
  }
  return failure(device.name, "ingress", EINVAL);
}

}  // namespace

struct StationCounters::Parts {
  Parts(Programs p, Planes m)
      : programs{std::move(p)},
        planes{std::move(m)},
        ledger{programs->bss->stations, planes.get(), std::random_device{}(), wait_for_readers} {}

  Programs programs;
  Planes planes;
  Ledger ledger;
  std::vector<std::string> warnings;
  // Last, so that nothing counts any more when the rest goes.
  std::optional<Hook> ingress;
  std::optional<Hook> egress;
};

StationCounters::StationCounters(std::unique_ptr<Parts> parts) : parts_{std::move(parts)} {}
StationCounters::~StationCounters() = default;
StationCounters::StationCounters(StationCounters&&) noexcept = default;
StationCounters& StationCounters::operator=(StationCounters&&) noexcept = default;

Result<StationCounters> StationCounters::attach(InterfaceIndex interface, Attach wanted) {
  quiet_libbpf();
  take_libbpf_words();
  auto device = find_device(interface);
  if (!device) return device.error();
#ifdef __mips__
  // Caches with aliases may show stale counters through a mapping.
  return failure(device->name, "BPF programs: not tested on MIPS", EOPNOTSUPP);
#endif
  const int cpus = libbpf_num_possible_cpus();
  if (cpus < 0) return failure(device->name, "number of CPUs", -cpus);
  auto programs = load(*device, wanted, cpus);
  if (!programs) return programs.error();
  if ((bpf_map__map_flags((*programs)->maps.bss) & BPF_F_MMAPABLE) == 0)
    return failure(device->name, "BPF maps in memory (needs Linux 5.5)", EOPNOTSUPP);
  auto planes =
      Planes::map(*device, bpf_map__fd((*programs)->maps.planes), static_cast<std::size_t>(cpus));
  if (!planes) return planes.error();

  auto parts = std::make_unique<Parts>(std::move(*programs), std::move(*planes));
  auto ingress = attach_ingress(*device, wanted, *parts->programs, parts->warnings);
  if (!ingress) return ingress.error();
  parts->ingress = std::move(*ingress);
  auto egress = attach_tc(*device, Direction::egress,
                          bpf_program__fd(parts->programs->progs.pianissimo_out), parts->warnings);
  if (!egress) return egress.error();
  parts->egress = std::move(*egress);
  return StationCounters{std::move(parts)};
}

std::string StationCounters::hooks() const {
  return fmt::format("{}, {}", parts_->ingress->name, parts_->egress->name);
}

const std::vector<std::string>& StationCounters::warnings() const { return parts_->warnings; }

bool StationCounters::is_attached() const {
  return parts_->ingress->is_attached() && parts_->egress->is_attached();
}

Result<void> StationCounters::set_stations(std::span<const MacAddress> stations) {
  return parts_->ledger.set_stations(stations);
}

void StationCounters::read(Counts& into) const { parts_->ledger.read(into); }

}  // namespace pianissimo::bpf
