#include "experiments/lab/traffic_summary.hpp"

#include <fmt/format.h>

#include <chrono>
#include <cmath>
#include <cstring>

namespace pianissimo::lab {
namespace {

namespace json = boost::json;

double seconds(Duration duration) { return std::chrono::duration<double>(duration).count(); }

json::object amount_json(const traffic::Amount& amount) {
  return {{"packets", amount.packets}, {"bytes", amount.bytes}};
}

}  // namespace

Summary summary_of(const traffic::UdpReport& report) {
  traffic::Amount sent;
  traffic::Amount failed;
  traffic::Amount skipped;
  json::array flows;
  for (const traffic::UdpFlowReport& flow : report.flows) {
    sent += flow.sent;
    failed += flow.failed;
    skipped += flow.skipped;
    flows.push_back(json::object{{"source_port", flow.source_port},
                                 {"sent", amount_json(flow.sent)},
                                 {"failed", amount_json(flow.failed)},
                                 {"skipped", amount_json(flow.skipped)}});
  }
  std::string text = fmt::format(
      "sent {} packets, {} bytes of payload in {:.3f} s; failed {}, skipped {} that were late\n",
      sent.packets, sent.bytes, seconds(report.elapsed), failed.packets, skipped.packets);
  json::object failures;
  for (const auto& [error_number, packets] : report.failures) {
    failures[strerrorname_np(error_number)] = packets;
    text += fmt::format("  {} failed: {}\n", packets, std::strerror(error_number));
  }
  return {std::move(text),
          {{"kind", "udp"},
           {"seconds", seconds(report.elapsed)},
           {"sent", amount_json(sent)},
           {"failed", amount_json(failed)},
           {"skipped", amount_json(skipped)},
           {"failures", std::move(failures)},
           {"flows", std::move(flows)}}};
}

Summary summary_of(const traffic::LiveReport& report) {
  json::array sources;
  for (const traffic::SourceReport& source : report.sources) {
    sources.push_back(
        json::object{{"station", to_string(source.source)}, {"sent", amount_json(source.sent)}});
  }
  const double rate = static_cast<double>(report.sent.packets) / seconds(report.elapsed);
  return {fmt::format("sent {} frames, {} bytes from {} sources in {:.3f} s, {:.3f} million/s; the "
                      "interface transmitted {} and dropped {}\n",
                      report.sent.packets, report.sent.bytes, report.sources.size(),
                      seconds(report.elapsed), rate / 1e6, report.transmitted, report.dropped),
          {{"kind", "xdp"},
           {"seconds", seconds(report.elapsed)},
           {"sent", amount_json(report.sent)},
           {"packets_per_second", std::round(rate)},
           {"interface", {{"transmitted", report.transmitted}, {"dropped", report.dropped}}},
           {"sources", std::move(sources)}}};
}

Summary summary_of(const traffic::LiveTcpReport& report) {
  const double rate = 8 * static_cast<double>(report.acknowledged) / seconds(report.elapsed);
  return {
      fmt::format(
          "the peer has acknowledged {} bytes in {:.3f} s, {:.3f} Gbit/s; sent {} segments of "
          "{} bytes, {} of them again\n  losses: {} by duplicate acknowledgements, {} by the "
          "timer; "
          "window closed for {:.3f} s, asked for {} times; round trip {:.3f} ms\n{}",
          report.acknowledged, seconds(report.elapsed), rate / 1e9, report.sent.packets,
          report.segment_bytes, report.resent, report.repairs, report.timeouts,
          seconds(report.window_closed), report.probes, 1e3 * seconds(report.round_trip),
          report.is_finished ? "" : "  the peer has not closed its side\n"),
      {{"kind", "xdp-tcp"},
       {"seconds", seconds(report.elapsed)},
       {"acknowledged_bytes", report.acknowledged},
       {"bits_per_second", std::round(rate)},
       {"segment_bytes", report.segment_bytes},
       {"sent", amount_json(report.sent)},
       {"sent_again", report.resent},
       {"losses", {{"by_duplicates", report.repairs}, {"by_timer", report.timeouts}}},
       {"window", {{"closed_seconds", seconds(report.window_closed)}, {"probes", report.probes}}},
       {"round_trip_seconds", seconds(report.round_trip)},
       {"peer_has_closed", report.is_finished}}};
}

}  // namespace pianissimo::lab
