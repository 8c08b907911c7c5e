#include "experiments/lab/traffic_command.hpp"

#include <fmt/format.h>
#include <signal.h>

#include <CLI/CLI.hpp>
#include <cmath>
#include <cstdlib>
#include <iostream>
#include <limits>
#include <memory>
#include <optional>

#include "config/say.hpp"
#include "experiments/lab/json_result.hpp"
#include "experiments/lab/output_file.hpp"
#include "experiments/lab/traffic_summary.hpp"
#include "experiments/lab/whole_number.hpp"
#include "experiments/report/json_text.hpp"
#include "experiments/traffic/live_frames.hpp"
#include "experiments/traffic/live_plan.hpp"
#include "experiments/traffic/live_tcp.hpp"
#include "experiments/traffic/network_namespace.hpp"
#include "experiments/traffic/udp.hpp"

namespace pianissimo::lab {
namespace {

constexpr Signature traffic_summary{
    "a summary of pianissimo-lab traffic", "{\n  \"kind\": \"", {"\n  \"seconds\": "}};

/// What all kinds of traffic are asked for with.
struct Common {
  std::string network_namespace;
  std::string json_file;
  double seconds = 0;
};

/// ... and those that have a rate.
struct Paced : Common {
  std::uint64_t packets_per_second = 0;
  std::uint32_t on_ms = 0;
  std::uint32_t off_ms = 0;
};

struct UdpOptions : Paced {
  traffic::UdpPlan plan;
  std::uint64_t bits_per_second = 0;
};

struct LiveOptions : Paced {
  traffic::LivePlan plan;
  std::uint64_t frames = 0;
  std::size_t generated = 1;
  std::vector<std::string> sources;
  std::string destination;
  std::size_t threads = 0;
  std::string to;
  std::string from;
  traffic::LiveUdp udp;
};

struct LiveTcpOptions : Common {
  traffic::LiveTcpPlan plan;
  std::uint32_t patience_seconds = 30;
};

std::atomic<bool> stop{false};
static_assert(std::atomic<bool>::is_always_lock_free, "a signal handler sets it");

void stop_on_signals() {
  struct sigaction action {};
  action.sa_handler = [](int) { stop = true; };
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
}

Duration duration_of(const Common& common) { return Duration{std::llround(common.seconds * 1e9)}; }

traffic::OnOff pattern_of(const Paced& paced) {
  return {std::chrono::milliseconds{paced.on_ms}, std::chrono::milliseconds{paced.off_ms}};
}

traffic::Result<traffic::UdpReport> send(UdpOptions& options) {
  using Unit = traffic::RateUnit;
  options.plan.flow.rate = options.bits_per_second > 0
                               ? traffic::Rate{options.bits_per_second, Unit::bits}
                               : traffic::Rate{options.packets_per_second, Unit::packets};
  options.plan.flow.pattern = pattern_of(options);
  options.plan.duration = duration_of(options);
  return traffic::send_udp(options.plan, stop);
}

traffic::Result<MacAddress> mac(const std::string& text) {
  if (const auto address = mac_from_string(text)) return *address;
  return traffic::Error{fmt::format("'{}' is not a MAC address", text), traffic::ExitStatus::usage};
}

traffic::Result<traffic::LiveReport> send(LiveOptions& options) {
  options.plan.packets_per_second = options.packets_per_second;
  options.plan.pattern = pattern_of(options);
  if (options.sources.empty()) options.plan.sources = traffic::generated_sources(options.generated);
  for (const std::string& text : options.sources) {
    const auto source = mac(text);
    if (!source) return source.error();
    options.plan.sources.push_back(*source);
  }
  if (!options.destination.empty()) {
    const auto destination = mac(options.destination);
    if (!destination) return destination.error();
    options.plan.destination = *destination;
  }
  if (!options.to.empty()) {
    const auto destination = traffic::internet_address(options.to);
    if (!destination) return destination.error();
    const auto source = traffic::internet_address(options.from);
    if (!source) return source.error();
    options.udp.destination = *destination;
    options.udp.source = *source;
    options.plan.udp = options.udp;
  }
  if (options.threads > 0) {
    auto cpus = traffic::first_cpus(options.threads);
    if (!cpus) return cpus.error();
    options.plan.cpus = std::move(*cpus);
  }
  auto generator = traffic::LiveFrames::open(options.plan);
  if (!generator) return generator.error();
  return generator->run(options.frames, duration_of(options), stop);
}

traffic::Result<traffic::LiveTcpReport> send(LiveTcpOptions& options) {
  options.plan.duration = duration_of(options);
  options.plan.patience = std::chrono::seconds{options.patience_seconds};
  return traffic::send_live_tcp(options.plan, stop);
}

template <class Options>
int run_traffic(Options& options) {
  const auto give_up = [](const traffic::Error& error) {
    say(stderr, "pianissimo-lab traffic: " + error.message);
    return static_cast<int>(error.exit_status);
  };
  // Opened before an hour's traffic, not after it.
  std::optional<OutputFile> file;
  if (!options.json_file.empty() && options.json_file != "-")
    file.emplace(options.json_file, traffic_summary);
  if (!options.network_namespace.empty()) {
    const auto entered = traffic::enter_network_namespace(options.network_namespace);
    if (!entered) return give_up(entered.error());
  }
  stop_on_signals();
  const auto report = send(options);
  if (!report) return give_up(report.error());

  const Summary summary = summary_of(*report);
  const std::string values = report::json_text(summary.values, report::Layout::indented) + '\n';
  std::cout << (options.json_file == "-" ? values : summary.text);
  if (file) {
    file->stream() << values;
    file->commit();
  }
  return EXIT_SUCCESS;
}

// For the subcommand's callback.
template <class Options>
int traffic_status(Options& options) {
  try {
    return run_traffic(options);
  } catch (const OutputError& error) {
    say(stderr, error.what());
    return error.exit_status();
  }
}

void add_pattern(CLI::App& command, Paced& paced) {
  constexpr std::uint32_t longest = std::numeric_limits<std::uint32_t>::max();
  CLI::Option* const off =
      command.add_option("--off-ms", paced.off_ms, "... be silent for so long, and so on");
  off->check(whole_number())->check(CLI::Range(std::uint32_t{0}, longest));
  command.add_option("--on-ms", paced.on_ms, "Send for so long, then ...")
      ->needs(off)
      ->check(whole_number())
      ->check(CLI::Range(std::uint32_t{0}, longest));
}

void add_common(CLI::App& command, Common& common) {
  command.add_option("--duration", common.seconds, "Seconds; 0: until SIGTERM or SIGINT")
      ->check(CLI::Range(0.0, 1e9));
  command.add_option("--netns", common.network_namespace,
                     "In this network namespace (ip-netns(8))");
  add_json(command, common.json_file, "What became of it");
}

void add_udp(CLI::App& traffic, int& status) {
  const auto options = std::make_shared<UdpOptions>();
  options->plan.flow.sizes = {1200};
  CLI::App* const command = traffic.add_subcommand("udp", "Send UDP packets to an address");
  traffic::UdpPlan& plan = options->plan;
  command->add_option("--to", plan.address, "Address, IPv4 or IPv6")->required();
  command->add_option("--port", plan.port, "Port (9: discard)")->check(CLI::Range(1, 65535));
  const auto pps = command
                       ->add_option("--pps", options->packets_per_second,
                                    "Packets per second and flow, while on: 300, 20k")
                       ->transform(whole_number_with_unit());
  command
      ->add_option("--rate", options->bits_per_second,
                   "Bit of payload per second and flow, while on: 2500000, 10M")
      ->transform(whole_number_with_unit())
      ->excludes(pps);
  command->add_option("--size", plan.flow.sizes, "Bytes of payload (1200); several: in turns")
      ->delimiter(',');
  command->add_option("--flows", plan.flows, "So many, each from a port of its own (1)")
      ->check(CLI::Range(1, 1024));
  command->add_option("--seed", plan.seed, "Of the moments at which the flows begin (1)")
      ->check(whole_number());
  command->add_option("--send-buffer", plan.send_buffer, "Socket's send buffer, bytes")
      ->check(CLI::Range(0, 1 << 30));
  add_pattern(*command, *options);
  add_common(*command, *options);
  command->callback([options, &status] { status = traffic_status(*options); });
}

// UDP instead of frames that no protocol takes.
void add_live_udp(CLI::App& command, LiveOptions& options) {
  CLI::Option* const to =
      command.add_option("--to", options.to, "UDP to this address, IPv4 or IPv6");
  CLI::Option* const from = command.add_option("--from", options.from, "... from this address");
  from->needs(to);
  to->needs(from);
  const auto add_port = [&](const char* name, auto& value, const char* meaning) {
    command.add_option(name, value, meaning)
        ->needs(to)
        ->check(whole_number())
        ->check(CLI::Range(1, 65535));
  };
  add_port("--port", options.udp.port, "... to this port (9: discard)");
  add_port("--ports", options.udp.ports, "... to so many ports from there on, in turns (1)");
  add_port("--source-port", options.udp.source_port, "... from this port (9)");
}

void add_xdp(CLI::App& traffic, int& status) {
  const auto options = std::make_shared<LiveOptions>();
  traffic::LivePlan& plan = options->plan;
  CLI::App* const command = traffic.add_subcommand(
      "xdp", "Send frames of many stations into an interface, from within the kernel (XDP)");
  command->add_option("--interface", plan.interface, "A veth, or a driver that can XDP_REDIRECT")
      ->required();
  command
      ->add_option("--sources", options->generated,
                   "So many source addresses, from 06:00:00:00:00:00 on (1)")
      ->check(CLI::Range(1, 4096));
  command->add_option("--source", options->sources, "Source address; several: in turns")
      ->delimiter(',')
      ->excludes("--sources");
  command->add_option("--destination", options->destination,
                      "Destination address (ff:ff:ff:ff:ff:ff)");
  command
      ->add_option("--size", plan.sizes, "Bytes of the frame without FCS (60); several: in turns")
      ->delimiter(',');
  command
      ->add_option("--pps", options->packets_per_second,
                   "Frames per second of all CPUs, while on: 300, 2M; 0: as fast as it goes")
      ->transform(whole_number_with_unit());
  command->add_option("--count", options->frames, "Frames in all; 0: no limit")
      ->transform(whole_number_with_unit());
  CLI::Option* const cpu =
      command->add_option("--cpu", plan.cpus, "CPUs to send from, at once (0)")->delimiter(',');
  command
      ->add_option("--threads", options->threads,
                   "Instead of --cpu: from so many CPUs, the first that this process may use")
      ->check(whole_number())
      ->check(CLI::Range(1, 1024))
      ->excludes(cpu);
  add_live_udp(*command, *options);
  add_pattern(*command, *options);
  add_common(*command, *options);
  command->callback([options, &status] { status = traffic_status(*options); });
}

void add_xdp_tcp(CLI::App& traffic, int& status) {
  const auto options = std::make_shared<LiveTcpOptions>();
  traffic::LiveTcpPlan& plan = options->plan;
  CLI::App* const command = traffic.add_subcommand(
      "xdp-tcp", "Send TCP data to a listener, over a connection that XDP programs take over");
  command->add_option("--interface", plan.interface, "A veth, or a driver with native XDP")
      ->required();
  command->add_option("--to", plan.address, "Address, IPv4 or IPv6")->required();
  command->add_option("--port", plan.port, "Port (9: discard)")
      ->check(whole_number())
      ->check(CLI::Range(1, 65535));
  command->add_option("--bytes", plan.bytes, "To be sent, in whole segments: 300M; 0: no limit")
      ->transform(whole_number_with_unit());
  command->add_option("--cpu", plan.cpu, "CPU to send from (0)")
      ->check(whole_number())
      ->check(CLI::Range(0, 1023));
  command
      ->add_option("--patience", options->patience_seconds,
                   "Seconds without an answer of the peer that end it (30)")
      ->check(whole_number())
      ->check(CLI::Range(1, 3600));
  add_common(*command, *options);
  command->callback([options, &status] { status = traffic_status(*options); });
}

}  // namespace

void add_traffic(CLI::App& lab, int& status) {
  CLI::App* const command =
      lab.add_subcommand("traffic", "Send test traffic, and print what was sent");
  command->require_subcommand(1);
  add_udp(*command, status);
  add_xdp(*command, status);
  add_xdp_tcp(*command, status);
}

}  // namespace pianissimo::lab
