// How far down the control may go by itself: as the clock, operators and an external controller let
// it. Up it may always go, within the box.
#include <fmt/format.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <utility>

#include "controller/core/sentence.hpp"
#include "controller/service/daemon.hpp"
#include "controller/service/daily_window.hpp"

namespace pianissimo::service {
namespace {

namespace json = boost::json;

std::int64_t ends_at(const Decision& proposal) {
  return (proposal.at + proposal.evidence.wait.value_or(std::chrono::milliseconds{0}))
      .time_since_epoch()
      .count();
}

json::object shown(const Decision& proposal) {
  return {{"level_dbm", control::in_dbm(*proposal.evidence.level)},
          {"words", sentence(proposal)},
          {"until_t_ns", ends_at(proposal)}};
}

}  // namespace

// What is outside of the daemon: the file and the clock. True if something is not as it was.
bool Daemon::look_outside() {
  const bool was_open =
      std::exchange(window_is_open_, is_open(config_.auto_between, ports_.time.wall_ms()));
  const auto news = ceiling_file_.look(config_.ceiling_file);
  if (news) {
    const bool is_good = ceiling_file_.trouble().empty();
    say(is_good ? spdlog::level::info : spdlog::level::warn, *news);
  }
  status_->set_ceiling_trouble(ceiling_file_.trouble());
  return news || was_open != window_is_open_;
}

Awaitable<void> Daemon::follow_outside() {
  if (!driving_) co_return;
  std::map<std::string, std::optional<Dbm>> before;
  for (const auto& [index, up] : driven_) before[up.name] = ceiling_file_.at(up.name);
  const bool was_open = window_is_open_;
  if (!look_outside()) co_return;
  const auto life = life_;
  std::vector<InterfaceUp> all;
  for (const auto& [index, up] : driven_) all.push_back(up);
  for (const InterfaceUp& up : all) {
    if (!driving_ || life != life_ || !driven_.contains(up.interface)) co_return;
    const auto limit = ceiling_file_.at(up.name);
    if (before[up.name] != limit) {
      co_await tell(ExternalCeilingSet{ports_.time.now(), up.interface, limit});
    }
    if (!driving_ || life != life_ || !driven_.contains(up.interface)) co_return;
    const auto leave = leave_of(up);
    if (was_open != window_is_open_ && leave) co_await tell(*leave);
  }
  write_status();
}

// Nullopt: nothing keeps it from going down.
std::optional<LeaveSet> Daemon::leave_of(const InterfaceUp& up) const {
  const bool recommends = config_.mode == Mode::recommend;
  if (!recommends && config_.auto_between.empty()) return std::nullopt;
  LeaveSet leave{.at = ports_.time.now(), .interface = up.interface, .is_open = window_is_open_};
  if (!recommends) return leave;
  leave.proposals_hold = config_.recommend.expires;
  if (const auto& approved = wishes_.of(up.name).approved) {
    leave.approved = approved->level;
    leave.by = approved->by;
  }
  return leave;
}

// Known before the interface is driven: not even its first power is above the file's limit.
void Daemon::remind_of_leave(const InterfaceUp& up) {
  if (const auto limit = ceiling_file_.at(up.name)) {
    handle(ExternalCeilingSet{up.at, up.interface, limit});
  }
  if (auto leave = leave_of(up)) {
    leave->at = up.at;
    handle(*leave);
  }
}

std::optional<Decision> Daemon::proposal_at(const InterfaceUp& up) const {
  for (const Decision& proposal : controller_->proposals()) {
    if (is_on(proposal.knob, up)) return proposal;
  }
  return std::nullopt;
}

void Daemon::show_leave() {
  for (const auto& [index, up] : driven_) {
    const auto leave = leave_of(up);
    const auto limit = ceiling_file_.at(up.name);
    if (!leave && !limit) {
      status_->set_leave(up.name, nullptr);
      continue;
    }
    json::object all{{"window_open", !leave || leave->is_open}};
    if (limit) all["file_ceiling_dbm"] = control::in_dbm(*limit);
    if (const auto proposal = proposal_at(up)) all["proposal"] = shown(*proposal);
    status_->set_leave(up.name, std::move(all));
  }
}

Awaitable<std::string> Daemon::approve(control::Approve asked, Asker by) {
  using enum control::Approve::What;
  if (config_.mode != Mode::recommend) {
    co_return control::refusal("nothing waits for approval: mode is not recommend");
  }
  const std::vector<InterfaceUp> meant = meant_by(asked.interface);
  if (meant.empty()) co_return control::refusal("no such interface is driven");
  if (asked.what == list) co_return list_proposals(asked.interface);
  // All interfaces of a radio have its one level.
  std::map<std::string, std::optional<Dbm>> levels;
  for (const auto& [index, up] : driven_) {
    const Knob knob{.kind = up.path, .wiphy = up.wiphy, .interface = up.interface};
    const bool is_meant =
        std::ranges::any_of(meant, [&](const InterfaceUp& one) { return is_on(knob, one); });
    if (is_meant && asked.what == withdraw) levels[up.name] = std::nullopt;
    if (const auto proposal = proposal_at(up); proposal && is_meant && asked.what == apply) {
      levels[up.name] = proposal->evidence.level;
    }
  }
  if (levels.empty()) co_return control::refusal("nothing is proposed there at the moment");
  for (const auto& [name, level] : levels) co_await set_approved(name, level, by);
  co_return done(meant, !window_is_open_ && asked.what == apply
                            ? "it goes down when the change window opens"
                            : "");
}

Awaitable<void> Daemon::set_approved(std::string interface, std::optional<Dbm> level, Asker by) {
  const auto known = std::ranges::find_if(
      driven_, [&](const auto& driven) { return driven.second.name == interface; });
  if (!driving_ || known == driven_.end()) co_return;
  // A reload may have come between.
  if (config_.mode != Mode::recommend) co_return;
  const Instant now = ports_.time.now();
  auto& approved = wishes_.of(interface).approved;
  approved.reset();
  if (level) approved = OperatorWishes::Approved{by, now, *level};
  say(spdlog::level::info,
      fmt::format("{}: {} {}", interface, to_string(by),
                  level ? fmt::format("lets the power go down to {:g} dBm", level->value())
                        : std::string{"takes the approval back"}));
  LeaveSet leave = *leave_of(known->second);
  leave.by = by;
  co_await tell(leave);
}

std::string Daemon::list_proposals(const std::string& interface) const {
  json::array all;
  for (const InterfaceUp& up : meant_by(interface)) {
    const auto proposal = proposal_at(up);
    if (!proposal) continue;
    json::object one = shown(*proposal);
    one["name"] = up.name;
    all.push_back(std::move(one));
  }
  return control::answer(
      {{"t_ns", ports_.time.now().time_since_epoch().count()}, {"proposals", std::move(all)}});
}

}  // namespace pianissimo::service
