#include "experiments/sim/uplink.hpp"

#include <algorithm>
#include <cmath>

namespace pianissimo::sim {
namespace {

using namespace std::chrono_literals;

constexpr unsigned precision = 10;  // bits
constexpr unsigned weight = 3;      // an eighth

}  // namespace

void SignalReading::take(double level_dbm) {
  const auto whole = static_cast<std::int32_t>(std::lround(level_dbm));
  const auto below = static_cast<std::uint32_t>(std::max(0, -whole)) << precision;
  average_ = last_ ? ((average_ << weight) - average_ + below) >> weight : below;
  last_ = dbm(whole);
}

std::optional<Dbm> SignalReading::average() const {
  if (!last_) return std::nullopt;
  return dbm(-static_cast<std::int32_t>(average_ >> precision));
}

Uplink::Uplink(const UplinkParams& params, std::uint64_t seed, int station, Instant start)
    : params_{params},
      frames_{seed_for(seed, Purpose::uplink_frames, static_cast<std::uint64_t>(station))},
      offsets_{seed_for(seed, Purpose::reciprocity, static_cast<std::uint64_t>(station))},
      noise_{seed_for(seed, Purpose::signal, static_cast<std::uint64_t>(station))},
      offset_db_{params.reciprocity_sd_db * offsets_.gauss()},
      kept_{std::exp(-1 / params.reciprocity_tau_s)},
      next_offset_{start + 1s} {
  if (params_.frames_per_second > 0) {
    next_frame_ = Instant{};
    frame_sent();
  }
}

void Uplink::frame_sent() {
  const double pause_s = frames_.exponential(1 / params_.frames_per_second);
  next_frame_ += Duration{1 + std::llround(pause_s * 1e9)};
}

int Uplink::answers(int delivered) {
  owed_ += params_.share * delivered;
  const int due = static_cast<int>(owed_);
  owed_ -= due;
  return due;
}

void Uplink::draw_offset() {
  const double fresh = params_.reciprocity_sd_db * offsets_.gauss();
  offset_db_ = kept_ * offset_db_ + std::sqrt(1 - kept_ * kept_) * fresh;
  next_offset_ += 1s;
}

}  // namespace pianissimo::sim
