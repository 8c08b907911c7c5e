// Lines that are not what to_line() writes: an error that names the field, or the record.
#include <gmock/gmock.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <random>

#include "controller/journal/record.hpp"
#include "tests/unit/journal/samples.hpp"

namespace pianissimo::journal {
namespace {

namespace json = boost::json;
using namespace test;
using testing::StartsWith;

// The error's message, or "" when there is none.
std::string error_of(std::string_view line) {
  const auto result = from_line(line);
  const auto* const error = std::get_if<ParseError>(&result);
  return error ? error->message : "";
}

/// A field of a record: its place ("stations/0/tx_rate/bps"), and whether the record needs it.
struct Field {
  std::string type;
  std::string place;
  bool is_needed;

  std::string name() const { return place.substr(place.rfind('/') + 1); }
};

constexpr bool needed = true;
constexpr bool optional = false;

std::vector<Field> all_fields() {
  std::vector<Field> all;
  const auto add = [&](std::string type, bool is_needed, std::vector<std::string> places) {
    for (std::string& place : places) all.push_back({type, std::move(place), is_needed});
  };
  for (const Sample& sample : samples()) add(sample.type, needed, {"t_ns", "wall_ms", "type"});
  add("header", needed,
      {"schema", "version", "kernel", "regulatory_domain", "config_hash", "interfaces",
       "interfaces/0/name", "interfaces/0/index", "interfaces/0/driver",
       "interfaces/1/frequency_mhz", "interfaces/1/width_mhz"});
  add("interface_up", needed,
      {"interface", "wiphy", "name", "path", "frequency_mhz", "width_mhz", "channel_maximum_dbm",
       "found_dbm", "power_dbm", "set_by/name", "set_by/pid"});
  add("interface_up", optional, {"set_by"});
  add("interface_gone", needed, {"interface"});
  add("station_joined", needed, {"interface", "station"});
  add("station_left", needed, {"interface", "station"});
  add("stations", needed,
      {"interface", "complete", "stations", "stations/0/station", "stations/0/tx_rate/bps",
       "stations/0/tx_rate/format", "stations/0/tx_rate/width_mhz", "stations/0/rx_rate/short_gi",
       "stations/1/station"});
  add("stations", optional,
      {"stations/0/expected_bps", "stations/0/tx_bytes", "stations/0/rx_bytes",
       "stations/0/tx_packets", "stations/0/rx_packets", "stations/0/tx_retries",
       "stations/0/tx_failed", "stations/0/tx_duration_us", "stations/0/tx_rate",
       "stations/0/rx_rate", "stations/0/tx_rate/mcs", "stations/0/tx_rate/nss",
       "stations/0/signal_dbm", "stations/0/signal_avg_dbm", "stations/0/ack_signal_dbm",
       "stations/0/ack_signal_avg_dbm", "stations/0/inactive_ms", "stations/0/connected_s"});
  add("power_result", needed,
      {"knob", "knob/kind", "knob/wiphy", "knob/interface", "knob/station", "asked_dbm", "answer",
       "errno"});
  add("power_result", optional, {"read_back_dbm"});
  add("decision", needed,
      {"knob", "knob/kind", "knob/wiphy", "knob/interface", "knob/station", "reason", "from_dbm",
       "to_dbm", "evidence"});
  add("decision", optional,
      {"evidence/station", "evidence/observed_bps", "evidence/reference_bps", "evidence/keep",
       "evidence/errno"});
  add("hold", needed, {"interface", "holds", "by", "by/uid", "by/pid"});
  add("hold", optional, {"level_dbm", "until_t_ns"});
  add("ceiling", needed, {"interface", "by", "by/uid", "by/pid"});
  add("ceiling", optional, {"ceiling_dbm"});
  add("lost", needed, {"lines"});
  add("note", needed, {"text"});
  return all;
}

// The object that holds the field at this place.
json::object& holder_of(json::value& line, std::string_view place) {
  json::value* at = &line;
  for (std::size_t slash; (slash = place.find('/')) != std::string_view::npos;) {
    const std::string_view step = place.substr(0, slash);
    at = at->is_array() ? &at->as_array().at(static_cast<std::size_t>(step[0] - '0'))
                        : &at->as_object().at(step);
    place.remove_prefix(slash + 1);
  }
  return at->as_object();
}

// The line of the sample with this value in the place of the field; without the field for nullptr.
std::string line_with(const Field& field, const json::value* value) {
  json::value line = json::parse(to_line(sample_of(field.type)));
  json::object& holder = holder_of(line, field.place);
  EXPECT_TRUE(holder.contains(field.name())) << field.type << " has no " << field.place;
  holder.erase(field.name());
  if (value) holder[field.name()] = *value;
  return json::serialize(line);
}

class EveryField : public testing::TestWithParam<Field> {};

TEST_P(EveryField, IsNamedWhenItIsNeededAndMissing) {
  EXPECT_EQ(error_of(line_with(GetParam(), nullptr)),
            GetParam().is_needed ? GetParam().name() + ": missing" : "");
}

TEST_P(EveryField, IsNamedWhenItIsOfTheWrongType) {
  // None of them is null; a list is a wrong list, a text a wrong text.
  for (const json::value& wrong :
       {json::value(nullptr), json::value("wrong"), json::value(json::array{1})}) {
    const bool is_text =
        wrong.is_string() && (GetParam().name() == "name" || GetParam().name() == "driver" ||
                              GetParam().type == "header" || GetParam().type == "note");
    if (is_text && error_of(line_with(GetParam(), &wrong)).empty()) continue;
    EXPECT_THAT(error_of(line_with(GetParam(), &wrong)), StartsWith(GetParam().name() + ": "))
        << json::serialize(wrong);
  }
}

INSTANTIATE_TEST_SUITE_P(Fields, EveryField, testing::ValuesIn(all_fields()),
                         [](const auto& chosen) {
                           std::string name = chosen.param.type + "_" + chosen.param.place;
                           std::ranges::replace(name, '/', '_');
                           return name;
                         });

/// A value that a field cannot have.
struct OutOfRange {
  Field field;
  json::value value;
};

class ValueOutOfRange : public testing::TestWithParam<OutOfRange> {};

TEST_P(ValueOutOfRange, IsNamed) {
  const auto& [field, value] = GetParam();

  EXPECT_THAT(error_of(line_with(field, &value)), StartsWith(field.name() + ": "));
}

INSTANTIATE_TEST_SUITE_P(
    Values, ValueOutOfRange,
    testing::Values(
        OutOfRange{{"wake", "t_ns", needed}, -1}, OutOfRange{{"wake", "t_ns", needed}, 1.5},
        OutOfRange{{"wake", "t_ns", needed}, std::uint64_t{1} << 63},
        // Far enough from the end of time for every dwell that may follow.
        OutOfRange{{"wake", "t_ns", needed}, std::numeric_limits<std::int64_t>::max()},
        OutOfRange{{"wake", "type", needed}, "sleep"},
        OutOfRange{{"station_left", "interface", needed}, -1},
        OutOfRange{{"station_left", "interface", needed}, std::int64_t{1} << 32},
        OutOfRange{{"station_left", "station", needed}, "02:00:00:00:00"},
        OutOfRange{{"interface_up", "path", needed}, "radio"},
        OutOfRange{{"interface_up", "width_mhz", needed}, 100'001},
        OutOfRange{{"interface_up", "found_dbm", needed}, 10'000},
        OutOfRange{{"interface_up", "found_dbm", needed}, 301},
        OutOfRange{{"interface_up", "set_by/pid", needed}, -1},
        OutOfRange{{"interface_up", "set_by/pid", needed}, 4'294'967'296},
        OutOfRange{{"interface_up", "set_by/name", needed}, 7},
        OutOfRange{{"interface_up", "found_dbm", needed}, -300.5},
        OutOfRange{{"stations", "stations/0/expected_bps", optional}, -1},
        OutOfRange{{"stations", "stations/0/expected_bps", optional}, 1'000'000'000'001},
        OutOfRange{{"stations", "stations/0/inactive_ms", optional}, std::int64_t{1} << 62},
        OutOfRange{{"stations", "stations/0/tx_duration_us", optional}, std::int64_t{1} << 62},
        OutOfRange{{"power_result", "read_back_dbm", optional}, 1e300},
        OutOfRange{{"stations", "stations/0/tx_bytes", optional}, -1},
        OutOfRange{{"stations", "stations/0/tx_packets", optional}, std::int64_t{1} << 32},
        OutOfRange{{"stations", "stations/0/tx_rate/mcs", optional}, 256},
        OutOfRange{{"stations", "stations/0/tx_rate/nss", optional}, -1},
        OutOfRange{{"stations", "stations/0/connected_s", optional}, -1},
        OutOfRange{{"stations", "complete", needed}, 1},
        OutOfRange{{"power_result", "answer", needed}, "Accepted"},
        OutOfRange{{"power_result", "errno", needed}, std::int64_t{1} << 31},
        OutOfRange{{"decision", "reason", needed}, ""}, OutOfRange{{"lost", "lines", needed}, -1},
        OutOfRange{{"header", "schema", needed}, std::int64_t{1} << 31}));

TEST(FromLine, RefusesAnotherVersionOfTheSchema) {
  const json::value other = 2;

  EXPECT_EQ(error_of(line_with({"header", "schema", needed}, &other)),
            "schema: 2, this program reads 1");
}

TEST(FromLine, IgnoresFieldsThatItDoesNotKnow) {
  for (const Sample& sample : samples()) {
    json::value line = json::parse(to_line(sample.record));
    line.as_object()["from_the_future"] = {{"deep", {1, 2, 3}}};

    const auto result = from_line(json::serialize(line));

    ASSERT_TRUE(std::holds_alternative<Record>(result)) << sample.type;
    EXPECT_EQ(std::get<Record>(result), sample.record);
  }
}

TEST(FromLine, RefusesALineThatIsCutOffAnywhere) {
  for (const Sample& sample : samples()) {
    const std::string line = to_line(sample.record);
    for (std::size_t length = 0; length < line.size(); ++length) {
      ASSERT_NE(error_of(std::string_view{line}.substr(0, length)), "")
          << sample.type << " cut to " << length;
    }
  }
}

TEST(FromLine, RefusesWhatFollowsTheRecord) {
  for (const Sample& sample : samples()) {
    EXPECT_NE(error_of(to_line(sample.record) + "{}"), "");
    EXPECT_NE(error_of(to_line(sample.record) + to_line(sample.record)), "");
  }
}

TEST(FromLine, RefusesWhatIsNotAnObject) {
  EXPECT_EQ(error_of("[]"), "not a JSON object");
  EXPECT_EQ(error_of("17"), "not a JSON object");
  EXPECT_THAT(error_of(""), StartsWith("not JSON: "));
  EXPECT_THAT(error_of("wake"), StartsWith("not JSON: "));
  EXPECT_THAT(error_of(std::string(100'000, '[')), StartsWith("not JSON: "));
  EXPECT_EQ(error_of("{}"), "t_ns: missing");
}

// A byte that has changed makes an error or another record, and that one is as good as any.
TEST(FromLine, SurvivesAnyChangedByte) {
  std::mt19937 random{1};
  for (const Sample& sample : samples()) {
    const std::string line = to_line(sample.record);
    for (std::size_t place = 0; place < line.size(); ++place) {
      std::string changed = line;
      changed[place] = static_cast<char>(random() % 256);

      const auto result = from_line(changed);

      if (const auto* const record = std::get_if<Record>(&result)) {
        const auto again = from_line(to_line(*record));
        ASSERT_TRUE(std::holds_alternative<Record>(again)) << changed;
        ASSERT_EQ(std::get<Record>(again), *record) << changed;
      } else {
        ASSERT_NE(std::get<ParseError>(result).message, "") << changed;
      }
    }
  }
}

}  // namespace
}  // namespace pianissimo::journal
