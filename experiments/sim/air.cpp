#include "experiments/sim/air.hpp"

#include <algorithm>
#include <cmath>

namespace pianissimo::sim {
namespace {

using namespace std::chrono_literals;

constexpr Duration slot = 9us;
constexpr Duration aifs{static_cast<std::int64_t>(testbed::aifs.count() * 1000)};
// Radios that begin within this have not heard of each other: they collide.
constexpr Duration deaf = 4us;

double to_mw(double dbm) { return std::pow(10, dbm / 10); }

}  // namespace

Air::Air(const Scenario& scenario, std::vector<Radio>& radios, std::vector<Station>& stations)
    : scenario_{scenario},
      radios_{radios},
      stations_{stations},
      places_(radios.size()),
      busy_(radios.size() * radios.size(), 0) {
  for (std::size_t i = 0; i < places_.size(); ++i) settle(i, Instant{});
}

void Air::advance(Instant until) {
  for (;;) {
    std::size_t first = 0;
    Instant when = Instant::max();
    for (std::size_t i = 0; i < places_.size(); ++i) {
      const Place& place = places_[i];
      const bool held = place.state == Place::State::waiting && place.heard > 0;
      if (!held && place.next < when) {
        when = place.next;
        first = i;
      }
    }
    if (when >= until) return;
    switch (places_[first].state) {
      case Place::State::idle:
        settle(first, when);
        break;
      case Place::State::waiting:
        begin(first, when);
        break;
      case Place::State::sending:
        end(first, when);
        break;
    }
  }
}

void Air::refresh(int radio, Instant now) {
  const auto i = static_cast<std::size_t>(radio);
  if (places_[i].state == Place::State::waiting && radios_[i].ready(now) <= now) {
    schedule(i);
  } else if (places_[i].state != Place::State::sending) {
    settle(i, now);
  }
}

// Nothing is on the air or counted down: what next?
void Air::settle(std::size_t i, Instant now) {
  const Instant ready = radios_[i].ready(now);
  if (ready <= now) return contend(i, now);
  places_[i].state = Place::State::idle;
  places_[i].next = ready;
}

void Air::contend(std::size_t i, Instant now) {
  Place& place = places_[i];
  place.state = Place::State::waiting;
  place.slots = radios_[i].draw_backoff();
  place.since = now;
  schedule(i);
}

void Air::schedule(std::size_t i) {
  Place& place = places_[i];
  place.since = std::max(place.since, radios_[i].silent_until());
  for (;;) {
    place.next = place.since + aifs + place.slots * slot;
    const auto busy_until = radios_[i].busy_until(place.next);
    if (!busy_until) return;
    place.since = *busy_until;
  }
}

bool Air::senses(std::size_t listener, std::size_t sender) const {
  const double loss = scenario_.between_access_points[sender][listener];
  return places_[sender].flight.power_dbm - loss >= scenario_.carrier_sense_dbm;
}

// `other` is on the air for `length` while the victim's receiver listens.
void Air::overlap(std::size_t victim, std::size_t other, Instant now, Duration length) {
  Station& station = stations_[static_cast<std::size_t>(places_[victim].flight.station)];
  Link& link = station.link(static_cast<int>(other));
  link.advance(now);
  const double mw = to_mw(places_[other].flight.power_dbm + link.gain_db());
  Hits& hits = places_[victim].hits;
  hits.overlap += length;
  hits.energy += mw * static_cast<double>(length.count());
  if (places_[victim].data_end - places_[victim].flight.data == now) hits.at_preamble_mw += mw;
}

void Air::begin(std::size_t i, Instant now) {
  Place& place = places_[i];
  place.state = Place::State::sending;
  place.flight = radios_[i].begin(now);
  place.data_end = now + place.flight.data;
  place.next = now + place.flight.total;
  place.hits = {};
  for (std::size_t j = 0; j < places_.size(); ++j) {
    if (j == i) continue;
    Place& other = places_[j];
    if (other.state == Place::State::sending) {
      const Duration both = std::min(place.data_end, other.data_end) - now;
      if (both > Duration{0}) {
        overlap(i, j, now, both);
        overlap(j, i, now, both);
      }
      continue;
    }
    if (!senses(j, i)) continue;
    const bool counting = other.state == Place::State::waiting && other.heard == 0;
    if (counting && other.next < now + deaf) continue;
    if (counting && now > other.since + aifs) {
      const auto counted = static_cast<int>((now - other.since - aifs) / slot);
      other.slots -= std::min(counted, other.slots);
    }
    busy(i, j) = 1;
    ++other.heard;
  }
}

void Air::end(std::size_t i, Instant now) {
  Place& place = places_[i];
  radios_[i].end(now, place.hits);
  for (std::size_t j = 0; j < places_.size(); ++j) {
    if (j == i) continue;
    Place& other = places_[j];
    if (busy(i, j) != 0) {
      busy(i, j) = 0;
      --other.heard;
      if (other.heard == 0 && other.state == Place::State::waiting) {
        other.since = now;
        schedule(j);
      }
    }
    // While it sent, it could not hear who began.
    if (other.state == Place::State::sending && senses(i, j)) {
      busy(j, i) = 1;
      ++place.heard;
    }
  }
  settle(i, now);
}

}  // namespace pianissimo::sim
