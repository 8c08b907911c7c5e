#include "controller/service/control_codec.hpp"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <stdexcept>
#include <vector>

#include "config/printable.hpp"
#include "config/suggest.hpp"

namespace pianissimo::control {
namespace {

namespace json = boost::json;
using namespace std::chrono_literals;

constexpr std::chrono::seconds longest_hold = 7 * 24h;

/// Caught in parse_request().
struct Bad : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// The fields of a request. What nobody has asked for is an error: a mistyped key would be silent.
class Fields {
 public:
  explicit Fields(const json::object& object) : object_{object} {}

  const json::value* get(std::string_view key) {
    known_.push_back(key);
    return object_.if_contains(key);
  }
  std::string text(std::string_view key, std::size_t most) {
    const json::value* const value = get(key);
    if (!value) return {};
    if (!value->is_string()) throw Bad{std::string{key} + " is no text"};
    const std::string_view text = value->as_string();
    if (text.empty() || text.size() > most || printable(text) != text) {
      throw Bad{std::string{key} + ": " + shown(text) + " cannot be: 1.." + std::to_string(most) +
                " printable bytes"};
    }
    return std::string{text};
  }
  std::optional<std::int64_t> whole(std::string_view key, std::int64_t least, std::int64_t most) {
    const json::value* const value = get(key);
    if (!value) return std::nullopt;
    if (!value->is_int64() || value->as_int64() < least || value->as_int64() > most) {
      throw Bad{std::string{key} + " is no whole number within " + std::to_string(least) + ".." +
                std::to_string(most)};
    }
    return value->as_int64();
  }
  void end() const {
    for (const auto& field : object_) {
      const std::string_view key = field.key();
      if (std::ranges::find(known_, key) == known_.end()) throw Bad{shown(key) + ": unknown key"};
    }
  }

 private:
  const json::object& object_;
  std::vector<std::string_view> known_;
};

std::string interface_of(Fields& fields) { return fields.text("interface", 15); }

std::optional<Dbm> ceiling_of(Fields& fields) {
  const json::value* const value = fields.get("dbm");
  if (value && value->is_string() && value->as_string() == "auto") return std::nullopt;
  const auto level = fields.whole("dbm", 0, 36);
  if (!level) throw Bad{"dbm is missing: a whole number within 0..36, or \"auto\""};
  return dbm(static_cast<std::int32_t>(*level));
}

Approve::What what_of(Fields& fields) {
  const std::string what = fields.text("what", 15);
  if (what.empty() || what == "apply") return Approve::What::apply;
  if (what == "list") return Approve::What::list;
  if (what == "withdraw") return Approve::What::withdraw;
  throw Bad{"what: " + shown(what) + " is none of apply, list, withdraw"};
}

Request read(Fields& fields) {
  if (!fields.whole("v", version, version)) throw Bad{"v is missing: this program speaks 1"};
  const std::string what = fields.text("do", 15);
  if (what == "status") return Status{};
  if (what == "watch") return Watch{};
  if (what == "hold") {
    Hold hold{.interface = interface_of(fields)};
    const auto length = fields.whole("for_s", 1, longest_hold.count());
    if (length) hold.length = std::chrono::seconds{*length};
    return hold;
  }
  if (what == "resume") return Resume{interface_of(fields)};
  if (what == "ceiling") return Ceiling{interface_of(fields), ceiling_of(fields)};
  if (what == "approve") return Approve{interface_of(fields), what_of(fields)};
  if (what == "reload") return Reload{};
  if (what == "journal") return Journal{};
  if (what == "explain") {
    Explain explain{.of = fields.text("of", 17)};
    explain.last = static_cast<int>(fields.whole("last", 1, 100).value_or(explain.last));
    return explain;
  }
  throw Bad{what.empty() ? "do is missing: what is asked for" : shown(what) + ": unknown request"};
}

json::object fields_of(const Status&) { return {{"do", "status"}}; }
json::object fields_of(const Watch&) { return {{"do", "watch"}}; }
json::object fields_of(const Reload&) { return {{"do", "reload"}}; }
json::object fields_of(const Journal&) { return {{"do", "journal"}}; }
json::object about(const char* what, const std::string& interface) {
  json::object fields{{"do", what}};
  if (!interface.empty()) fields["interface"] = interface;
  return fields;
}
json::object fields_of(const Hold& hold) {
  json::object fields = about("hold", hold.interface);
  if (hold.length) fields["for_s"] = hold.length->count();
  return fields;
}
json::object fields_of(const Resume& resume) { return about("resume", resume.interface); }
json::object fields_of(const Ceiling& ceiling) {
  json::object fields = about("ceiling", ceiling.interface);
  fields["dbm"] = ceiling.level ? json::value(ceiling.level->mbm() / 100) : json::value("auto");
  return fields;
}
json::object fields_of(const Approve& approve) {
  json::object fields = about("approve", approve.interface);
  if (approve.what == Approve::What::list) fields["what"] = "list";
  if (approve.what == Approve::What::withdraw) fields["what"] = "withdraw";
  return fields;
}
json::object fields_of(const Explain& explain) {
  json::object fields{{"do", "explain"}};
  if (!explain.of.empty()) fields["of"] = explain.of;
  fields["last"] = explain.last;
  return fields;
}

std::string line_of(json::object first, const json::object& more) {
  for (const auto& [key, value] : more) first[key] = value;
  return json::serialize(first);
}

}  // namespace

std::variant<Request, std::string> parse_request(std::string_view line) {
  if (line.size() >= most_line_bytes) return "a line of more than 4096 bytes";
  json::parse_options options;
  options.max_depth = 4;
  json::error_code error;
  const json::value value = json::parse(line, error, {}, options);
  if (error) return "not JSON: " + error.message();
  if (!value.is_object()) return "not a JSON object";
  try {
    Fields fields{value.as_object()};
    const Request request = read(fields);
    fields.end();
    return request;
  } catch (const Bad& bad) {
    return bad.what();
  }
}

std::string to_line(const Request& request) {
  return line_of({{"v", version}}, std::visit([](const auto& r) { return fields_of(r); }, request));
}

json::value in_dbm(Dbm level) {
  if (level == level.whole()) return level.mbm() / 100;
  return level.value();
}

std::string answer(const json::object& more) {
  return line_of({{"v", version}, {"ok", true}}, more);
}

std::string refusal(std::string_view error) {
  return line_of({{"v", version}, {"ok", false}}, {{"error", error}});
}

}  // namespace pianissimo::control
