// What operators ask of the running daemon. Nothing of it leads out of the box.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <utility>

#include "config/suggest.hpp"
#include "controller/core/sentence.hpp"
#include "controller/service/daemon.hpp"

namespace pianissimo::service {
namespace {

namespace json = boost::json;
using namespace std::chrono_literals;

// Some 100 kB, and hours of a law that has settled.
constexpr std::size_t most_recent = 512;

// Who asks often does not make us write often: then the periodic status shows it.
constexpr Duration least_between_statuses = 1s;

json::object shown(const Decision& decision, const std::string& name) {
  json::object all{
      {"t_ns", decision.at.time_since_epoch().count()}, {"knob", name},
      {"from_dbm", control::in_dbm(decision.from)},     {"to_dbm", control::in_dbm(decision.to)},
      {"reason", to_string(decision.reason)},           {"words", sentence(decision)}};
  if (decision.evidence.station) all["station"] = to_string(*decision.evidence.station);
  return all;
}

}  // namespace

void Daemon::begin_control() {
  if (!ports_.control) return;
  ports_.control->begin(
      config_,
      [this](control::Request request, Asker by) { return answer(std::move(request), by); },
      [this](std::string text) { say_once(std::move(text)); });
}

// A defect ends the daemon as one in a loop of its own does.
Awaitable<std::string> Daemon::answer(control::Request request, Asker by) {
  try {
    co_return co_await answer_to(std::move(request), by);
  } catch (...) {
    if (!bug_) bug_ = std::current_exception();
    stop();
  }
  co_return control::refusal("a defect: the daemon ends");
}

// The kernel names nobody on that way: log and journal have the daemon itself, which alone knows
// the token beside root.
Awaitable<std::string> Daemon::control_over_http(std::string line) {
  auto asked = control::parse_request(line);
  if (const auto* const why = std::get_if<std::string>(&asked)) co_return control::refusal(*why);
  auto& request = std::get<control::Request>(asked);
  // A list of proposals names stations.
  const auto* const approve = std::get_if<control::Approve>(&request);
  const bool is_offered = std::holds_alternative<control::Hold>(request) ||
                          std::holds_alternative<control::Resume>(request) ||
                          std::holds_alternative<control::Ceiling>(request) ||
                          (approve && approve->what != control::Approve::What::list);
  if (!is_offered) co_return control::refusal("over HTTP: hold, resume, ceiling and approve alone");
  const Asker daemon{::geteuid(), static_cast<std::uint32_t>(::getpid())};
  co_return co_await answer(std::move(request), daemon);
}

Awaitable<std::string> Daemon::answer_to(control::Request request, Asker by) {
  if (!driving_) co_return control::refusal("the daemon does not drive at the moment: try again");
  const Instant now = ports_.time.now();
  wishes_.see(now);
  if (const auto* const asked = std::get_if<control::Hold>(&request)) {
    std::optional<Instant> until;
    if (asked->length) until = now + *asked->length;
    co_return co_await hold(asked->interface, true, until, by);
  }
  if (const auto* const asked = std::get_if<control::Resume>(&request)) {
    co_return co_await hold(asked->interface, false, {}, by);
  }
  if (const auto* const asked = std::get_if<control::Ceiling>(&request)) {
    co_return co_await lower_ceiling(asked->interface, asked->level, by);
  }
  if (const auto* const asked = std::get_if<control::Approve>(&request)) {
    co_return co_await approve(*asked, by);
  }
  if (const auto* const asked = std::get_if<control::Explain>(&request)) {
    co_return explain(*asked);
  }
  // As it was written last: to make one anew takes longer with many stations.
  co_return R"({"v":1,"ok":true,"status":)" + status_text_.substr(0, status_text_.size() - 1) + '}';
}

std::vector<InterfaceUp> Daemon::meant_by(const std::string& interface) const {
  std::vector<InterfaceUp> meant;
  for (const auto& [index, up] : driven_) {
    if (interface.empty() || up.name == interface) meant.push_back(up);
  }
  return meant;
}

Awaitable<std::string> Daemon::hold(std::string interface, bool holds, std::optional<Instant> until,
                                    Asker by) {
  const std::vector<InterfaceUp> meant = meant_by(interface);
  const auto life = life_;
  for (const InterfaceUp& up : meant) {
    const auto known = driven_.find(up.interface);
    if (!driving_ || life != life_ || known == driven_.end()) continue;
    const Instant now = ports_.time.now();
    std::optional<Dbm> level;
    if (holds && up.path != KnobKind::station) level = known->second.power;
    auto& held = wishes_.of(up.name).held;
    held.reset();
    if (holds) held = OperatorWishes::Held{by, now, level, until};
    const std::string until_when =
        until ? fmt::format(" for {:.0f} s", std::chrono::duration<double>(*until - now).count())
              : std::string{};
    say(spdlog::level::info,
        fmt::format("{}: {} {}{}", up.name, to_string(by),
                    holds ? "holds the power" : "lets the control go on", until_when));
    co_await tell(HoldSet{now, up.interface, holds, level, until, by});
  }
  co_return done(meant, holds ? "" : "the control begins anew");
}

Awaitable<std::string> Daemon::lower_ceiling(std::string interface, std::optional<Dbm> level,
                                             Asker by) {
  const std::vector<InterfaceUp> meant = meant_by(interface);
  const auto life = life_;
  std::string note;
  for (const InterfaceUp& up : meant) {
    const auto known = driven_.find(up.interface);
    if (!driving_ || life != life_ || known == driven_.end()) continue;
    const Instant now = ports_.time.now();
    auto& ceiling = wishes_.of(up.name).ceiling;
    ceiling.reset();
    std::string words = "lifts the operators' ceiling";
    if (level) {
      ceiling = OperatorWishes::Ceiling{by, now, *level};
      words = fmt::format("allows at most {:g} dBm", level->value());
      const std::string more = words_on_ceiling(known->second, *level);
      if (!more.empty()) note += (note.empty() ? "" : "; ") + up.name + ": " + more;
    }
    say(spdlog::level::info, fmt::format("{}: {} {}", up.name, to_string(by), words));
    co_await tell(CeilingSet{now, up.interface, level, by});
  }
  co_return done(meant, note);
}

// What becomes of a ceiling that is outside the box.
std::string Daemon::words_on_ceiling(const InterfaceUp& up, Dbm asked) const {
  const Dbm found = std::min(up.channel_maximum, up.found);
  const Box box{config_.box.floor, std::min(found, config_.box.ceiling.value_or(found))};
  if (asked > box.ceiling()) {
    return fmt::format(
        "{:g} dBm stays the highest: the configuration, the channel and the power "
        "found allow no more",
        box.ceiling().value());
  }
  if (asked < box.floor()) {
    return fmt::format("{:g} dBm is the configuration's floor: that is what is left",
                       box.floor().value());
  }
  return {};
}

std::string Daemon::done(const std::vector<InterfaceUp>& meant, const std::string& note) {
  if (meant.empty()) return control::refusal("no such interface is driven");
  show_wishes();
  if (ports_.time.now() - status_written_ >= least_between_statuses) write_status();
  json::array interfaces;
  for (const InterfaceUp& up : meant) {
    const auto now = driven_.find(up.interface);
    json::object one{{"name", up.name}};
    if (now != driven_.end()) one["power_dbm"] = control::in_dbm(now->second.power);
    one["operator"] = to_json(std::as_const(wishes_).of(up.name));
    interfaces.push_back(std::move(one));
  }
  json::object all{{"interfaces", std::move(interfaces)}};
  if (!note.empty()) all["note"] = note;
  return control::answer(all);
}

std::string Daemon::explain(const control::Explain& asked) const {
  const auto station = mac_from_string(asked.of);
  const auto is_meant = [&](const Decision& decision, const std::string& name) {
    if (asked.of.empty()) return true;
    if (station) {
      return decision.evidence.station == station ||
             (decision.knob.kind == KnobKind::station && decision.knob.station == *station);
    }
    const auto up = std::ranges::find_if(
        driven_, [&](const auto& driven) { return driven.second.name == asked.of; });
    return up == driven_.end() ? name == asked.of : is_on(decision.knob, up->second);
  };
  json::array found;
  for (auto recent = recent_.rbegin(); recent != recent_.rend(); ++recent) {
    if (found.size() == static_cast<std::size_t>(asked.last)) break;
    if (is_meant(recent->first, recent->second)) {
      found.push_back(shown(recent->first, recent->second));
    }
  }
  std::ranges::reverse(found);
  json::object wishes;
  for (const auto& [index, up] : driven_) {
    if (!asked.of.empty() && up.name != asked.of) continue;
    json::value of_this = to_json(wishes_.of(up.name));
    if (!of_this.is_null()) wishes[up.name] = std::move(of_this);
  }
  return control::answer({{"t_ns", ports_.time.now().time_since_epoch().count()},
                          {"decisions", std::move(found)},
                          {"operator", std::move(wishes)}});
}

// What operators want of an interface is known before it is driven: not even its first power is
// above their ceiling.
void Daemon::remind_of_wishes(const InterfaceUp& up) {
  wishes_.see(up.at);
  remind_of_leave(up);
  const OperatorWishes& wishes = std::as_const(wishes_).of(up.name);
  if (wishes.ceiling) {
    handle(CeilingSet{up.at, up.interface, wishes.ceiling->level, wishes.ceiling->by});
  }
  if (wishes.held) {
    handle(HoldSet{up.at, up.interface, true, wishes.held->level, wishes.held->until,
                   wishes.held->by});
  }
}

void Daemon::show_wishes() {
  wishes_.see(ports_.time.now());
  for (const auto& [index, up] : driven_) {
    status_->set_wishes(up.name, to_json(std::as_const(wishes_).of(up.name)));
  }
}

// A radio is held through any of its interfaces.
bool Daemon::is_held(const InterfaceUp& up) const {
  const Knob knob{.kind = up.path, .wiphy = up.wiphy, .interface = up.interface};
  return std::ranges::any_of(driven_, [&](const auto& driven) {
    const auto& held = wishes_.of(driven.second.name).held;
    return is_on(knob, driven.second) && held && (!held->until || ports_.time.now() < *held->until);
  });
}

void Daemon::show(const Decision& decision) {
  if (!ports_.control) return;
  recent_.emplace_back(decision, name_of(decision.knob));
  if (recent_.size() > most_recent) recent_.pop_front();
  if (!ports_.control->is_watched()) return;
  ports_.control->show(json::serialize(json::object{
      {"v", control::version}, {"decision", shown(recent_.back().first, recent_.back().second)}}));
}

}  // namespace pianissimo::service
