#include "controller/journal/record.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "controller/journal/fields.hpp"

namespace pianissimo::journal {
namespace {

namespace json = boost::json;

constexpr std::string_view type_of(const Header&) { return "header"; }
constexpr std::string_view type_of(const Decision&) { return "decision"; }
constexpr std::string_view type_of(const Lost&) { return "lost"; }
constexpr std::string_view type_of(const Note&) { return "note"; }
constexpr std::string_view type_of(const InterfaceUp&) { return "interface_up"; }
constexpr std::string_view type_of(const InterfaceGone&) { return "interface_gone"; }
constexpr std::string_view type_of(const StationJoined&) { return "station_joined"; }
constexpr std::string_view type_of(const StationLeft&) { return "station_left"; }
constexpr std::string_view type_of(const StationReport&) { return "stations"; }
constexpr std::string_view type_of(const TrafficSourceSet&) { return "traffic_source"; }
constexpr std::string_view type_of(const TrafficReport&) { return "traffic"; }
constexpr std::string_view type_of(const PowerResult&) { return "power_result"; }
constexpr std::string_view type_of(const Wake&) { return "wake"; }

template <class T>
void write(json::object& object, const T& value) {
  object["type"] = type_of(value);
  JsonOut out{object};
  fields(out, value);
  if constexpr (std::is_same_v<T, Header>) {
    json::error_code error;
    json::value config = json::parse(value.config, error);
    if (!error) object["config"] = std::move(config);
  }
}

// Reads the rest of the line as a T if that is its type.
template <class T>
bool read(const json::object& object, std::string_view type, Instant at, Record& record) {
  T value{};
  if (type != type_of(value)) return false;
  const JsonIn in{object};
  fields(in, value);
  if constexpr (std::is_same_v<T, Header>) {
    if (value.schema != schema_version) {
      throw BadField{"schema: " + std::to_string(value.schema) + ", this program reads " +
                     std::to_string(schema_version)};
    }
    if (const auto* const config = object.if_contains("config")) {
      value.config = json::serialize(*config);
    }
    record.what = std::move(value);
  } else if constexpr (std::is_same_v<T, Decision>) {
    value.at = at;
    record.what = std::move(value);
  } else if constexpr (std::is_same_v<T, Lost> || std::is_same_v<T, Note>) {
    record.what = std::move(value);
  } else {
    value.at = at;
    record.what = Event{std::move(value)};
  }
  return true;
}

Record read_record(const json::object& object) {
  Record record;
  std::string type;
  const JsonIn in{object};
  in("t_ns", record.at);
  in("wall_ms", record.wall_ms);
  in("type", type);
  const auto try_read = [&]<class T>() { return read<T>(object, type, record.at, record); };
  if (try_read.operator()<StationReport>() || try_read.operator()<TrafficReport>() ||
      try_read.operator()<Wake>() || try_read.operator()<TrafficSourceSet>() ||
      try_read.operator()<Decision>() || try_read.operator()<PowerResult>() ||
      try_read.operator()<Header>() || try_read.operator()<InterfaceUp>() ||
      try_read.operator()<InterfaceGone>() || try_read.operator()<StationJoined>() ||
      try_read.operator()<StationLeft>() || try_read.operator()<Lost>() ||
      try_read.operator()<Note>()) {
    return record;
  }
  throw BadField{"type: '" + type + "' is not a record of this version"};
}

}  // namespace

std::string to_line(const Record& record) {
  json::object object;
  object["t_ns"] = record.at.time_since_epoch().count();
  object["wall_ms"] = record.wall_ms;
  std::visit(
      [&](const auto& what) {
        if constexpr (std::is_same_v<std::decay_t<decltype(what)>, Event>) {
          std::visit([&](const auto& event) { write(object, event); }, what);
        } else {
          write(object, what);
        }
      },
      record.what);
  return json::serialize(object);
}

std::variant<Record, ParseError> from_line(std::string_view line) {
  json::error_code error;
  const json::value value = json::parse(line, error);
  if (error) return ParseError{"not JSON: " + error.message()};
  if (!value.is_object()) return ParseError{"not a JSON object"};
  try {
    return read_record(value.as_object());
  } catch (const BadField& bad) {
    return ParseError{bad.what()};
  }
}

}  // namespace pianissimo::journal
