#include "experiments/sim/station.hpp"

#include <algorithm>
#include <cmath>

#include "experiments/sim/hardware_rate.hpp"
#include "experiments/testbed/medium/frame.hpp"

namespace pianissimo::sim {
namespace {

using namespace std::chrono_literals;

constexpr Duration link_grid = 10ms;
// Of a station's own frames, FCS left out: headers, and an IP and a TCP header or an ARP packet.
constexpr std::uint64_t own_frame_bytes = 86;

BitRate bit_rate(const testbed::Rate& rate) {
  const bool is_ht = rate.modulation == testbed::Modulation::ht;
  BitRate out{
      .rate = Throughput::from_kbps(std::llround(testbed::data_rate_mbps(rate) * 1000)),
      .format = is_ht ? RateFormat::ht : RateFormat::vht,
      .mcs = static_cast<std::uint8_t>(is_ht ? rate.mcs + 8 * (rate.streams - 1) : rate.mcs),
      .nss = {},
      .width = Mhz{static_cast<std::uint32_t>(rate.width_mhz)},
      .short_gi = rate.short_gi};
  if (!is_ht) out.nss = static_cast<std::uint8_t>(rate.streams);
  return out;
}

}  // namespace

Link::Link(const testbed::LossProfile& loss, const testbed::FadingParams& fading,
           std::uint64_t seed, Instant start)
    : profile_{loss}, fading_{fading, seed}, start_{start} {
  advance(Instant{});
}

void Link::advance(Instant now) {
  if (now < valid_until_) return;
  valid_until_ = now - now.time_since_epoch() % link_grid + link_grid;
  // While traffic warms up, the channel is held at time 0.
  const testbed::Seconds elapsed = std::max(now - start_, Duration{0});
  loss_db_ = profile_.at(elapsed);
  fading_db_ = fading_.at(elapsed);
}

Station::Station(const Scenario& scenario, int index, std::uint64_t seed,
                 std::shared_ptr<const LinkTable> table, const std::optional<MaskedRate>& bit_rate)
    : scenario_{scenario},
      plan_{scenario.stations.at(static_cast<std::size_t>(index))},
      seed_{seed},
      index_{index},
      table_{std::move(table)},
      bit_rate_{bit_rate},
      traffic_{plan_.traffic, seed_for(seed, Purpose::traffic, static_cast<std::uint64_t>(index)),
               Instant{}},
      uplink_{plan_.uplink, seed, index, Instant{} + std::chrono::seconds{scenario.warm_up_s}},
      start_{Instant{} + std::chrono::seconds{scenario.warm_up_s}} {
  mac_.octets = testbed::station_address_of(index + 1);
  const testbed::FadingParams& fading = plan_.fading ? *plan_.fading : scenario.fading;
  for (std::size_t ap = 0; ap < plan_.path_loss.size(); ++ap) {
    const std::uint64_t who = static_cast<std::uint64_t>(index) * 1000 + ap;
    links_.emplace_back(plan_.path_loss[ap], fading, seed_for(seed, Purpose::fading, who), start_);
  }
}

std::unique_ptr<RateControl> Station::make_rate_control(int access_point) const {
  if (bit_rate_) return std::make_unique<FixedRate>(table_->rates(), *bit_rate_);
  const auto& minstrel =
      scenario_.access_points.at(static_cast<std::size_t>(access_point)).minstrel;
  if (!minstrel) return std::make_unique<HardwareRate>(table_->rates());
  const auto who =
      static_cast<std::uint64_t>(index_) * 1000 + static_cast<std::uint64_t>(access_point);
  return std::make_unique<MinstrelHt>(table_->rates(), *minstrel,
                                      seed_for(seed_, Purpose::rate_control, who));
}

void Station::associate(Instant now, std::optional<int> access_point) {
  backlog(now);
  listen(now);
  waiting_ = 0;
  in_hardware_.clear();
  hardware_full_ = false;
  access_point_ = access_point;
  associated_ = last_heard_ = now;
  rx_bytes_ = rx_packets_ = 0;
  signal_ = ack_signal_ = {};
  last_rate_ = no_rate;
  rate_control_.reset();
  if (!access_point) return;
  counters_ = StationCounters{access_point_plan().counters};
  rate_control_ = make_rate_control(*access_point);
  // Its request to associate has been received.
  link(*access_point).advance(now);
  receive(now, 1, uplink_dbm(*access_point, now));
}

std::int64_t Station::backlog(Instant now) {
  const std::int64_t enough = std::int64_t{4} * table_->params().aggregate;
  const std::int64_t came = traffic_.arrived(now, std::max<std::int64_t>(0, enough - waiting_));
  if (came == 0) return waiting_;
  offered_ += static_cast<std::uint64_t>(came);
  waiting_ = access_point_ ? std::min(waiting_ + came, traffic_.queue_limit()) : 0;
  return waiting_;
}

// From what waits to the hardware, until it is full; then again when a quarter is left.
void Station::hand_over(Instant now, std::size_t under_way) {
  const auto depth = static_cast<std::size_t>(access_point_plan().hardware_queue);
  const auto aggregate = static_cast<std::size_t>(table_->params().aggregate);
  const std::size_t ready = (static_cast<std::size_t>(backlog(now)) + aggregate - 1) / aggregate;
  while (!hardware_full_ && in_hardware_.size() + under_way < std::min(ready, depth)) {
    in_hardware_.push_back(rate_control_->next_chain(now));
    // What mac80211 reports as the bit rate: the first of the chain, when it was handed over.
    last_rate_ = in_hardware_.back()[0].rate;
  }
  if (in_hardware_.size() + under_way >= depth) hardware_full_ = true;
}

Chain Station::next_chain(Instant now) {
  if (in_hardware_.empty()) {
    hardware_full_ = false;
    hand_over(now, 0);
  }
  const Chain chain = in_hardware_.front();
  in_hardware_.erase(in_hardware_.begin());
  return chain;
}

void Station::on_status(Instant now, const TxStatus& status) {
  // What came meanwhile was handed over before anything was learned from this.
  hand_over(now, 1);
  rate_control_->on_status(now, status);
  const int depth = access_point_plan().hardware_queue;
  if (static_cast<int>(in_hardware_.size()) > depth / 4) return;
  hardware_full_ = false;
}

void Station::on_attempt(Instant now, const Attempt& attempt) {
  const auto bytes = static_cast<std::uint64_t>(table_->params().frame_bytes);
  const auto received = static_cast<std::uint64_t>(attempt.received);
  ++tally_.attempts;
  tally_.mpdus += static_cast<std::uint64_t>(attempt.mpdus);
  tally_.delivered_mpdus += received;
  tally_.delivered_bytes += received * bytes;
  tally_.airtime += attempt.airtime;
  counters_.tried(now, attempt.data_time, attempt.retried);
  if (attempt.acked) {
    last_heard_ = now;
    if (access_point_plan().tells_ack_signal) {
      ack_signal_.take(attempt.uplink_dbm + uplink_.reading_noise_db());
    }
  }
  // Answers to one transmission come together, as one.
  if (const int frames = uplink_.answers(attempt.received); frames > 0) {
    receive(now, frames, attempt.uplink_dbm);
  }
}

void Station::on_exchange(Instant now, int tries, int left, int failed) {
  waiting_ -= left;
  hand_over(now, 0);
  tally_.frames += static_cast<std::uint64_t>(left);
  const auto bytes = static_cast<std::uint64_t>(table_->params().frame_bytes);
  counters_.finished(now, tries, left, static_cast<std::uint64_t>(left) * bytes, failed);
}

double Station::uplink_dbm(int access_point, Instant now) {
  const auto& steps = plan_.power;
  while (power_step_ + 1 < steps.size() &&
         start_ + Duration{std::llround(steps[power_step_ + 1].at_s * 1e9)} <= now) {
    ++power_step_;
  }
  return steps[power_step_].dbm + link(access_point).gain_db() + uplink_.offset_db(now);
}

void Station::listen(Instant now) {
  while (uplink_.next_frame() <= now) {
    const Instant at = uplink_.next_frame();
    uplink_.frame_sent();
    if (!access_point_) continue;
    link(*access_point_).advance(at);
    receive(at, 1, uplink_dbm(*access_point_, at));
  }
}

// Frames that arrive in one transmission.
void Station::receive(Instant now, int frames, double level_dbm) {
  const double level = level_dbm + uplink_.reading_noise_db();
  if (uplink_.is_lost(table_->answer_loss(level))) return;
  signal_.take(level);
  last_heard_ = std::max(last_heard_, now);
  rx_packets_ += static_cast<std::uint32_t>(frames);
  rx_bytes_ += static_cast<std::uint64_t>(frames) * own_frame_bytes;
}

StationSample Station::sample(Instant now) {
  listen(now);
  const AccessPointPlan& driver = access_point_plan();
  StationSample out{.station = mac_};
  if (const std::uint32_t kbps = rate_control_->expected_kbps();
      kbps > 0 && last_rate_ != no_rate) {
    out.expected_throughput = Throughput::from_kbps(kbps);
  }
  counters_.show(now, out);
  if (!driver.tells_airtime) out.tx_duration.reset();
  out.rx_bytes = rx_bytes_;
  out.rx_packets = rx_packets_;
  if (last_rate_ != no_rate) out.tx_rate = bit_rate(table_->rates().rate(last_rate_));
  if (driver.tells_signal) {
    out.signal = signal_.last();
    out.signal_avg = signal_.average();
  }
  if (driver.tells_ack_signal) {
    out.ack_signal = ack_signal_.last();
    out.ack_signal_avg = ack_signal_.average();
  }
  out.inactive = std::chrono::duration_cast<std::chrono::milliseconds>(now - last_heard_);
  out.connected = std::chrono::duration_cast<std::chrono::seconds>(now - associated_);
  return out;
}

}  // namespace pianissimo::sim
