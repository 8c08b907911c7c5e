// Programs of ours at the hooks of a network device; each goes when its object goes.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "bpf/error.hpp"
#include "bpf/libbpf.hpp"
#include "controller/core/identity.hpp"

namespace pianissimo::bpf {

/// Ours among others' at a hook: what the programs' names begin with.
constexpr std::string_view our_prefix = "pianissimo_";

struct Device {
  InterfaceIndex index{};
  std::string name;  ///< for messages
};

/// ENXIO if there is no such device here.
Result<Device> find_device(InterfaceIndex interface);

enum class Direction : std::uint8_t { ingress, egress };
/// What a program of ours is for. Each has clsact priorities of its own, lest one takes the other
/// for what a killed run has left.
enum class Purpose : std::uint8_t { counting, flows };
enum class XdpMode : std::uint8_t { native, generic };

/// A BPF link: gone with the process, however that ends.
class Link {
 public:
  explicit Link(File link) : link_{std::move(link)} {}
  /// False once the device is gone or the link was detached by force.
  bool is_attached() const;

 private:
  File link_;
};

/// Where a clsact filter is.
struct FilterPlace {
  InterfaceIndex interface {};
  Direction direction{};
  std::uint32_t priority = 0;
};

/// A clsact filter: survives the process if that is killed.
class Filter {
 public:
  Filter(FilterPlace place, std::uint32_t program) : place_{place}, program_{program} {}
  ~Filter();
  Filter(Filter&& other) noexcept;
  Filter& operator=(Filter&& other) noexcept;

  /// False once the filter, the qdisc or the device is gone, or the filter is another's.
  bool is_attached() const;

 private:
  FilterPlace place_;
  std::uint32_t program_;  ///< its id; 0 for nothing
};

/// An attached program and where: "native XDP", "tcx egress".
struct Hook {
  std::variant<Link, Filter> attachment;
  std::string name;
  bool is_attached() const;
};

/// `program` first, `frags` (or -1) if the driver wants that. Says who holds the hook on EBUSY and
/// EEXIST.
Result<Hook> attach_xdp(const Device& device, XdpMode mode, int program, int frags);

/// EINVAL before Linux 6.6.
Result<Hook> attach_tcx(const Device& device, Direction direction, int program);

/// Replaces a filter of ours that a killed run has left behind, and nobody else's: warns of those
/// and goes to the next priority.
Result<Hook> attach_clsact(const Device& device, Direction direction, int program,
                           std::vector<std::string>& warnings, Purpose purpose = Purpose::counting);

/// tcx where the kernel has it, else clsact.
Result<Hook> attach_tc(const Device& device, Direction direction, int program,
                       std::vector<std::string>& warnings, Purpose purpose = Purpose::counting);

/// Removes filters of ours that a killed run has left behind (clsact; links go with their process),
/// and says how many. Other programs' are never touched; an error says which one may be ours and
/// stays. Not to be called while another run has such programs at the device.
Result<int> remove_leftovers(InterfaceIndex interface, Purpose purpose = Purpose::counting);

}  // namespace pianissimo::bpf
