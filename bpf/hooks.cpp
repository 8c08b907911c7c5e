#include "bpf/hooks.hpp"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <fmt/core.h>
#include <linux/if_link.h>
#include <net/if.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <optional>
#include <utility>

namespace pianissimo::bpf {
namespace {

// Linux 6.6's <linux/bpf.h>; ours may be older.
constexpr auto tcx_ingress = static_cast<bpf_attach_type>(46);  // BPF_TCX_INGRESS
constexpr auto tcx_egress = static_cast<bpf_attach_type>(47);   // BPF_TCX_EGRESS
constexpr __u32 before_all_others = 1U << 3;                    // BPF_F_BEFORE

// Late, so that who means to drop or redirect has done so. Anything will do for the handle.
constexpr std::uint32_t first_priority = 49000;
constexpr std::uint32_t priorities = 8;  // for each purpose
constexpr std::uint32_t filter_handle = 1;

constexpr std::uint32_t first_priority_of(Purpose purpose) {
  return first_priority + priorities * static_cast<std::uint32_t>(purpose);
}

constexpr int as_int(InterfaceIndex index) { return static_cast<int>(value(index)); }

bpf_tc_hook tc_hook(InterfaceIndex interface, Direction direction) {
  bpf_tc_hook hook{};
  hook.sz = sizeof hook;
  hook.ifindex = as_int(interface);
  hook.attach_point = direction == Direction::ingress ? BPF_TC_INGRESS : BPF_TC_EGRESS;
  return hook;
}

bpf_tc_opts tc_options(std::uint32_t priority) {
  bpf_tc_opts options{};
  options.sz = sizeof options;
  options.handle = filter_handle;
  options.priority = priority;
  return options;
}

/// The id of the program there; an error if there is none.
Result<std::uint32_t> query(const FilterPlace& place) {
  const bpf_tc_hook hook = tc_hook(place.interface, place.direction);
  bpf_tc_opts options = tc_options(place.priority);
  const int error = bpf_tc_query(&hook, &options);
  take_libbpf_words();
  if (error != 0) return Error{{}, -error};
  return options.prog_id;
}

/// 0 or errno.
int detach(const FilterPlace& place) {
  const bpf_tc_hook hook = tc_hook(place.interface, place.direction);
  const bpf_tc_opts options = tc_options(place.priority);
  const int error = bpf_tc_detach(&hook, &options);
  take_libbpf_words();
  return -error;
}

bool is_ours(const Result<std::string>& name) { return name && name->starts_with(our_prefix); }

/// An ingress qdisc in clsact's place takes filters for egress without a word, and runs them at
/// ingress.
bool runs_at_ingress(const FilterPlace& place, std::uint32_t program) {
  if (place.direction == Direction::ingress) return false;
  const auto there = query({place.interface, Direction::ingress, place.priority});
  return there && *there == program;
}

const char* word(Direction direction) {
  return direction == Direction::ingress ? "ingress" : "egress";
}

Error ingress_qdisc(const Device& device, const std::string& name) {
  Error error = failure(device.name, name, EBUSY);
  error.message += "; an ingress qdisc is in clsact's place";
  return error;
}

/// "; held by program 17 (xdp_dispatcher)"
std::string xdp_holder(InterfaceIndex interface) {
  bpf_xdp_query_opts options{};
  options.sz = sizeof options;
  if (bpf_xdp_query(as_int(interface), 0, &options) != 0) return {};
  for (const std::uint32_t id : {options.drv_prog_id, options.skb_prog_id, options.hw_prog_id})
    if (id != 0) return "; held by " + describe_program(id);
  return {};
}

int link(const Device& device, bpf_attach_type type, std::uint32_t flags, int program) {
  bpf_link_create_opts options{};
  options.sz = sizeof options;
  options.flags = flags;
  return bpf_link_create(program, as_int(device.index), type, &options);
}

/// Whether there was a filter of ours, and now is none.
Result<bool> remove_leftover(const Device& device, const FilterPlace& place) {
  const auto program = query(place);
  if (!program) return false;
  const std::string what =
      fmt::format("clsact {}: priority {}", word(place.direction), place.priority);
  const auto name = program_name(*program);
  if (!name && name.error().error == EPERM) {
    return Error{fmt::format("{}: {}: program {} may be a killed run's and stays, as to know its "
                             "name needs CAP_SYS_ADMIN",
                             device.name, what, *program),
                 EPERM};
  }
  if (!is_ours(name)) return false;
  if (const int error = detach(place); error != 0) return failure(device.name, what, error);
  return true;
}

}  // namespace

Result<Device> find_device(InterfaceIndex interface) {
  std::array<char, IF_NAMESIZE> name{};
  if (if_indextoname(value(interface), name.data()) == nullptr)
    return failure(fmt::format("interface {}", value(interface)), "BPF programs", errno);
  return Device{interface, name.data()};
}

bool Link::is_attached() const {
  bpf_link_info info{};
  __u32 length = sizeof info;
  if (bpf_obj_get_info_by_fd(link_.get(), &info, &length) != 0) return false;
  // tcx's part of the union, which our headers may lack, begins with the ifindex too.
  return info.xdp.ifindex != 0;
}

Filter::~Filter() {
  if (is_attached()) detach(place_);
}

Filter::Filter(Filter&& other) noexcept
    : place_{other.place_}, program_{std::exchange(other.program_, 0)} {}

Filter& Filter::operator=(Filter&& other) noexcept {
  std::swap(place_, other.place_);
  std::swap(program_, other.program_);
  return *this;
}

bool Filter::is_attached() const {
  if (program_ == 0) return false;
  const auto there = query(place_);
  return there && *there == program_;
}

bool Hook::is_attached() const {
  return std::visit([](const auto& one) { return one.is_attached(); }, attachment);
}

Result<Hook> attach_xdp(const Device& device, XdpMode mode, int program, int frags) {
  const bool native = mode == XdpMode::native;
  // Never 0: then the kernel picks generic mode where the driver has no XDP, and says nothing.
  const std::uint32_t flags = native ? XDP_FLAGS_DRV_MODE : XDP_FLAGS_SKB_MODE;
  const std::string name = native ? "native XDP" : "generic XDP";

  int fd = link(device, BPF_XDP, flags, program);
  const int refusal = fd;
  const bool held = fd == -EBUSY || fd == -EEXIST;
  // The MTU is too large for a frame in one page: ERANGE with veth, other drivers say it otherwise.
  if (fd < 0 && !held && frags >= 0) fd = link(device, BPF_XDP, flags, frags);
  if (fd >= 0) return Hook{Link{File{fd}}, name};
  Error error = failure(device.name, name, -refusal);
  if (held) error.message += xdp_holder(device.index);
  return error;
}

Result<Hook> attach_tcx(const Device& device, Direction direction, int program) {
  const auto type = direction == Direction::ingress ? tcx_ingress : tcx_egress;
  std::string name = fmt::format("tcx {}", word(direction));
  // First: behind a program that ends with TC_ACT_OK ours would not be asked.
  const int fd = link(device, type, before_all_others, program);
  if (fd < 0) return failure(device.name, name, -fd);
  return Hook{Link{File{fd}}, std::move(name)};
}

Result<Hook> attach_clsact(const Device& device, Direction direction, int program,
                           std::vector<std::string>& warnings, Purpose purpose) {
  std::string name = fmt::format("clsact {}", word(direction));
  bpf_tc_hook hook = tc_hook(device.index, direction);
  if (const int error = bpf_tc_hook_create(&hook); error != 0 && error != -EEXIST)
    return failure(device.name, name, -error);

  int error = 0;
  const std::uint32_t first = first_priority_of(purpose);
  for (std::uint32_t priority = first; priority < first + priorities; ++priority) {
    const FilterPlace place{device.index, direction, priority};
    bpf_tc_opts options = tc_options(priority);
    options.prog_fd = program;
    error = bpf_tc_attach(&hook, &options);
    // EINVAL: another kind of filter holds the priority.
    if (error != 0 && error != -EEXIST && error != -EINVAL) break;
    if (error != 0) {
      const auto there = query(place);
      if (there && runs_at_ingress(place, *there)) return ingress_qdisc(device, name);
      if (!there || !is_ours(program_name(*there))) {
        warnings.push_back(fmt::format("{}: {}: priority {} is held by {}", device.name, name,
                                       priority,
                                       there ? describe_program(*there) : "another filter"));
        continue;
      }
      options = tc_options(priority);
      options.prog_fd = program;
      options.flags = BPF_TC_F_REPLACE;
      error = bpf_tc_attach(&hook, &options);
      if (error != 0) break;
    }
    Filter filter{place, options.prog_id};
    if (runs_at_ingress(place, options.prog_id)) return ingress_qdisc(device, name);
    return Hook{std::move(filter), std::move(name)};
  }
  Error refusal = failure(device.name, name, -error);
  if (const std::string words = take_libbpf_words(); !words.empty())
    refusal.message += "; " + words;
  return refusal;
}

Result<Hook> attach_tc(const Device& device, Direction direction, int program,
                       std::vector<std::string>& warnings, Purpose purpose) {
  auto hook = attach_tcx(device, direction, program);
  if (hook || hook.error().error != EINVAL) return hook;
  return attach_clsact(device, direction, program, warnings, purpose);
}

Result<int> remove_leftovers(InterfaceIndex interface, Purpose purpose) {
  quiet_libbpf();
  const auto device = find_device(interface);
  if (!device) return 0;  // gone, and its filters with it
  int removed = 0;
  std::optional<Error> refusal;
  const std::uint32_t first = first_priority_of(purpose);
  for (const Direction direction : {Direction::ingress, Direction::egress}) {
    for (std::uint32_t priority = first; priority < first + priorities; ++priority) {
      const auto done = remove_leftover(*device, {interface, direction, priority});
      if (!done)
        refusal = done.error();
      else if (*done)
        ++removed;
    }
  }
  if (refusal) return *refusal;
  return removed;
}

}  // namespace pianissimo::bpf
