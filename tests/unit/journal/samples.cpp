#include "tests/unit/journal/samples.hpp"

#include <algorithm>

#include "tests/unit/core/words.hpp"

namespace pianissimo::test {
namespace {

using namespace std::chrono_literals;

const Instant then{1234567890123ns};

StationSample everything() {
  return {.station = alice,
          .expected_throughput = Throughput::from_kbps(58'031),
          .tx_bytes = 0xffff'ffff'ffff'ffff,
          .rx_bytes = 9'000'000'000,
          .tx_packets = 0xffff'ffff,
          .rx_packets = 2,
          .tx_retries = 3,
          .tx_failed = 4,
          .tx_duration = 5'000'000us,
          .tx_rate = BitRate{.rate = Throughput::from_bps(866'700'000),
                             .format = RateFormat::vht,
                             .mcs = 9,
                             .nss = 2,
                             .width = Mhz{80},
                             .short_gi = true},
          .rx_rate = BitRate{.rate = Throughput::from_bps(6'000'000)},
          .signal = dbm(-65),
          .signal_avg = dbm(-64),
          .ack_signal = dbm(-66),
          .ack_signal_avg = Dbm::from_mbm(-6650),
          .inactive = 20ms,
          .connected = 3600s};
}

journal::Record record(auto what) {
  what.at = then;
  return {then, 1'700'000'000'123, Event{what}};
}

std::vector<Sample> make() {
  const Knob knob{KnobKind::station, phy0, wlan0, alice};
  InterfaceUp up = access_point();
  up.channel_maximum = Dbm::from_mbm(2350);
  up.set_by = PowerSetter{"iw \"ä\"", 812};
  std::vector<Sample> all;
  all.push_back({"header",
                 {then, 1'700'000'000'123,
                  journal::Header{.version = "0.1.0",
                                  .kernel = "6.6.30",
                                  .regulatory_domain = "DE",
                                  .config = R"({"policy":{"name":"descend"}})",
                                  .config_hash = "c0ffee",
                                  .interfaces = {{"wlan0", 3, "mt7915e", 5180, 80},
                                                 {"wlan1", 4, "ath9k", 2412, 20}}}}});
  all.push_back({"interface_up", record(up)});
  all.push_back({"interface_gone", record(InterfaceGone{.interface = wlan0})});
  all.push_back({"station_joined", record(StationJoined{.interface = wlan0, .station = alice})});
  all.push_back({"station_left", record(StationLeft{.interface = wlan0, .station = alice})});
  all.push_back({"stations", record(StationReport{.interface = wlan0,
                                                  .stations = {everything(), {.station = bob}},
                                                  .complete = false})});
  all.push_back({"traffic_source", record(TrafficSourceSet{.interface = wlan0,
                                                           .origin = TrafficOrigin::bpf,
                                                           .how = "native XDP, tcx egress"})});
  all.push_back({"traffic", record(TrafficReport{.interface = wlan0,
                                                 .stations = {{alice, 1, 2, 3, 4}, {bob}}})});
  all.push_back({"power_result", record(PowerResult{.knob = knob,
                                                    .asked = dbm(17),
                                                    .answer = PowerAnswer::busy,
                                                    .read_back = Dbm::from_mbm(1650),
                                                    .error = 16})});
  all.push_back({"hold", record(HoldSet{.interface = wlan0,
                                        .level = Dbm::from_mbm(1250),
                                        .until = then + 1800s,
                                        .by = {1000, 812}})});
  all.push_back(
      {"ceiling", record(CeilingSet{.interface = wlan0, .ceiling = dbm(12), .by = {0, 813}})});
  all.push_back(
      {"external_ceiling", record(ExternalCeilingSet{.interface = wlan0, .ceiling = dbm(17)})});
  all.push_back({"leave", record(LeaveSet{.interface = wlan0,
                                          .is_open = false,
                                          .proposals_hold = 600s,
                                          .approved = dbm(11),
                                          .by = Asker{1000, 812}})});
  all.push_back({"wake", record(Wake{})});
  all.push_back({"decision",
                 {then, 1'700'000'000'123,
                  Decision{then, knob, dbm(17), dbm(18), Reason::throughput_fell,
                           Evidence{.station = alice,
                                    .observed = Throughput::from_bps(1),
                                    .reference = Throughput::from_bps(2),
                                    .keep = 0.9,
                                    .error = 95,
                                    .utilisation_percent = 42,
                                    .signal_change = Db::from_mb(-650),
                                    .acknowledged_permille = 123,
                                    .reference_permille = 987,
                                    .place = Dbm::from_mbm(-4550),
                                    .wait = 30'000ms,
                                    .level = dbm(12),
                                    .brought = Brought{.asked_before = Throughput::from_bps(3),
                                                       .asked = Throughput::from_bps(4),
                                                       .rate_before = Throughput::from_bps(5),
                                                       .rate = Throughput::from_bps(6),
                                                       .disconnections = 7,
                                                       .roams = 8}}}}});
  all.push_back({"lost", {then, 1'700'000'000'123, journal::Lost{17}}});
  all.push_back({"note", {then, 1'700'000'000'123, journal::Note{"a \"note\"\n\t\\ äöü"}}});
  return all;
}

}  // namespace

const std::vector<Sample>& samples() {
  static const std::vector<Sample> all = make();
  return all;
}

const journal::Record& sample_of(std::string_view type) {
  return std::ranges::find(samples(), type, &Sample::type)->record;
}

}  // namespace pianissimo::test
