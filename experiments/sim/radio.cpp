#include "experiments/sim/radio.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace pianissimo::sim {
namespace {

// Below this the receiver does not even notice that a frame begins.
constexpr double preamble_sinr_db = 3;

double to_mw(double dbm) { return std::pow(10, dbm / 10); }

Duration to_duration(testbed::Micros micros) {
  return Duration{static_cast<std::int64_t>(micros.count() * 1000)};
}

double micros(Duration duration) {
  return std::chrono::duration<double, std::micro>(duration).count();
}

}  // namespace

Radio::Radio(const Scenario& scenario, int index, std::vector<Station>& stations,
             std::uint64_t seed)
    : scenario_{scenario},
      index_{index},
      stations_{stations},
      random_{seed_for(seed, Purpose::air, static_cast<std::uint64_t>(index))},
      power_{scenario.access_points.at(static_cast<std::size_t>(index)).found},
      airtime_us_(stations.size(), 0),
      had_backlog_(stations.size(), false) {
  if (scenario.interference) {
    // One process for all: the same seed, whoever asks.
    interference_.emplace(*scenario.interference, seed_for(seed, Purpose::interference, 0),
                          Instant{} + std::chrono::seconds{scenario.warm_up_s});
  }
}

void Radio::set_power(const std::optional<MacAddress>& station, Dbm level) {
  if (station) {
    station_power_.insert_or_assign(*station, level);
  } else {
    power_ = level;
  }
}

Dbm Radio::power_for(const MacAddress& station) const {
  if (station_power_.empty()) return power_;
  const auto found = station_power_.find(station);
  return found == station_power_.end() ? power_ : found->second;
}

double Radio::radiated_dbm(Dbm level) const {
  return scenario_.access_points[static_cast<std::size_t>(index_)].knob.radiated_dbm(level);
}

std::optional<Instant> Radio::busy_until(Instant at) {
  if (!interference_) return std::nullopt;
  if (scenario_.interference->at_access_points_dbm < scenario_.carrier_sense_dbm) {
    return std::nullopt;
  }
  if (!interference_->is_on(at)) return std::nullopt;
  return interference_->end();
}

Instant Radio::ready(Instant now) {
  if (exchange_) return now;
  Instant first = Instant::max();
  for (Station& station : stations_) {
    if (!belongs(station)) continue;
    if (station.backlog(now) > 0) return now;
    first = std::min(first, station.next_arrival());
  }
  return first;
}

int Radio::draw_backoff() {
  backoff_ = random_.below(window_ + 1);
  return backoff_;
}

std::optional<int> Radio::next_station(Instant now) {
  std::optional<int> next;
  for (std::size_t i = 0; i < stations_.size(); ++i) {
    const bool waits = belongs(stations_[i]) && stations_[i].backlog(now) > 0;
    // Airtime that was not asked for is not made up for.
    if (waits && !had_backlog_[i]) airtime_us_[i] = std::max(airtime_us_[i], airtime_floor_us_);
    had_backlog_[i] = waits;
    if (waits && (!next || airtime_us_[i] < airtime_us_[static_cast<std::size_t>(*next)])) {
      next = static_cast<int>(i);
    }
  }
  if (next) airtime_floor_us_ = airtime_us_[static_cast<std::size_t>(*next)];
  return next;
}

void Radio::begin_exchange(Instant now, int index) {
  Station& station = stations_[static_cast<std::size_t>(index)];
  Exchange exchange{.station = index, .chain = station.next_chain(now), .used = {}};
  const LinkTable& table = station.table();
  // The slowest rate of the chain counts, as in ath9k: the whole aggregate is sent again at it.
  auto mpdus =
      static_cast<int>(std::min<std::int64_t>(station.backlog(now), table.params().aggregate));
  for (const Stage& stage : exchange.chain) {
    if (stage.rate != no_rate) mpdus = std::min(mpdus, table.most_mpdus(stage.rate));
  }
  exchange.mpdus = mpdus;
  exchange.used[0] = {.rate = exchange.chain[0].rate};
  exchange_ = exchange;
}

Flight Radio::begin(Instant now) {
  if (!exchange_) begin_exchange(now, *next_station(now));
  Station& station = stations_[static_cast<std::size_t>(exchange_->station)];
  station.listen(now);
  Link& link = station.link(index_);
  link.advance(now);
  const double power = radiated_dbm(power_for(station.mac()));
  const bool disturbed = interference_ && interference_->is_on(now);
  interference_mw_ = disturbed ? to_mw(scenario_.interference->at_stations_dbm) : 0;
  rssi_dbm_ = power + link.gain_db();
  const Duration data =
      station.table().data_time(exchange_->used[exchange_->stage].rate, exchange_->mpdus);
  return {.station = exchange_->station,
          .power_dbm = power,
          .data = data,
          .total = data + station.table().answer_time(exchange_->mpdus)};
}

