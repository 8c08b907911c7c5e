// Small runs made by hand: files in a directory that goes away, and the lines in them.
#pragma once

#include <gmock/gmock.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "controller/journal/record.hpp"
#include "experiments/report/report.hpp"

namespace pianissimo::report {

using namespace std::chrono_literals;

inline const MacAddress station_a = *mac_from_string("02:00:00:00:01:00");
inline const MacAddress station_b = *mac_from_string("02:00:00:00:02:00");
inline const Knob knob{.kind = KnobKind::interface, .interface = InterfaceIndex{3}};

/// An instant on the time line of these runs; the measured part mostly begins at 100 s.
inline Instant at(double t_s) { return instant_from(t_s); }

class Folder {
 public:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "report-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) throw std::runtime_error{"no temporary directory"};
    path_ = name;
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  std::filesystem::path operator/(const std::string& name) const { return path_ / name; }
  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path write(const std::string& name, const std::string& text) const {
    std::ofstream{path_ / name, std::ios::binary} << text;
    return path_ / name;
  }

 private:
  std::filesystem::path path_;
};

template <class T>
std::string line(double t_s, T what) {
  journal::Record record{.at = at(t_s), .wall_ms = 1'790'000'000'000, .what = {}};
  if constexpr (std::is_constructible_v<Event, T>) {
    record.what = Event{std::move(what)};
  } else {
    record.what = std::move(what);
  }
  return journal::to_line(record) + '\n';
}

inline std::string header_line(double t_s, const std::string& policy = "descend",
                               const std::string& hash = "00c0ffee") {
  journal::Header header;
  header.version = "0.1.0";
  header.kernel = "6.1.0";
  header.config = R"({"policy":")" + policy +
                  R"(","box":{"floor_dbm":1,"ceiling_dbm":"auto"},)"
                  R"("descend":{"probe":{"every":10,"dwell_ms":60}}})";
  header.config_hash = hash;
  return line(t_s, header);
}

inline std::string up_line(double t_s, int ceiling = 20) {
  return line(t_s, InterfaceUp{.at = at(t_s),
                               .interface = InterfaceIndex{3},
                               .name = "wlan0",
                               .path = KnobKind::interface,
                               .channel_maximum = dbm(23),
                               .found = dbm(ceiling),
                               .power = dbm(ceiling)});
}

inline std::string decision_line(double t_s, Reason reason, int from, int to) {
  return line(
      t_s,
      Decision{.at = at(t_s), .knob = knob, .from = dbm(from), .to = dbm(to), .reason = reason});
}

inline std::string power_line(double t_s, int asked) {
  return line(
      t_s, PowerResult{.at = at(t_s), .knob = knob, .asked = dbm(asked), .read_back = dbm(asked)});
}

inline std::string stations_line(double t_s, std::int64_t expected_kbps) {
  StationSample sample{.station = station_a,
                       .expected_throughput = Throughput::from_kbps(expected_kbps)};
  sample.tx_rate = BitRate{.rate = Throughput::from_kbps(65'000),
                           .format = RateFormat::vht,
                           .mcs = std::uint8_t{7},
                           .nss = std::uint8_t{1}};
  return line(t_s, StationReport{at(t_s), InterfaceIndex{3}, {sample}});
}

inline const std::string truth_header =
    "t_s,station,power_dbm,path_loss_db,fading_db,frames,attempts,mpdus,delivered_mpdus,"
    "delivered_bytes,airtime_us\n";

/// A row of truth.csv: 1000 us of airtime that delivered at `mbps`.
inline std::string truth_line(double t_s, double power, double path_loss, double mbps,
                              const MacAddress& station = station_a) {
  return std::to_string(t_s) + ',' + to_string(station) + ',' + std::to_string(power) + ',' +
         std::to_string(path_loss) + ",0,1,1,1,1," + std::to_string(mbps * 1000 / 8) + ",1000\n";
}

/// Rows every 100 ms after `from` up to `to`, all alike.
inline std::string truth_lines(double from, double to, double power, double path_loss, double mbps,
                               const MacAddress& station = station_a) {
  std::string text;
  for (int i = 1; from + 0.1 * i < to + 0.05; ++i) {
    text += truth_line(from + 0.1 * i, power, path_loss, mbps, station);
  }
  return text;
}

inline std::string run_json(double start, double end, const std::string& label = "daemon") {
  return R"({"scenario": "step", "label": ")" + label +
         R"(", "kernel": "6.1.0-56-amd64", "aggregates": true, "start_s": )" +
         std::to_string(start) + R"(, "end_s": )" + std::to_string(end) +
         R"(, "stations": ["02:00:00:00:01:00"]})" + "\n";
}

/// A run's directory, read back; an empty text is a missing file.
inline Run run_of(const Folder& folder, double seconds, const std::string& truth,
                  const std::string& journal = "", const std::string& traffic = "") {
  folder.write("run.json", run_json(100, 100 + seconds));
  if (!truth.empty()) folder.write("truth.csv", truth_header + truth);
  if (!journal.empty()) folder.write("journal.jsonl", journal);
  if (!traffic.empty()) folder.write("traffic.json", traffic);
  return load_run(folder.path());
}

/// What goes wrong with this input, or "" when nothing does.
template <class Read>
std::string error_of(Read read) {
  try {
    read();
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

}  // namespace pianissimo::report
