#include "controller/policy/anchor.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "controller/policy/anchor_station.hpp"
#include "controller/policy/effect_test.hpp"

namespace pianissimo {
namespace {

using namespace std::chrono_literals;
using anchor::Station;
using anchor::Trial;
using anchor::Vote;

class Anchor final : public Policy {
 public:
  explicit Anchor(const AnchorParams& params) : params_{params} {}

  Advice start(Instant at, const Box& box, Reason reason) override;
  Advice on_applied(Instant at) override;
  Advice on_wake(Instant) override { return stay(); }
  Advice on_reading(Instant at, std::span<const StationView> views) override;
  Advice on_station_left(Instant at, const MacAddress& station) override;
  Advice on_floor(Instant at, const Box& box) override;
  std::optional<Proposal> proposal(Instant at) const override;

 private:
  Advice stay() const { return {.level = level_}; }
  Advice go(Instant at, Dbm to, Because because);
  std::optional<Trial> trial() const;
  std::optional<Because> take_in(Instant at, std::span<const StationView> views, Dbm& at_least);
  Advice decide(Instant at);
  std::optional<Advice> test_effect(Instant at);
  Advice hold(Instant at, bool is_settled, Evidence evidence);
  Dbm first_guess(const Station& station) const;
  double mistakes_left(Instant at) const;
  Instant waits_until() const;
  void forget_oldest();

