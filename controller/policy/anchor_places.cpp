#include "controller/policy/anchor_places.hpp"

#include <algorithm>
#include <cmath>

namespace pianissimo::anchor {
namespace {

using namespace std::chrono_literals;

// A level that was good for so long is no longer one that failed.
constexpr Duration forgiven_after = 60s;
// A need is known for so long.
constexpr Duration known_for = 120s;
constexpr int everything = 40;

}  // namespace

void Places::move_to(double signal) { offset_ = static_cast<int>(std::lround(signal)); }

void Places::good(Instant at, Dbm level, int spare) {
  const int here = key(level);
  if (!enough_ || here <= *enough_) {
    enough_ = here;
    enough_at_ = at;
  }
  if (asked_) {
    asked_ = std::min(*asked_, here);
    asked_level_ = std::min(*asked_level_, level);
  }
  spare_ = spare;
  for (auto bar = bars_.lower_bound(here); bar != bars_.end();) {
    if (bar->second.held == Instant{}) bar->second.held = at;
    const bool is_forgiven = bar->first > here || at - bar->second.held > forgiven_after;
    bar = is_forgiven ? bars_.erase(bar) : std::next(bar);
  }
}

Duration Places::bad(Instant at, Dbm level, Duration least) {
  const int here = key(level);
  Bar& bar = bars_[here];
  bar.wait = bar.wait == Duration{} ? first_ : 2 * bar.wait;
  bar.wait = std::min(std::max(bar.wait, least), longest_);
  bar.until = at + bar.wait;
  bar.held = {};
  bar.spare = spare_;
  enough_ = std::max(enough_.value_or(here + 1), here + 1);
  // What is lower is no better.
  bars_.erase(bars_.begin(), bars_.lower_bound(here - 6));
  return bar.wait;
}

void Places::ask(Dbm level) {
  asked_ = std::max(asked_.value_or(key(level)), key(level));
  asked_level_ = std::max(asked_level_.value_or(level), level);
}

std::optional<Dbm> Places::needs() const {
  const std::optional<int> place = std::max(enough_, asked_);
  if (!place) return std::nullopt;
  return dbm(*place - offset_.value_or(0));
}

int Places::room_unseen(Instant at, Dbm level) const {
  if (!enough_) return 0;
  int room = key(level) - *enough_ + 1;
  if (asked_) {
    room = std::min({room, key(level) - *asked_, (level - *asked_level_).mb() / 100});
  }
  return std::max(0, std::min(room, room_below(at, level, false)));
}

int Places::room_below(Instant at, Dbm level, bool is_better) const {
  int room = everything;
  for (const auto& [place, bar] : bars_) {
    const int distance = key(level) - place;
    if (distance <= 0) continue;
    const bool is_lifted = is_better && bar.spare <= 1;
    room = std::min(room, bar.until > at && !is_lifted ? distance - 1 : distance);
  }
  return room;
}

int Places::known_room(Instant at, Dbm level) const {
  if (!enough_ || at - enough_at_ > known_for) return 0;
  return std::max(0, key(level) - *enough_ - 1);
}

std::optional<Instant> Places::opens_below(Instant at, Dbm level) const {
  std::optional<Instant> out;
  for (const auto& [place, bar] : bars_) {
    if (place < key(level) && bar.until > at) out = bar.until;
  }
  return out;
}

}  // namespace pianissimo::anchor
