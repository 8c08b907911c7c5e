#include "experiments/recorded/world.hpp"

#include <algorithm>

#include "experiments/sim/daemon_loop.hpp"
#include "experiments/sim/random.hpp"

namespace pianissimo::recorded {
namespace {

constexpr InterfaceIndex interface { 3 };
constexpr MacAddress station{{0x02, 0, 0, 0, 0, 0x01}};
// As the simulator's knobs.
constexpr std::chrono::microseconds latency{300};
// It was there before the daemon was.
constexpr std::chrono::seconds there_before{60};

double seconds(Duration duration) { return std::chrono::duration<double>(duration).count(); }

class World final : public sim::Plant {
 public:
  /// `levels` must outlive it.
  World(const ShownLevels& levels, std::uint64_t seed)
      : levels_{levels}, seed_{seed}, level_{levels_.rbegin()->first}, last_{&draw()} {}

  std::vector<StationSample> read(Instant now) override;
  Instant begin(Instant now, const SetPower&) override { return now + latency; }
  PowerResult land(Instant now, const SetPower& command) override;

  /// Up to here the level in force gives what it gave.
  void pass(Instant now);
  RunResult take_result() { return std::move(result_); }

 private:
  const Shown& draw() const;

  const ShownLevels& levels_;
  std::uint64_t seed_;
  Dbm level_;
  Instant now_{};
  const Shown* last_;
  double frames_ = 0;
  double failed_ = 0;
  RunResult result_;
};

const Shown& World::draw() const {
  const std::vector<Shown>& samples = levels_.at(level_);
  const auto when = static_cast<std::uint64_t>(now_.time_since_epoch().count());
  sim::Random random{sim::seed_for(seed_, when)};
  return samples[static_cast<std::size_t>(random.below(static_cast<int>(samples.size())))];
}

void World::pass(Instant now) {
  if (now <= now_) return;
  const double s = seconds(now - now_);
  last_ = &draw();
  frames_ += s * last_->frames_per_s;
  failed_ += s * last_->frames_per_s * (1 - last_->acknowledged);
  result_.delivered_bits += s * static_cast<double>(last_->throughput.bps());
  result_.spent[level_] += now - now_;
  now_ = now;
}

PowerResult World::land(Instant now, const SetPower& command) {
  pass(now);
  const Dbm level = levels_.lower_bound(std::min(command.level, levels_.rbegin()->first))->first;
  if (level != level_) ++result_.changes;
  level_ = level;
  return {.at = now, .knob = command.knob, .asked = command.level};
}

std::vector<StationSample> World::read(Instant now) {
  pass(now);
  StationSample out{.station = station};
  out.expected_throughput = last_->throughput;
  out.tx_bytes = static_cast<std::uint64_t>(result_.delivered_bits / 8);
  out.tx_packets = static_cast<std::uint32_t>(static_cast<std::uint64_t>(frames_));
  out.tx_failed = static_cast<std::uint32_t>(static_cast<std::uint64_t>(failed_));
  out.tx_retries = 0;
  out.tx_rate = BitRate{.rate = last_->rate};
  out.signal = out.signal_avg = last_->signal;
  out.connected = there_before + std::chrono::duration_cast<std::chrono::seconds>(now - Instant{});
  return {out};
}

}  // namespace

RunResult run(const ShownLevels& levels, const RunParams& params) {
  const Dbm floor = levels.begin()->first;
  const Dbm ceiling = levels.rbegin()->first;
  World world{levels, params.seed};
  sim::DaemonLoop loop{{.box = {.floor = floor, .ceiling = {}}, .policy = params.policy}, world};
  const Instant end = Instant{} + params.length;
  loop.start({.at = Instant{},
              .interface = interface,
              .wiphy = WiphyIndex{0},
              .name = "recorded",
              .path = KnobKind::interface,
              .frequency = Mhz{5180},
              .width = Mhz{20},
              .channel_maximum = ceiling,
              .found = ceiling,
              .power = ceiling},
             {station}, Instant{});
  while (loop.next() < end) loop.advance(loop.next());
  world.pass(end);
  return world.take_result();
}

}  // namespace pianissimo::recorded
