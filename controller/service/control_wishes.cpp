#include "controller/service/control_wishes.hpp"

#include <fmt/format.h>

#include "controller/service/control_codec.hpp"

namespace pianissimo::service {
namespace {

namespace json = boost::json;

std::int64_t nanoseconds(Instant at) { return at.time_since_epoch().count(); }

json::object asked(const Asker& by, Instant since) {
  return {{"by", {{"uid", by.uid}, {"pid", by.pid}}}, {"since_t_ns", nanoseconds(since)}};
}

}  // namespace

std::string to_string(const Asker& asker) {
  return fmt::format("user {} (pid {})", asker.uid, asker.pid);
}

json::value to_json(const OperatorWishes& wishes) {
  json::object shown;
  if (wishes.held) {
    json::object held = asked(wishes.held->by, wishes.held->since);
    if (wishes.held->level) held["level_dbm"] = control::in_dbm(*wishes.held->level);
    if (wishes.held->until) held["until_t_ns"] = nanoseconds(*wishes.held->until);
    shown["hold"] = std::move(held);
  }
  if (wishes.ceiling) {
    json::object ceiling = asked(wishes.ceiling->by, wishes.ceiling->since);
    ceiling["dbm"] = control::in_dbm(wishes.ceiling->level);
    shown["ceiling"] = std::move(ceiling);
  }
  if (wishes.approved) {
    json::object approved = asked(wishes.approved->by, wishes.approved->since);
    approved["dbm"] = control::in_dbm(wishes.approved->level);
    shown["approved"] = std::move(approved);
  }
  return shown.empty() ? json::value{} : json::value(std::move(shown));
}

std::string words_of_wish(std::string_view what, const json::object& wish) {
  if (what == "hold") return "holds the power";
  const double dbm = wish.at("dbm").to_number<double>();
  if (what == "approved") return fmt::format("lets the power go down to {:g} dBm", dbm);
  return fmt::format("allows at most {:g} dBm", dbm);
}

const OperatorWishes& Wishes::of(const std::string& interface) const {
  static const OperatorWishes none;
  const auto known = wishes_.find(interface);
  return known == wishes_.end() ? none : known->second;
}

void Wishes::see(Instant now) {
  for (auto& [name, wishes] : wishes_) {
    if (wishes.held && wishes.held->until && *wishes.held->until <= now) wishes.held.reset();
  }
}

}  // namespace pianissimo::service