  AnchorParams params_;
  Box box_{Dbm{}, Dbm{}};
  bool is_running_ = false;
  Dbm level_;
  Dbm good_;  // good for all; above level_ while a lower one is tried
  bool was_up_ = false;
  std::optional<Instant> since_;  // level_ is in force since then
  Instant asked_{};
  Duration cost_{};  // of a change: how long the knob takes
  Instant last_down_{};
  int downs_ = 0;
  double mistakes_ = 0;  // steps down that were taken back; forgotten one by one
  Instant mistakes_at_{};
  bool was_down_ = false;
  bool has_said_hold_ = false;
  int impossible_ = 0;  // readings in a row that no receiver could have had
  std::optional<Instant> dead_until_;
  Duration dead_wait_{};
  std::optional<Dbm> back_to_;  // a visit to the ceiling is under way
  std::optional<Instant> last_visit_;
  std::map<MacAddress, Station> stations_;
};

// Stations that left are remembered, so many at most.
constexpr std::size_t most_remembered = 64;
constexpr int impossible_readings = 20;
constexpr Duration longest_cost = 300ms;
// So many steps down may be taken back one soon after the other; each is forgotten after a while.
constexpr double most_mistakes = 4;
constexpr std::chrono::duration<double> forgotten_after{10};

Advice Anchor::start(Instant at, const Box& box, Reason reason) {
  box_ = box;
  // A newcomer is met at its first reading: by then its signal is known.
  if (reason == Reason::station_joined && is_running_) {
    return {.level = level_, .dwell = !since_.has_value()};
  }
  is_running_ = true;
  level_ = good_ = box.ceiling();
  since_.reset();
  back_to_.reset();
  was_up_ = true;
  asked_ = at;
  downs_ = 0;
  for (auto& [mac, station] : stations_) station.begin_run();
  if (box.levels() == 1) return {.level = level_, .because = Because{Reason::single_level, {}}};
  return {.level = level_, .dwell = true, .because = Because{reason, {}}};
}

Advice Anchor::on_applied(Instant at) {
  since_ = at;
  // A command that was refused and repeated says nothing of what the hardware takes.
  cost_ = (cost_ + std::min<Duration>(at - asked_, longest_cost)) / 2;
  return stay();
}

Advice Anchor::on_station_left(Instant at, const MacAddress& mac) {
  const auto found = stations_.find(mac);
  if (found == stations_.end()) return stay();
  if (params_.memory) {
    found->second.leave(at);
    forget_oldest();
  } else {
    stations_.erase(found);
  }
  return stay();
}

Advice Anchor::on_floor(Instant at, const Box& box) {
  box_ = box;
  good_ = box_.clamp(good_);
  if (back_to_) back_to_ = box_.clamp(*back_to_);
  return box_.contains(level_) ? stay() : go(at, level_, {Reason::box_changed, {}});
}

// What every station that has a say would do with. One that cannot say so keeps what is in force.
std::optional<Proposal> Anchor::proposal(Instant at) const {
  if (!since_ || back_to_ || dead_until_) return std::nullopt;
  std::optional<Proposal> most;
  for (const auto& [mac, station] : stations_) {
    if (!station.is_here() || !station.has_say(at)) continue;
    const auto enough = station.enough(at, level_);
    if (!enough) return std::nullopt;
    if (!most || *enough > most->level) most = Proposal{*enough, station.evidence()};
  }
  return most;
}

void Anchor::forget_oldest() {
  std::size_t gone = 0;
  auto oldest = stations_.end();
  for (auto it = stations_.begin(); it != stations_.end(); ++it) {
    if (it->second.is_here()) continue;
    ++gone;
    if (oldest == stations_.end() || it->second.left_at() < oldest->second.left_at()) oldest = it;
  }
  if (gone > most_remembered) stations_.erase(oldest);
}

std::optional<Trial> Anchor::trial() const {
  if (!since_) return std::nullopt;
  return Trial{.level = level_,
               .since = *since_,
               .was_up = was_up_,
               .below = std::max(0, (good_ - level_).mb() / 100)};
}

Advice Anchor::go(Instant at, Dbm to, Because because) {
  to = box_.clamp(to);
  if (to == level_) return stay();
  const bool is_visit = because.reason == Reason::visit || because.reason == Reason::visit_over;
  if (!is_visit) {
    mistakes_ = mistakes_left(at) + (to > level_ && was_down_ ? 1 : 0);
    mistakes_at_ = at;
    was_down_ = to < level_;
  }
  was_up_ = to > level_;
  has_said_hold_ = false;
  level_ = to;
  since_.reset();
  asked_ = at;
  for (auto& [mac, station] : stations_) {
    if (because.reason == Reason::visit) {
      station.begin_visit();
    } else if (because.reason == Reason::visit_over) {
      station.end_visit();
    } else {
      station.begin_run();
    }
  }
  return {.level = level_, .dwell = true, .because = because};
}

// What a station that nothing is known of will do with, by its signal: as much power at the station
// as the neediest other one was found to need, or what no receiver needs more than.
Dbm Anchor::first_guess(const Station& station) const {
  if (!station.signal()) return box_.ceiling();
  constexpr double plenty = -35;  // level + signal: about -50 dBm at the station
  std::optional<double> needed;
  for (const auto& [mac, other] : stations_) {
    const auto needs = other.needs();
    if (&other == &station || !needs || !other.signal()) continue;
    needed = std::max(needed.value_or(plenty - 100), needs->value() + *other.signal());
  }
  const double enough = std::min(needed.value_or(plenty), plenty) + 3;
  return box_.clamp(Dbm::from_mbm(static_cast<std::int32_t>(100 * (enough - *station.signal()))));
}

// The reading of every station. What it says at once: a level that is needed at least, and why.
std::optional<Because> Anchor::take_in(Instant at, std::span<const StationView> views,
                                       Dbm& at_least) {
  std::optional<Because> because;
  const auto now = trial();
  for (const StationView& view : views) {
    const auto [entry, is_new] = stations_.try_emplace(view.station, params_, view.station);
    Station& station = entry->second;
    const bool is_back = !station.is_here();
    if (is_back) station.come_back(at);
    const bool is_anew = station.on_reading(at, view, now, box_.ceiling()) || is_back;
    const int fell = station.fell(at);
    const bool is_to_be_measured_anew = station.is_to_be_measured_anew();
    Dbm wants = box_.floor();
    Reason reason = Reason::signal_fell;
    if ((is_anew || is_new) && station.needs()) {
      wants = *station.needs();
      reason = Reason::remembered;
    } else if (is_anew || is_new) {
      wants = first_guess(station);
      reason = Reason::newcomer;
    } else if (is_to_be_measured_anew) {
      wants = box_.ceiling();
      reason = Reason::retries_misleading;
    } else if (fell > 0 && station.has_say(at)) {
      wants = level_ + db(fell);
    }
    wants = box_.clamp(wants);
    if (wants <= at_least) continue;
    at_least = wants;
    Evidence evidence{.station = view.station};
    if (reason == Reason::signal_fell) evidence.signal_change = db(-fell);
    if (reason == Reason::remembered) evidence.level = wants;
    because = Because{reason, evidence};
  }
  return because;
}

Advice Anchor::on_reading(Instant at, std::span<const StationView> views) {
  Dbm at_least = level_;
  const auto because = take_in(at, views, at_least);
  if (box_.levels() == 1) return stay();
  if (back_to_) {
    if (!since_ || at - *since_ < Duration{params_.visit_dwell}) return stay();
    last_visit_ = at;
    const Dbm back = *std::exchange(back_to_, std::nullopt);
    return go(at, back, {Reason::visit_over, {}});
  }
  if (const auto advice = test_effect(at)) return *advice;
  if (because) {
    good_ = at_least;
    return go(at, at_least, *because);
  }
  return since_ ? decide(at) : stay();
}

double Anchor::mistakes_left(Instant at) const {
  return std::max(0.0,
                  mistakes_ - std::chrono::duration<double>(at - mistakes_at_) / forgotten_after);
}

// When the next step down may be taken. A knob that takes long silences the radio meanwhile: such
// changes are rare. Where steps down are taken back again and again, the channel does not hold
// still for as long as it takes to know it.
Instant Anchor::waits_until() const {
  Instant until{};
  if (cost_ >= 20ms && downs_ >= 2) until = last_down_ + 200 * cost_;
  if (mistakes_ <= most_mistakes) return until;
  const auto wait = (mistakes_ - most_mistakes) * forgotten_after;
  return std::max(until, mistakes_at_ + std::chrono::duration_cast<Duration>(wait));
}

// Says once why the level stays.
Advice Anchor::hold(Instant at, bool is_settled, Evidence evidence) {
  if (std::exchange(has_said_hold_, true)) return stay();
  std::optional<Instant> until = waits_until();
  if (is_settled) {
    const auto found = evidence.station ? stations_.find(*evidence.station) : stations_.end();
    until = found == stations_.end() ? std::nullopt : found->second.opens_below(at, level_);
  } else {
    evidence = {.level = level_ - db(1)};
  }
  if (until) evidence.wait = std::chrono::duration_cast<std::chrono::milliseconds>(*until - at);
  return {.level = level_,
          .because = Because{is_settled ? Reason::settled : Reason::rate_limited, evidence}};
}

// A station that is served well by a level at which no receiver could be: the knob does nothing.
std::optional<Advice> Anchor::test_effect(Instant at) {
  if (!params_.effect_test) return std::nullopt;
  if (dead_until_) {
    if (at < *dead_until_) return stay();
    dead_until_.reset();
    return Advice{.level = level_, .because = Because{Reason::knob_retest, {}}};
  }
  if (!since_) return std::nullopt;
  const auto found = std::ranges::find_if(stations_, [&](const auto& entry) {
    const Station& station = entry.second;
    const auto rate = station.sustained_rate();
    // What is impossible at the ceiling, too, is no station as we take them to be.
    return station.is_here() && station.is_active(at) && rate && station.signal() &&
           anchor::is_impossible(*rate, level_, *station.signal()) &&
           !anchor::is_impossible(*rate, box_.ceiling(), *station.signal());
  });
  impossible_ = found == stations_.end() ? 0 : impossible_ + 1;
  if (impossible_ < impossible_readings) return std::nullopt;
  impossible_ = 0;
  dead_wait_ = std::clamp<Duration>(2 * dead_wait_, 10min, 6h);
  dead_until_ = at + dead_wait_;
  Evidence evidence{.station = found->first};
  evidence.level = level_;
  evidence.wait = std::chrono::duration_cast<std::chrono::milliseconds>(dead_wait_);
  good_ = box_.ceiling();
  return go(at, box_.ceiling(), {Reason::knob_dead, evidence});
}

Advice Anchor::decide(Instant at) {
  const Trial now = *trial();
  Vote neediest;
  std::optional<Vote> slowest;
  Station* indifferent = nullptr;
  bool all_good = true;
  bool doubt = false;
  bool any = false;
  int step = box_.levels();
  for (auto& [mac, station] : stations_) {
    if (!station.is_here() || !station.has_say(at)) continue;
    if (!station.is_active(at)) {
      step = std::min(step, station.room_while_quiet(at, level_));
      continue;
    }
    any = true;
    const Vote vote = station.vote(at, now, box_);
    if (vote.up > 0) {
      const Duration wait = station.bad(at, now, vote);
      if (vote.up > neediest.up) {
        neediest = vote;
        neediest.evidence.level = level_;
        neediest.evidence.wait = std::chrono::duration_cast<std::chrono::milliseconds>(wait);
      }
    }
    if (vote.is_good) station.good(at, level_, vote.is_indifferent);
    if (vote.is_indifferent) indifferent = &station;
    all_good = all_good && vote.is_good;
    doubt = doubt || vote.doubt;
    if (vote.step <= step) slowest = vote;
    step = std::min(step, vote.step);
  }
  if (neediest.up > 0) {
    const Dbm more = level_ + db(neediest.up + neediest.margin);
    const bool is_trial = now.below > 0;
    // What was good before may be long ago for a station that is sent a page now and then.
    const bool is_back = is_trial && neediest.up <= 6 && neediest.reason != Reason::losses;
    const Dbm to =
        is_back ? std::max(good_, level_ + db(1 + neediest.margin)) : std::max(good_, more);
    if (is_trial && neediest.reason == Reason::throughput_fell) {
      neediest.reason = Reason::step_failed;
    }
    good_ = box_.clamp(to);
    return go(at, to, {neediest.reason, neediest.evidence});
  }
  if (!any) return stay();
  if (doubt && params_.visits && level_ < box_.ceiling() &&
      (!last_visit_ || at - *last_visit_ > Duration{params_.visit_every})) {
    back_to_ = level_;
    return go(at, box_.ceiling(), {Reason::visit, {}});
  }
  if (indifferent != nullptr && level_ == box_.floor()) {
    // Chance hides small losses of such a link: not so close to where it would break.
    indifferent->avoid(at, level_ + db(4));
    good_ = box_.clamp(level_ + db(5));
    return go(at, good_, {Reason::power_makes_no_difference, indifferent->evidence()});
  }
  if (all_good) good_ = indifferent != nullptr ? box_.clamp(level_ + db(3)) : level_;
  if (!all_good || level_ <= box_.floor()) return stay();
  if (step <= 0 || at < waits_until())
    return hold(at, step <= 0, slowest ? slowest->evidence : Evidence{});
  ++downs_;
  last_down_ = at;
  return go(at, level_ - db(step),
            {!slowest                  ? Reason::step_down
             : slowest->is_indifferent ? Reason::power_makes_no_difference
             : slowest->is_fast        ? Reason::descend_fast
                                       : Reason::step_down,
             slowest ? slowest->evidence : Evidence{}});
}

}  // namespace

std::unique_ptr<Policy> make_anchor(const AnchorParams& params) {
  return std::make_unique<Anchor>(params);
}

}  // namespace pianissimo
