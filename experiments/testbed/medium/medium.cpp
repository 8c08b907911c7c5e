#include "experiments/testbed/medium/medium.hpp"

#include <algorithm>
#include <cmath>

namespace pianissimo::testbed {
namespace {

using namespace std::chrono_literals;

constexpr int ap = 0;
// Stations hardly talk to each other; they hear enough to share the air.
constexpr double between_stations_db = 80;
constexpr double silence_dbm = -300;
// hwsim has no back-pressure: without a limit hundreds of frames wait here with rates that were
// chosen seconds ago, and rate control looks frozen.
constexpr int queue_limit = 16;
// A busy host makes us late. Up to this much is caught up; older air is forgotten.
constexpr Instant catch_up = 5ms;

int whole_dbm(double dbm) { return static_cast<int>(std::lround(std::clamp(dbm, -110., 0.))); }

TransmitReport report_of(const OutgoingFrame& frame) {
  return {.radio = frame.radio, .cookie = frame.cookie, .flags = frame.flags, .signal_dbm = -100};
}

}  // namespace

Medium::Medium(const Scenario& scenario, bool aggregates, KernelPort& kernel, PowerSource& power,
               Truth& truth)
    : scenario_{scenario},
      aggregates_{aggregates},
      kernel_{kernel},
      power_{power},
      truth_{truth},
      random_{scenario.seed} {
  std::uint64_t seed = scenario.seed * 1000;
  for (const StationPlan& plan : scenario.stations) {
    stations_.push_back({.loss = plan.path_loss,
                         .fading = Fading{scenario.fading, ++seed},
                         .interval = {},
                         .last_second = {}});
  }
}

void Medium::accept(OutgoingFrame frame) {
  const auto view = FrameView::parse(frame.bytes);
  if (!view) return;
  ++counters_.frames;
  if (const auto from = view->transmitter()) seen_[*from] = frame.radio;
  int& queued = queued_[{frame.radio, view->receiver()}];
  if (view->is_data() && !view->is_multicast() && queued >= queue_limit) {
    // No rate was used, so rate control draws no conclusion from it.
    ++counters_.dropped;
    send_report(report_of(frame), frame.arrived);
    return;
  }
  ++queued;
  airs_[frame.frequency_mhz].queue.push_back(std::move(frame));
}

Instant Medium::advance(Instant now) {
  retry_reports(now);
  if (now >= truth_due_) write_truth(now);
  Instant next = truth_due_;
  for (auto& [frequency, air] : airs_) {
    for (;;) {
      if (air.current && air.current->ends <= now) {
        if (now - air.current->ends > 2ms) ++counters_.late;
        finish(*air.current);
        air.current.reset();
      }
      if (air.current || air.queue.empty()) break;
      OutgoingFrame frame = std::move(air.queue.front());
      air.queue.pop_front();
      begin(air, std::move(frame), now);
    }
    if (air.current) next = std::min(next, air.current->ends);
  }
  for (const PendingReport& pending : pending_) next = std::min(next, pending.due);
  return next;
}

std::optional<int> Medium::receiver_of(const MacAddress& address) const {
  auto radio = radio_of(address);
  if (const auto known = seen_.find(address); known != seen_.end()) radio = known->second;
  if (!radio || *radio > static_cast<int>(stations_.size())) return std::nullopt;
  return radio;
}

Seconds Medium::elapsed(Instant now) const {
  return started_ ? Seconds{std::max(now - *started_, Instant{0})} : Seconds{0};
}

LinkState Medium::link(int from, int to, Instant now) {
  LinkState out{.packet_sd_db = fading_on_ ? scenario_.fading.packet_sd_db : 0,
                .receiver = scenario_.receiver};
  const double from_dbm = from == ap ? power_.power_dbm(now) : scenario_.station_power_dbm;
  const double to_dbm = to == ap ? power_.power_dbm(now) : scenario_.station_power_dbm;
  double loss = between_stations_db;
  if (from == ap || to == ap) {
    Station& station = stations_.at(static_cast<std::size_t>(std::max(from, to) - 1));
    loss = station.loss.at(elapsed(now));
    if (fading_on_) loss -= station.fading.at(elapsed(now));
  }
  out.rssi_dbm = from_dbm - loss;
  out.ack_rssi_dbm = to_dbm - loss;
  return out;
}

void Medium::begin(Air& air, OutgoingFrame frame, Instant now) {
  const FrameView view = *FrameView::parse(frame.bytes);
  Exchange exchange;
  exchange.multicast = view.is_multicast();
  exchange.data = view.is_data();
  if (!exchange.multicast) exchange.receiver = receiver_of(view.receiver());
  exchange.transmission = {.chain = frame.chain,
                           .frequency_mhz = frame.frequency_mhz,
                           .bytes = static_cast<int>(frame.bytes.size())};
  if (exchange.multicast) {
    ++counters_.multicast;
    exchange.outcome = draw_multicast(exchange.transmission, random_);
  } else {
    if (aggregates_ && (frame.flags & OutgoingFrame::aggregated) != 0) {
      exchange.transmission.mpdus =
          aggregate_size(exchange.transmission, scenario_.aggregate_mpdus);
    }
    exchange.link.rssi_dbm = silence_dbm;
    if (exchange.receiver && *exchange.receiver != frame.radio) {
      exchange.link = link(frame.radio, *exchange.receiver, now);
    }
    exchange.outcome = draw_unicast(exchange.transmission, exchange.link, random_);
    // Without aggregates mac80211 must not open BlockAck sessions: Minstrel-HT ignores the status
    // of frames in a session, because the stock module cannot say how many MPDUs there were.
    exchange.refuse_addba = !aggregates_ && exchange.outcome.acked && view.is_addba_request();
  }
  const Instant start = std::max({frame.arrived, air.free_at, now - catch_up});
  exchange.ends = start + std::chrono::duration_cast<Instant>(exchange.outcome.airtime);
  air.free_at = exchange.ends;
  exchange.frame = std::move(frame);
  air.current = std::move(exchange);
}

void Medium::finish(Exchange& exchange) {
  const OutgoingFrame& frame = exchange.frame;
  const FrameView view = *FrameView::parse(frame.bytes);
  Outcome& outcome = exchange.outcome;
  --queued_[{frame.radio, view.receiver()}];
  if (exchange.multicast) {
    finish_multicast(exchange);
  } else if (exchange.refuse_addba) {
    ++counters_.addba_refused;
    kernel_.deliver(frame.radio, view.addba_refusal(), whole_dbm(exchange.link.ack_rssi_dbm),
                    frame.frequency_mhz);
  } else if (outcome.mpdus_received > 0 &&
             !kernel_.deliver(*exchange.receiver, frame.bytes, whole_dbm(exchange.link.rssi_dbm),
                              frame.frequency_mhz)) {
    // Only the receiver's kernel knows that it is down or on another channel: then nobody
    // answered, and the transmitter has tried everything.
    ++counters_.refused_by_receiver;
    outcome.used = frame.chain;
    outcome.acked = false;
    outcome.mpdus_received = 0;
  }
  if (!outcome.acked) ++counters_.unacked;
  if (frame.radio == ap && exchange.data && exchange.receiver && *exchange.receiver != ap) {
    stations_.at(static_cast<std::size_t>(*exchange.receiver - 1))
        .interval.add(outcome, exchange.transmission.bytes);
  }
  TransmitReport report = report_of(frame);
  report.used = outcome.used;
  report.acked = outcome.acked;
  if (outcome.acked && !exchange.multicast) {
    report.signal_dbm = whole_dbm(exchange.link.ack_rssi_dbm);
  }
  if (aggregates_ && (frame.flags & OutgoingFrame::aggregated) != 0) {
    report.mpdus = outcome.mpdus;
    report.mpdus_acked = outcome.acked ? outcome.mpdus_received : 0;
  }
  send_report(report, exchange.ends);
}

void Medium::finish_multicast(const Exchange& exchange) {
  for (int to = 0; to <= static_cast<int>(stations_.size()); ++to) {
    if (to == exchange.frame.radio) continue;
    const LinkState state = link(exchange.frame.radio, to, exchange.ends);
    if (!draw_reception(exchange.transmission, state, random_)) continue;
    kernel_.deliver(to, exchange.frame.bytes, whole_dbm(state.rssi_dbm),
                    exchange.frame.frequency_mhz);
  }
}

void Medium::send_report(const TransmitReport& report, Instant now) {
  if (kernel_.report(report)) return;
  ++counters_.early_reports;
  pending_.push_back({.report = report, .due = now + 200us, .tries = 1});
}

void Medium::retry_reports(Instant now) {
  for (auto it = pending_.begin(); it != pending_.end();) {
    if (it->due > now) {
      ++it;
    } else if (kernel_.report(it->report)) {
      it = pending_.erase(it);
    } else if (++it->tries > 12) {  // 0.8 s: the interface went down and took the frame with it
      ++counters_.lost_reports;
      it = pending_.erase(it);
    } else {
      it->due = now + 100us * (1 << it->tries);
      ++it;
    }
  }
}

void Medium::write_truth(Instant now) {
  constexpr std::size_t intervals_per_second = 1s / truth_interval;
  for (std::size_t i = 0; i < stations_.size(); ++i) {
    Station& station = stations_.at(i);
    truth_.row(now, station_address_of(static_cast<int>(i) + 1),
               {.power_dbm = power_.power_dbm(now),
                .path_loss_db = station.loss.at(elapsed(now)),
                .fading_db = fading_on_ ? station.fading.at(elapsed(now)) : 0},
               station.interval);
    station.last_second.push_back(station.interval);
    if (station.last_second.size() > intervals_per_second) station.last_second.pop_front();
    station.interval = {};
  }
  truth_.flush();
  truth_due_ = now - now % truth_interval + truth_interval;
}

}  // namespace pianissimo::testbed