// How much louder the noise is with this on top.
double Radio::noise_rise_db(const Station& station, double mw) const {
  if (mw <= 0) return 0;
  const LinkTable& table = station.table();
  const double noise =
      testbed::noise_dbm(table.rates().capability().width_mhz, table.params().receiver);
  return 10 * std::log10(1 + mw / to_mw(noise));
}

std::uint64_t Radio::received_now(const Station& station, RateId rate, const Hits& hits) {
  const LinkTable& table = station.table();
  const int mpdus = exchange_->mpdus;
  const double sd = table.params().packet_sd_db;
  const double rssi =
      rssi_dbm_ + (sd > 0 ? sd * random_.gauss() : 0) - noise_rise_db(station, interference_mw_);
  const std::uint64_t clean = random_.trials(mpdus, 1 - table.loss(rate, rssi));
  if (hits.overlap <= Duration{0}) return clean;

  const double at_preamble = noise_rise_db(station, hits.at_preamble_mw);
  const double noise =
      testbed::noise_dbm(table.rates().capability().width_mhz, table.params().receiver);
  if (hits.at_preamble_mw > 0 && rssi - noise - at_preamble < preamble_sinr_db) return 0;
  const Duration data = table.data_time(rate, mpdus);
  const double share =
      std::min(1.0, static_cast<double>(hits.overlap.count()) / static_cast<double>(data.count()));
  const double mw = hits.energy / static_cast<double>(hits.overlap.count());
  const std::uint64_t disturbed =
      random_.trials(mpdus, 1 - table.loss(rate, rssi - noise_rise_db(station, mw)));
  // The first MPDUs are the ones that were hit: which they are makes no difference.
  const int hit = std::clamp(static_cast<int>(std::ceil(share * mpdus)), 1, mpdus);
  const std::uint64_t mask = hit >= 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << hit) - 1;
  return (clean & ~mask) | (clean & disturbed & mask);
}

void Radio::end(Instant now, const Hits& hits) {
  if (!exchange_) return;  // the station left while it was on the air
  Exchange& exchange = *exchange_;
  Station& station = stations_[static_cast<std::size_t>(exchange.station)];
  const LinkTable& table = station.table();
  Stage& stage = exchange.used[exchange.stage];
  ++stage.tries;
  ++exchange.tries;

  const std::uint64_t heard = received_now(station, stage.rate, hits);
  const int received_before = std::popcount(exchange.received);
  exchange.received |= heard;
  bool acked = false;
  double uplink_dbm = 0;
  if (heard != 0) {
    const double sd = table.params().packet_sd_db;
    uplink_dbm = station.uplink_dbm(index_, now);
    const double back = uplink_dbm + (sd > 0 ? sd * random_.gauss() : 0);
    acked = random_.unit() >= table.answer_loss(back);
  }
  const Duration data = table.data_time(stage.rate, exchange.mpdus);
  const Duration answer = table.answer_time(exchange.mpdus);
  const Duration waited = to_duration(testbed::aifs + testbed::slot * backoff_);
  const int received = std::popcount(exchange.received);
  airtime_us_[static_cast<std::size_t>(exchange.station)] += micros(waited + data + answer);
  station.on_attempt(now, {.mpdus = exchange.mpdus,
                           .received = received - received_before,
                           .retried = exchange.mpdus - (acked ? received : 0),
                           .acked = acked,
                           .uplink_dbm = uplink_dbm,
                           .airtime = waited + data + answer,
                           .data_time = data});
  if (acked) return finish(now, true);

  window_ = std::min(2 * window_ + 1, scenario_.contention_window_max);
  if (stage.tries < exchange.chain[exchange.stage].tries) return;
  ++exchange.stage;
  if (exchange.stage == exchange.chain.size() || exchange.chain[exchange.stage].rate == no_rate) {
    return finish(now, false);
  }
  exchange.used[exchange.stage] = {.rate = exchange.chain[exchange.stage].rate};
}

void Radio::finish(Instant now, bool acked) {
  const Exchange exchange = *exchange_;
  exchange_.reset();
  window_ = testbed::contention_window_min;
  Station& station = stations_[static_cast<std::size_t>(exchange.station)];
  const int received = std::popcount(exchange.received);
  station.on_status(
      now, {.used = exchange.used, .mpdus = exchange.mpdus, .acked = acked ? received : 0});
  // A frame without any answer has had all its tries.
  if (acked && scenario_.access_points[static_cast<std::size_t>(index_)].resends) {
    station.on_exchange(now, exchange.tries, received, 0);
  } else {
    station.on_exchange(now, exchange.tries, exchange.mpdus, exchange.mpdus - received);
  }
}

void Radio::forget(int station) {
  if (exchange_ && exchange_->station == station) {
    exchange_.reset();
    window_ = testbed::contention_window_min;
  }
}

}  // namespace pianissimo::sim
