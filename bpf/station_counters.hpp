// Packets and bytes per station, counted in the kernel at one network device.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "bpf/counts.hpp"
#include "bpf/error.hpp"
#include "controller/core/identity.hpp"

namespace pianissimo::bpf {

/// Where the programs are to be attached at ingress. Egress is tcx, else clsact, always.
enum class Attach : std::uint8_t {
  automatic,  ///< native, else tcx, else clsact
  native,     ///< XDP in the driver
  tcx,        ///< Linux 6.6
  clsact,     ///< a filter of the traffic control
  generic,    ///< XDP after the driver: costs more than the counting, see README.md
};

/// For one thread at a time.
class StationCounters {
 public:
  /// Attaches to one network device of this network namespace. Never displaces another program. An
  /// error leaves nothing attached.
  static Result<StationCounters> attach(InterfaceIndex interface, Attach wanted);

  /// Detaches. A clsact qdisc stays: it may have others' filters by now.
  ~StationCounters();
  StationCounters(StationCounters&&) noexcept;
  StationCounters& operator=(StationCounters&&) noexcept;

  /// "native XDP, tcx egress".
  std::string hooks() const;

  /// What the operator should know: who holds a hook that was wanted, what generic XDP costs.
  const std::vector<std::string>& warnings() const;

  /// False once the device is gone or somebody has removed a program of ours.
  bool is_attached() const;

  /// The stations counted from now on; one that stays keeps its counts, one that is new begins at
  /// zero. Error when there are more than STATION_LIMIT (1024): the first of them are counted.
  /// May wait for the kernel (20 to 40 ms), rarely, with hundreds of stations.
  Result<void> set_stations(std::span<const MacAddress> stations);

  /// Without a system call.
  void read(Counts& into) const;

 private:
  struct Parts;
  explicit StationCounters(std::unique_ptr<Parts> parts);

  std::unique_ptr<Parts> parts_;
};

}  // namespace pianissimo::bpf
