#include "experiments/sim/run.hpp"

#include <algorithm>
#include <cmath>
#include <deque>

#include "experiments/sim/access_point.hpp"

namespace pianissimo::sim {
namespace {

Instant at_second(const Scenario& scenario, double s) {
  return Instant{} + std::chrono::seconds{scenario.warm_up_s} + Duration{std::llround(s * 1e9)};
}

// Tables are the larger part of a station; stations of one kind share theirs.
class Tables {
 public:
  explicit Tables(const Scenario& scenario) : scenario_{scenario} {}

  std::shared_ptr<const LinkTable> table_for(const StationPlan& station) {
    const auto& ap = scenario_.access_points.at(
        static_cast<std::size_t>(station.stays.front().access_point.value_or(0)));
    const Capability capability{.streams = std::min(ap.streams, station.streams),
                                .width_mhz = std::min(ap.width_mhz, station.width_mhz)};
    const auto& fading = station.fading ? *station.fading : scenario_.fading;
    const LinkParams params{.frame_bytes = frame_bytes(station.traffic),
                            .aggregate = scenario_.aggregate_mpdus,
                            .longest = testbed::Micros{1000 * scenario_.longest_ppdu_ms},
                            .packet_sd_db = fading.packet_sd_db,
                            .receiver = scenario_.receiver};
    for (const auto& table : tables_) {
      if (table->rates().capability() == capability && table->params() == params) return table;
    }
    return tables_.emplace_back(std::make_shared<LinkTable>(capability, params));
  }

 private:
  const Scenario& scenario_;
  std::vector<std::shared_ptr<const LinkTable>> tables_;
};

// The lowest level of the box that puts so much on the air; its ceiling if none does.
Dbm lowest_level(const Radio& radio, const Box& box, double needed_dbm) {
  Dbm level = box.floor();
  while (level < box.ceiling() && radio.radiated_dbm(level) < needed_dbm - 1e-6)
    level = level + db(1);
  return level;
}

class World {
 public:
  World(const Scenario& scenario, const RunOptions& options);
  RunResult run();

 private:
  struct Move {
    Instant at;
    std::size_t station = 0;
    std::optional<int> access_point;
  };

  void move(const Move& move);
  void write_truth(Instant now);
  StationTruth truth_of(Instant now, Station& station, std::uint64_t& offered_before);

