#include "controller/journal/record.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "controller/journal/fields.hpp"
#include "controller/journal/text.hpp"

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
constexpr std::string_view type_of(const HoldSet&) { return "hold"; }
constexpr std::string_view type_of(const CeilingSet&) { return "ceiling"; }
constexpr std::string_view type_of(const ExternalCeilingSet&) { return "external_ceiling"; }
constexpr std::string_view type_of(const LeaveSet&) { return "leave"; }
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
bool read(auto& in, std::string_view type, Record& record) {
  T value{};
  if (type != type_of(value)) return false;
  fields(in, value);
  if constexpr (std::is_same_v<T, Decision>) {
    value.at = record.at;
    record.what = std::move(value);
  } else if constexpr (std::is_constructible_v<Event, T>) {
    value.at = record.at;
    record.what = Event{std::move(value)};
  } else {
    record.what = std::move(value);
  }
  return true;
}

// True if the type is a known one.
bool read_record(auto& in, Record& record, std::string& type) {
  in("t_ns", record.at);
  in("wall_ms", record.wall_ms);
  in("type", type);
  const auto try_read = [&]<class T>() { return read<T>(in, type, record); };
  return try_read.template operator()<StationReport>() ||
         try_read.template operator()<TrafficReport>() || try_read.template operator()<Wake>() ||
         try_read.template operator()<TrafficSourceSet>() ||
         try_read.template operator()<Decision>() || try_read.template operator()<PowerResult>() ||
         try_read.template operator()<Header>() || try_read.template operator()<InterfaceUp>() ||
         try_read.template operator()<InterfaceGone>() ||
         try_read.template operator()<StationJoined>() ||
         try_read.template operator()<StationLeft>() || try_read.template operator()<HoldSet>() ||
         try_read.template operator()<CeilingSet>() ||
         try_read.template operator()<ExternalCeilingSet>() ||
         try_read.template operator()<LeaveSet>() || try_read.template operator()<Lost>() ||
         try_read.template operator()<Note>();
}

// A header carries the configuration as JSON.
void read_config(const json::object& object, Header& header) {
  if (header.schema != schema_version) {
    throw BadField{"schema: " + std::to_string(header.schema) + ", this program reads " +
                   std::to_string(schema_version)};
  }
  if (const auto* const config = object.if_contains("config")) {
    header.config = json::serialize(*config);
  }
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
  // A header ends with its configuration, so TextIn leaves it to the parser.
  std::variant<Record, ParseError> read{std::in_place_type<Record>};
  Record& record = std::get<Record>(read);
  std::string type;
  TextIn text{line};
  if (read_record(text, record, type) && text.is_over() &&
      !std::holds_alternative<Header>(record.what)) {
    return read;
  }
  record = {};
  json::error_code error;
  const json::value value = json::parse(line, error);
  if (error) return ParseError{"not JSON: " + error.message()};
  if (!value.is_object()) return ParseError{"not a JSON object"};
  try {
    const JsonIn in{value.as_object()};
    if (!read_record(in, record, type)) {
      throw BadField{"type: '" + type + "' is not a record of this version"};
    }
    if (auto* const header = std::get_if<Header>(&record.what)) {
      read_config(value.as_object(), *header);
    }
    return read;
  } catch (const BadField& bad) {
    return ParseError{bad.what()};
  }
}

}  // namespace pianissimo::journal
