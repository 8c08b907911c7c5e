// The build without BPF: PIANISSIMO_BPF=OFF.
#include "experiments/traffic/live_frames.hpp"
#include "experiments/traffic/live_tcp.hpp"

namespace pianissimo::traffic {

struct LiveFrames::Loaded {};

Result<LiveFrames> LiveFrames::open(const LivePlan& /*plan*/) {
  return Error{"built without BPF, and so without live frames", ExitStatus::unavailable};
}

LiveFrames::LiveFrames(std::unique_ptr<Loaded> loaded) : loaded_{std::move(loaded)} {}
LiveFrames::LiveFrames(LiveFrames&&) noexcept = default;
LiveFrames& LiveFrames::operator=(LiveFrames&&) noexcept = default;
LiveFrames::~LiveFrames() = default;

Result<LiveReport> LiveFrames::run(std::uint64_t /*frames*/, Duration /*duration*/,
                                   const std::atomic<bool>& /*stop*/) {
  return LiveReport{};
}

Result<LiveTcpReport> send_live_tcp(const LiveTcpPlan& /*plan*/,
                                    const std::atomic<bool>& /*stop*/) {
  return Error{"built without BPF, and so without live frames", ExitStatus::unavailable};
}

}  // namespace pianissimo::traffic
