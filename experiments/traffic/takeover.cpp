#include "experiments/traffic/takeover.hpp"

#include <bpf/bpf.h>
#include <fmt/format.h>
#include <linux/if_link.h>
#include <net/if.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "experiments/traffic/live_run.hpp"

namespace pianissimo::traffic {
namespace {

constexpr std::uint32_t the_connection = 0;

Error cannot_attach(const std::string& interface, int error_number) {
  if (error_number == EOPNOTSUPP) {
    return {interface + ": has no native XDP, which takes the peer's segments",
            ExitStatus::unavailable};
  }
  if (error_number == EBUSY || error_number == EEXIST) {
    return {interface + ": another XDP program is there (ip link show says which)",
            ExitStatus::unavailable};
  }
  return system_error(interface + ": native XDP", error_number);
}

}  // namespace

Result<Takeover> Takeover::attach(const std::string& interface) {
  const QuietLibbpf quiet;
  const unsigned index = if_nametoindex(interface.c_str());
  if (index == 0) return system_error(interface, errno);
  Skeleton skeleton{tcp_takeover_bpf__open()};
  if (!skeleton) return system_error("BPF programs for TCP", errno);
  if (const int failed = tcp_takeover_bpf__load(skeleton.get()); failed < 0) {
    return system_error("BPF programs for TCP (needs CAP_BPF and CAP_NET_ADMIN)", -failed);
  }
  skeleton->bss->connection.interface = index;
  auto seat = DispatcherSeat::take(bpf_program__fd(skeleton->progs.send_segments));
  if (!seat) return seat.error();
  bpf_link_create_opts options{};
  options.sz = sizeof options;
  options.flags = XDP_FLAGS_DRV_MODE;
  const int link = bpf_link_create(bpf_program__fd(skeleton->progs.take_segments),
                                   static_cast<int>(index), BPF_XDP, &options);
  if (link < 0) return cannot_attach(interface, -link);
  return Takeover{std::move(skeleton), std::move(*seat), link};
}

Takeover::Takeover(Skeleton skeleton, DispatcherSeat seat, int link)
    : skeleton_{std::move(skeleton)}, seat_{std::move(seat)}, link_{link} {}

Takeover::Takeover(Takeover&& other) noexcept
    : skeleton_{std::move(other.skeleton_)},
      seat_{std::move(other.seat_)},
      link_{std::exchange(other.link_, -1)} {}

Takeover::~Takeover() {
  if (link_ >= 0) close(link_);
}

// The peer's frames are to us.
MacAddress Takeover::own_station() const {
  MacAddress address;
  std::copy_n(skeleton_->bss->stations, address.octets.size(), address.octets.begin());
  return address;
}

MacAddress Takeover::peer_station() const {
  MacAddress address;
  std::copy_n(skeleton_->bss->stations + address.octets.size(), address.octets.size(),
              address.octets.begin());
  return address;
}

tcp_takeover_state Takeover::look() const {
  tcp_takeover_state state{};
  bpf_map_lookup_elem_flags(bpf_map__fd(skeleton_->maps.states), &the_connection, &state,
                            BPF_F_LOCK);
  return state;
}

void Takeover::begin_with(const tcp_takeover_state& state) const {
  bpf_map_update_elem(bpf_map__fd(skeleton_->maps.states), &the_connection, &state, BPF_F_LOCK);
}

int Takeover::send(std::span<const std::uint8_t> frame, std::uint64_t segments) const {
  return run_live(bpf_program__fd(skeleton_->progs.send_segments), frame, segments);
}

int Takeover::send_after_timeout(std::span<const std::uint8_t> frame) const {
  skeleton_->bss->timer_expired = 1;
  return send(frame, 1);
}

}  // namespace pianissimo::traffic
