#include "experiments/report/run_info.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

namespace pianissimo::report {
namespace {

namespace json = boost::json;

constexpr double latest_s = 1e9;
constexpr double longest_run_s = 7 * 86'400;
constexpr double most_bytes_per_s = 1e12;

class Document {
 public:
  explicit Document(const std::filesystem::path& file) : file_{file} {
    const std::string text = read_text(file);
    json::stream_parser parser;
    json::error_code error;
    const std::size_t used = parser.write_some(text, error);
    if (!error) parser.finish(error);
    if (!error && text.find_first_not_of(" \t\r\n", used) != text.npos) {
      error = json::error::extra_data;
    }
    if (error) {
      const auto end = text.begin() + static_cast<std::ptrdiff_t>(used);
      fail("not JSON: " + error.message(),
           1 + static_cast<int>(std::count(text.begin(), end, '\n')));
    }
    value_ = parser.release();
  }

  const json::value& value() const { return value_; }
  [[noreturn]] void fail(std::string_view message, int line = 0) const {
    throw InputError{InputError::Kind::bad_data, file_, line, message};
  }
  double number(const json::object& object, std::string_view key, double most) const {
    const json::value* const found = object.if_contains(key);
    if (!found || !found->is_number()) fail(std::string{key} + ": a number is needed");
    const auto value = found->to_number<double>();
    if (!(value >= 0 && value <= most)) fail(fmt::format("{}: not in 0..{:g}", key, most));
    return value;
  }
  MacAddress mac(const json::value* value) const {
    const auto mac =
        value && value->is_string() ? mac_from_string(value->as_string()) : std::nullopt;
    if (!mac) fail("station: a MAC address is needed");
    return *mac;
  }

 private:
  std::filesystem::path file_;
  json::value value_;
};

// What is only told to the reader may be missing.
std::string text(const json::object& object, std::string_view key) {
  const json::value* const found = object.if_contains(key);
  return found && found->is_string() ? std::string{found->as_string()} : std::string{};
}

}  // namespace

RunInfo read_run_info(const std::filesystem::path& file) {
  const Document document{file};
  if (!document.value().is_object()) document.fail("an object is needed");
  const json::object& object = document.value().as_object();
  RunInfo info{.scenario = text(object, "scenario"),
               .label = text(object, "label"),
               .date = text(object, "date"),
               .kernel = text(object, "kernel"),
               .accelerator = text(object, "accelerator"),
               .aggregates = {},
               .stations = {},
               .measured = {}};
  if (info.scenario.empty()) document.fail("scenario: a name is needed");
  if (const auto* const found = object.if_contains("aggregates"); found && found->is_bool()) {
    info.aggregates = found->as_bool();
  }
  const double start = document.number(object, "start_s", latest_s);
  const double end = document.number(object, "end_s", latest_s);
  if (!(start < end)) document.fail("end_s: not after start_s");
  if (end - start > longest_run_s) {
    document.fail(fmt::format("end_s: a run of {:g} s is not plausible, none is longer than {:g} s",
                              end - start, longest_run_s));
  }
  info.measured = {instant_from(start), instant_from(end)};
  if (const auto* const found = object.if_contains("stations"); found && found->is_array()) {
    for (const json::value& station : found->as_array()) {
      info.stations.push_back(document.mac(&station));
    }
  }
  return info;
}

std::map<MacAddress, double> read_traffic(const std::filesystem::path& file) {
  const Document document{file};
  if (!document.value().is_array()) document.fail("a list of stations is needed");
  std::map<MacAddress, double> received;
  for (const json::value& entry : document.value().as_array()) {
    if (!entry.is_object()) document.fail("a list of stations is needed");
    const json::object& station = entry.as_object();
    received[document.mac(station.if_contains("station"))] =
        document.number(station, "received_bytes_per_s", most_bytes_per_s);
  }
  return received;
}

}  // namespace pianissimo::report
