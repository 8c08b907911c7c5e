#include "controller/core/change_watch.hpp"

#include <algorithm>
#include <cmath>

namespace pianissimo {
namespace {

using namespace std::chrono_literals;

constexpr Duration settling = 500ms;  // of a rate control, after a change
constexpr Duration longest_trip = 5s;
constexpr Duration trial_length = 15s;
constexpr Duration between_trials = 10min;
constexpr Duration active_within = 1s;
constexpr Duration comes_back_within = 60s;
constexpr Duration roams_within = 10s;
constexpr std::size_t most_stations = 64;

// Of blocks, about a second each, and of transmissions.
constexpr LeastHeld least_lasting{10, 500};
constexpr LeastHeld least_in_trial{5, 250};
// What was there before the control began: enough for a doubt.
constexpr LeastHeld least_glimpse{1, 40};
// A smaller change is within what the same level is taken for.
constexpr Db least_change = db(2);
// Shares of what was delivered per airtime before. Doubts cost a trial, a hurt costs hours.
constexpr double doubted = 0.85;
constexpr double hurts = 0.90;
constexpr double same = 0.95;
constexpr double helps = 1.10;
constexpr double sure = 0.9;  // share_below()
constexpr int enough_broken = 3;

Throughput rounded(double mbps) { return Throughput::from_kbps(std::llround(1000 * mbps)); }
int permille(double share) { return static_cast<int>(std::lround(1000 * share)); }
bool is_near(Dbm a, Dbm b) { return a - b <= db(1) && b - a <= db(1); }

}  // namespace

std::optional<Dbm> ChangeWatch::floor() const {
  if (trial_) return trial_->level;
  return revert_ ? std::optional{revert_->level} : std::nullopt;
}

void ChangeWatch::forget() {
  before_.reset();
  now_.reset();
  away_since_.reset();
  level_.reset();
  counts_from_.reset();
  trial_.reset();
  trial_windows_.clear();
  left_.clear();
}

std::optional<ChangeWatch::Finding> ChangeWatch::on_reading(Instant at,
                                                            std::span<const StationView> views,
                                                            std::optional<Dbm> level,
                                                            const Box& box) {
  follow_level(at, level);
  Windows* const windows = windows_at(at, level);
  for (const StationView& view : views) take_in(at, view, windows);
  if (trial_) return at < trial_->until ? std::nullopt : std::optional{end_trial(at)};
  if (revert_ && at >= revert_->until) {
    Because because{Reason::revert_over, {.level = revert_->level}};
    revert_.reset();
    return Finding{because, true};
  }
  if (at < looks_) return std::nullopt;
  looks_ = at + 1s;
  return judge(at, box);
}

void ChangeWatch::follow_level(Instant at, std::optional<Dbm> level) {
  if (!level) return;
  if (level_ && level_ != level) counts_from_ = at + settling;
  level_ = level;
  if (!trial_) follow_stay(at, *level);
}

void ChangeWatch::follow_stay(Instant at, Dbm level) {
  if (!now_) {
    now_ = Stay{.level = level, .since = at};
    there_ = at;
  } else if (is_near(level, now_->level)) {
    away_since_.reset();
    there_ = at;
  } else if (!away_since_) {
    away_since_ = at;
    for (auto& [mac, window] : now_->windows) window.pause();
  } else if (at - *away_since_ > longest_trip) {
    end_stay(at, level);
  }
}

void ChangeWatch::end_stay(Instant at, Dbm next) {
  Stay over = std::move(*now_);
  now_ = Stay{.level = next, .since = at};
  away_since_.reset();
  over.has_lasted = there_ - over.since >= Duration{params_.lasting};
  there_ = at;
  const auto has_any = [](const Stay& stay) {
    return std::ranges::any_of(stay.windows,
                               [](const auto& entry) { return !entry.second.blocks().empty(); });
  };
  // A short one is better than none: it can raise a doubt.
  if (over.has_lasted || !before_ || (!before_->has_lasted && !has_any(*before_))) {
    before_ = std::move(over);
  }
}

// Where what is read now belongs; nullptr: nowhere.
ChangeWatch::Windows* ChangeWatch::windows_at(Instant at, std::optional<Dbm> level) {
  if (!level || (counts_from_ && at < *counts_from_)) return nullptr;
  if (trial_) return *level >= trial_->level - db(1) ? &trial_windows_ : nullptr;
  return now_ && is_near(*level, now_->level) ? &now_->windows : nullptr;
}

void ChangeWatch::take_in(Instant at, const StationView& view, Windows* windows) {
  if (!stations_.contains(view.station) && stations_.size() == most_stations) return;
  Seen& seen = stations_[view.station];
  const auto delivery = seen.estimator.on_reading(at, view);
  if (view.last != nullptr) seen.signal.on_reading(at, *view.last, delivery.has_value());
  if (!delivery) {
    if (!seen.counted) seen.counted = view.totals;
    return;
  }
  seen.active = at;
  const std::uint64_t bytes =
      seen.counted ? bytes_between(*seen.counted, view.totals).value_or(0) : 0;
  seen.counted = view.totals;
  if (delivery->provenance != seen.provenance) {
    // Measured in another way: not to be compared.
    seen.provenance = delivery->provenance;
    if (before_) before_->windows.erase(view.station);
    if (now_) now_->windows.erase(view.station);
    trial_windows_.erase(view.station);
  }
  const bool is_whole = !counts_from_ || delivery->from >= *counts_from_;
  if (windows == nullptr || !is_whole) return;
  if (!windows->contains(view.station) && windows->size() == most_stations) return;
  (*windows)[view.station].add(*delivery, bytes, seen.signal.level());
}

std::vector<ChangeWatch::Found> ChangeWatch::compared(const Windows& before,
                                                      const LeastHeld& least_before,
                                                      const Windows& after) {
  std::vector<Found> all;
  for (const auto& [mac, window] : after) {
    const auto known = before.find(mac);
    if (known == before.end()) continue;
    const Comparison numbers = compare(known->second, least_before, window, least_lasting);
    if (numbers.is_there && !numbers.has_moved) all.push_back({mac, numbers});
  }
  std::ranges::sort(all, [](const Found& a, const Found& b) {
    if (a.numbers.ratio != b.numbers.ratio) return a.numbers.ratio < b.numbers.ratio;
    return a.station < b.station;
  });
  return all;
}

Evidence ChangeWatch::evidence_of(const Found& found, Dbm before) const {
  const auto& [old, now] = std::pair{found.numbers.before, found.numbers.after};
  return {.station = found.station,
          .observed = rounded(now.mbps),
          .reference = rounded(old.mbps),
          .acknowledged_permille = permille(now.acknowledged),
          .reference_permille = permille(old.acknowledged),
          .level = before,
          .brought = Brought{.asked_before = rounded(old.asked_mbps),
                             .asked = rounded(now.asked_mbps),
                             .rate_before = rounded(old.rate_mbps),
                             .rate = rounded(now.rate_mbps),
                             .disconnections = now_ ? now_->disconnections : 0,
                             .roams = now_ ? now_->roams : 0}};
}

std::optional<ChangeWatch::Finding> ChangeWatch::judge(Instant at, const Box& box) {
  if (!before_ || !now_ || now_->is_judged) return std::nullopt;
  const bool is_down = now_->level < before_->level;
  const Db change = is_down ? before_->level - now_->level : now_->level - before_->level;
  if (change < least_change) return std::nullopt;
  // Who walks away does not come back; links that break again and again did not break before.
  if (is_down && before_->has_lasted && before_->broken == 0 && now_->broken >= enough_broken) {
    return take_back(
        at, {Reason::change_hurt,
             {.station = now_->last_broken,
              .level = before_->level,
              .brought = Brought{.disconnections = now_->disconnections, .roams = now_->roams}}});
  }
  const Duration stood = at - now_->since;
  if (stood < Duration{params_.lasting}) return std::nullopt;
  // By then too much else may have changed.
  now_->is_judged = stood > 30 * Duration{params_.lasting};
  const auto all = compared(before_->windows, before_->has_lasted ? least_lasting : least_glimpse,
                            now_->windows);
  if (all.empty()) return std::nullopt;
  const Found& worst = all.front();
  const Found& best = all.back();
  if (is_down && worst.numbers.ratio < doubted && worst.numbers.is_less >= sure) {
    return begin_trial(at, box, worst);
  }
  now_->is_judged = true;
  const bool is_help = worst.numbers.ratio >= same && best.numbers.ratio >= helps &&
                       best.numbers.is_less <= 1 - sure;
  const Evidence evidence = evidence_of(is_help ? best : worst, before_->level);
  return Finding{{is_help ? Reason::change_helped : Reason::change_neutral, evidence}, false};
}

std::optional<ChangeWatch::Finding> ChangeWatch::begin_trial(Instant at, const Box& box,
                                                             const Found& worst) {
  // A level that is not allowed any more cannot be tried.
  if (at < may_try_ || !box.contains(before_->level)) return std::nullopt;
  Evidence evidence = evidence_of(worst, before_->level);
  evidence.wait = std::chrono::duration_cast<std::chrono::milliseconds>(trial_length);
  trial_ = Revert{before_->level, at + trial_length};
  trial_windows_.clear();
  for (auto& [mac, window] : now_->windows) window.pause();
  return Finding{{Reason::change_doubted, evidence}, true};
}

ChangeWatch::Finding ChangeWatch::end_trial(Instant at) {
  for (auto& [mac, window] : trial_windows_) window.pause();
  const auto all = compared(trial_windows_, least_in_trial, now_->windows);
  const Dbm level = trial_->level;
  trial_.reset();
  may_try_ = at + between_trials;
  if (!all.empty() && all.front().numbers.ratio < hurts && all.front().numbers.is_less >= sure) {
    return take_back(at, {Reason::change_hurt, evidence_of(all.front(), level)});
  }
  Because because{Reason::change_undecided, {.level = level}};
  if (!all.empty()) because = {Reason::change_cleared, evidence_of(all.front(), level)};
  // What the trial has seen is the newest that is known of that level.
  before_ = Stay{.level = level, .since = at, .windows = std::move(trial_windows_)};
  trial_windows_ = {};
  now_.reset();
  away_since_.reset();
  return {because, true};
}

ChangeWatch::Finding ChangeWatch::take_back(Instant at, Because because) {
  revert_ = Revert{before_->level, at + Duration{params_.revert_for}};
  because.evidence.wait = params_.revert_for;
  before_.reset();
  now_.reset();
  away_since_.reset();
  trial_windows_.clear();
  return {because, true};
}

void ChangeWatch::on_station_left(Instant at, const MacAddress& station) {
  const auto known = stations_.find(station);
  if (known == stations_.end()) return;
  const bool was_active = known->second.counted && at - known->second.active <= active_within;
  stations_.erase(known);
  std::erase_if(left_, [&](const auto& entry) { return at - entry.second > comes_back_within; });
  if (!was_active || !now_ || left_.size() == most_stations) return;
  ++now_->disconnections;
  left_.insert_or_assign(station, at);
}

void ChangeWatch::on_station_joined(Instant at, const MacAddress& station) {
  const auto left = left_.find(station);
  if (left == left_.end()) return;
  if (now_ && at - left->second <= comes_back_within) {
    ++now_->roams;
    ++now_->broken;
    now_->last_broken = station;
  }
  left_.erase(left);
}

void ChangeWatch::on_seen_elsewhere(Instant at, const MacAddress& station) {
  const auto left = left_.find(station);
  if (left == left_.end()) return;
  if (now_ && at - left->second <= roams_within) ++now_->roams;
  left_.erase(left);
}

}  // namespace pianissimo
