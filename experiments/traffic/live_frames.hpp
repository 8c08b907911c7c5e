// Frames from many stations at once into an interface, made in the kernel.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "controller/core/identity.hpp"
#include "experiments/traffic/amount.hpp"
#include "experiments/traffic/internet_frame.hpp"
#include "experiments/traffic/schedule.hpp"

namespace pianissimo::traffic {

/// UDP packets of zeros, with right checksums.
struct LiveUdp {
  InternetAddress source;
  InternetAddress destination;    ///< of the same family
  std::uint16_t source_port = 9;  ///< 1..65535
  std::uint16_t port = 9;         ///< the first destination port, 1..65535
  std::uint32_t ports = 1;  ///< this many from there on, up to 65535; each CPU takes them in turns
};

struct LivePlan {
  /// In the network namespace of the thread that opens and runs. A veth takes frames only while its
  /// peer has an XDP program or GRO on.
  std::string interface;
  MacAddress destination{{0xff, 0xff, 0xff, 0xff, 0xff, 0xff}};
  std::vector<MacAddress> sources;  ///< 1..4096, taken in turns
  std::vector<std::uint32_t> sizes{
      60};  ///< 1..8, 60..1514 bytes without FCS, taken in turns; IPv6: from 62 on
  std::vector<unsigned> cpus{0};         ///< one thread each, pinned
  std::uint64_t packets_per_second = 0;  ///< of all CPUs together, while on; 0: as fast as it goes
  OnOff pattern;                         ///< kept to a millisecond or so
  std::optional<LiveUdp> udp;            ///< else frames of an EtherType that no protocol takes
};

/// 06:00:00:00:00:00 and the addresses after it.
std::vector<MacAddress> generated_sources(std::size_t count);

struct SourceReport {
  MacAddress source;
  Amount sent;
};

struct LiveReport {
  std::vector<SourceReport> sources;  ///< as in the plan; exact
  Amount sent;                        ///< all sources: frames handed to the interface
  /// What the interface counted meanwhile (ip -s link), also of others' frames. A veth counts a
  /// frame as transmitted when its peer takes it from the ring.
  std::uint64_t transmitted = 0;
  std::uint64_t dropped = 0;  ///< a full ring: `sent` less this has arrived
  Duration elapsed{0};
};

/// The generator: BPF_PROG_RUN with BPF_F_TEST_XDP_LIVE_FRAMES (Linux 5.18), needs CAP_BPF,
/// CAP_NET_ADMIN and CAP_SYS_ADMIN.
class LiveFrames {
 public:
  static Result<LiveFrames> open(const LivePlan& plan);
  LiveFrames(LiveFrames&&) noexcept;
  LiveFrames& operator=(LiveFrames&&) noexcept;
  ~LiveFrames();

  /// Sends so many frames (0: no limit) for so long (0: no limit), or until `stop` is set.
  Result<LiveReport> run(std::uint64_t frames, Duration duration, const std::atomic<bool>& stop);

 private:
  struct Loaded;
  explicit LiveFrames(std::unique_ptr<Loaded> loaded);
  std::unique_ptr<Loaded> loaded_;
};

}  // namespace pianissimo::traffic