  RunResult result_;
  std::vector<Station> stations_;
  std::vector<Radio> radios_;
  std::vector<Move> moves_;  // in order of time
  std::size_t moves_done_ = 0;
  std::vector<std::uint64_t> offered_;
  std::optional<Air> air_;
  std::deque<AccessPoint> access_points_;  // they do not move
};

World::World(const Scenario& scenario, const RunOptions& options) {
  result_.start = at_second(scenario, 0);
  result_.end = at_second(scenario, scenario.duration_s);
  result_.access_points.resize(scenario.access_points.size());
  result_.stations.resize(scenario.stations.size());
  offered_.resize(scenario.stations.size());

  Tables tables{scenario};
  stations_.reserve(scenario.stations.size());
  for (std::size_t i = 0; i < scenario.stations.size(); ++i) {
    const StationPlan& plan = scenario.stations[i];
    stations_.emplace_back(scenario, static_cast<int>(i), options.seed, tables.table_for(plan),
                           options.bit_rate);
    result_.stations[i].mac = stations_[i].mac();
    // cost_of() has promised how much that is.
    result_.stations[i].truth.reserve(
        static_cast<std::size_t>((result_.end - Instant{}) / truth_interval) + 1);
    for (const Stay& stay : plan.stays) {
      // Who is there at the beginning was there before: traffic has warmed up.
      if (stay.at_s <= 0) {
        stations_[i].associate(Instant{}, stay.access_point);
      } else {
        moves_.push_back({at_second(scenario, stay.at_s), i, stay.access_point});
      }
    }
  }
  std::ranges::stable_sort(moves_, {}, &Move::at);
  radios_.reserve(scenario.access_points.size());
  for (std::size_t i = 0; i < scenario.access_points.size(); ++i) {
    radios_.emplace_back(scenario, static_cast<int>(i), stations_, options.seed);
  }
  air_.emplace(scenario, radios_, stations_);
  for (std::size_t i = 0; i < scenario.access_points.size(); ++i) {
    const AccessPointPlan& plan = scenario.access_points[i];
    Dbm ceiling = std::min(plan.found, plan.channel_maximum);
    if (options.box.ceiling) ceiling = std::min(ceiling, *options.box.ceiling);
    result_.access_points[i].box = Box{options.box.floor, ceiling};
    access_points_.emplace_back(scenario, options, static_cast<int>(i), radios_[i], *air_,
                                stations_, result_.access_points[i]);
  }
}

RunResult World::run() {
  Instant truth_due = Instant{} + truth_interval;
  bool started = false;
  for (;;) {
    Instant next = std::min(truth_due, started ? Instant::max() : result_.start);
    if (moves_done_ < moves_.size()) next = std::min(next, moves_[moves_done_].at);
    for (const AccessPoint& ap : access_points_) next = std::min(next, ap.next());
    air_->advance(next);
    if (next >= truth_due) {
      write_truth(next);
      truth_due += truth_interval;
    }
    if (next >= result_.end) break;
    if (!started && next >= result_.start) {
      started = true;
      for (AccessPoint& ap : access_points_) ap.start(next);
    }
    while (moves_done_ < moves_.size() && moves_[moves_done_].at <= next) {
      move(moves_[moves_done_++]);
    }
    for (AccessPoint& ap : access_points_) ap.advance(next);
  }
  return std::move(result_);
}

void World::move(const Move& move) {
  Station& station = stations_[move.station];
  const auto from = station.access_point();
  if (from) radios_[static_cast<std::size_t>(*from)].forget(static_cast<int>(move.station));
  station.associate(move.at, move.access_point);
  if (from) {
    air_->refresh(*from, move.at);
    access_points_[static_cast<std::size_t>(*from)].on_left(move.at, station.mac());
  }
  if (move.access_point) {
    air_->refresh(*move.access_point, move.at);
    access_points_[static_cast<std::size_t>(*move.access_point)].on_joined(move.at, station.mac());
  }
}

void World::write_truth(Instant now) {
  for (std::size_t i = 0; i < stations_.size(); ++i) {
    result_.stations[i].truth.push_back(truth_of(now, stations_[i], offered_[i]));
  }
}

StationTruth World::truth_of(Instant now, Station& station, std::uint64_t& offered_before) {
  station.backlog(now);
  const testbed::Tally tally = station.take_tally();
  const auto bytes = static_cast<std::uint64_t>(station.table().params().frame_bytes);
  StationTruth out{.at = now, .access_point = -1};
  out.offered_bytes = (station.offered_frames() - offered_before) * bytes;
  offered_before = station.offered_frames();
  out.frames = tally.frames;
  out.attempts = tally.attempts;
  out.mpdus = tally.mpdus;
  out.delivered_mpdus = tally.delivered_mpdus;
  out.delivered_bytes = tally.delivered_bytes;
  out.airtime_us = tally.airtime.count();
  if (!station.access_point()) return out;

  const auto ap = static_cast<std::size_t>(*station.access_point());
  const Box& box = result_.access_points[ap].box;
  const LinkTable& table = station.table();
  Link& link = station.link(static_cast<int>(ap));
  station.listen(now);
  link.advance(now);
  out.access_point = static_cast<int>(ap);
  out.power = radios_[ap].power_for(station.mac());
  out.path_loss_db = link.loss_db();
  out.fading_db = link.fading_db();
  const auto capacity_at = [&](Dbm level) {
    return table.capacity_mbps(radios_[ap].radiated_dbm(level) + link.gain_db());
  };
  out.capacity_mbps = capacity_at(out.power);
  out.capacity_at_ceiling_mbps = capacity_at(box.ceiling());
  for (std::size_t i = 0; i < oracle_keeps.size(); ++i) {
    const double needed =
        table.rssi_for(oracle_keeps[i] * out.capacity_at_ceiling_mbps) - link.gain_db();
    out.lowest[i] = lowest_level(radios_[ap], box, needed);
  }
  return out;
}

}  // namespace

RunResult run(const Scenario& scenario, const RunOptions& options) {
  return World{scenario, options}.run();
}

}  // namespace pianissimo::sim
