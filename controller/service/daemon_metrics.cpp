// What the daemon counts and tells: the snapshot for metrics, and who is told over HTTP.
#include <sys/resource.h>
#include <unistd.h>

#include <cstdio>

#include "controller/core/box.hpp"
#include "controller/service/daemon.hpp"
#include "controller/service/http_token.hpp"
#include "controller/service/version.hpp"

namespace pianissimo::service {
namespace {

std::string features() {
  std::string words;
#ifdef PIANISSIMO_BPF
  words += "bpf";
#endif
#ifdef PIANISSIMO_HTTP
  words += words.empty() ? "http" : ",http";
#endif
  return words;
}

std::vector<StationMetrics> stations_of(const Controller::Interface& interface,
                                        journal::Pseudonyms& names) {
  std::vector<StationMetrics> stations;
  for (const auto& [mac, model] : interface.stations) {
    StationMetrics station{.name = to_string(names.of(mac)),
                           .expected = model.expected_throughput(),
                           .totals = model.totals()};
    if (const auto& last = model.last()) station.signal = last->signal;
    stations.push_back(std::move(station));
  }
  return stations;
}

// The second number in statm: pages (proc(5)).
std::uint64_t resident_bytes() {
  unsigned long pages = 0;
  if (std::FILE* const file = std::fopen("/proc/self/statm", "re")) {
    if (std::fscanf(file, "%*u %lu", &pages) != 1) pages = 0;
    std::fclose(file);
  }
  return std::uint64_t{pages} * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

double cpu_seconds() {
  rusage used{};
  ::getrusage(RUSAGE_SELF, &used);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(used.ru_utime) + seconds(used.ru_stime);
}

}  // namespace

MetricsSnapshot Daemon::metrics() {
  MetricsSnapshot snapshot{.version = std::string{program_version},
                           .features = features(),
                           .config_hash = config_hash(config_),
                           .mode = std::string{to_string(mode())},
                           .dry_run = config_.dry_run,
                           .is_kernel_heard = hears_the_kernel(),
                           .status_ms = status_ms_,
                           .journal_bytes = recorder_->written(),
                           .journal_lost = recorder_->lost()};
  tally_.fill(snapshot);
  for (const auto& [index, interface] : controller_->interfaces()) {
    const InterfaceUp& up = interface.up;
    const Box box = box_in_force(up);
    RadioMetrics radio{.interface = up.name,
                       .wiphy = up.wiphy,
                       .power = up.power,
                       .floor = box.floor(),
                       .ceiling = box.ceiling(),
                       .found = up.found,
                       .channel_maximum = up.channel_maximum,
                       .active = std::min(active_.of(index), interface.stations.size()),
                       .origin = interface.traffic.origin,
                       .is_limited = power_.is_limited(up.name),
                       .reverts = controller_->reverts_of(index).size(),
                       .is_window_open = window_is_open_,
                       .stations = {}};
    if (config_.metrics.stations) radio.stations = stations_of(interface, names());
    radio.idle = interface.stations.size() - radio.active;
    radio.has_effect = has_effect(up.name);
    if (const auto proposal = proposal_at(up)) radio.proposed = proposal->evidence.level;
    snapshot.radios.push_back(std::move(radio));
  }
  return snapshot;
}

void Daemon::count(const Decision& decision) {
  for (const auto& [index, up] : driven_) {
    if (!is_on(decision.knob, up)) continue;
    const std::int64_t wall_ms = ports_.time.wall_ms();
    tally_.decided(up.name, decision, wall_ms);
    if (verdict_of(decision.reason)) verdicts_.see(up.name, decision, local_day(wall_ms));
  }
  tell_all(decision);
}

// Every user of this machine may read it.
void Daemon::tell_all(Decision decision) {
  if (!ports_.http || config_.http.listen.empty()) return;
  const std::string knob = names().in_text(name_of(decision.knob));
  decision.knob.station = names().of(decision.knob.station);
  if (auto& station = decision.evidence.station) station = names().of(*station);
  ports_.http->tell(decision, knob);
}

// Before what is in force is noted.
void Daemon::count(const PowerResult& result) {
  tally_.failed(result.answer);
  for (const auto& [index, up] : driven_) {
    if (!is_on(result.knob, up)) continue;
    const bool is_known = result.knob.kind != KnobKind::station;
    tally_.answered(up.name, result, is_known ? std::optional{up.power} : std::nullopt);
  }
}

Box Daemon::box_in_force(const InterfaceUp& up) const {
  const Knob knob{.kind = up.path, .wiphy = up.wiphy, .interface = up.interface};
  const Dbm limit = limit_of(knob).value_or(std::min(up.found, up.channel_maximum));
  return Box{config_.box.floor, std::min(limit, config_.box.ceiling.value_or(limit))};
}

std::optional<bool> Daemon::has_effect(const std::string& interface) const {
  if (config_.policy != PolicyName::anchor || !config_.anchor.effect_test) return std::nullopt;
  return !tally_.is_knob_dead(interface);
}

void Daemon::show_boxes() {
  for (const auto& [index, interface] : controller_->interfaces()) {
    const InterfaceUp& up = interface.up;
    status_->set_box(up.name, box_in_force(up), has_effect(up.name));
  }
}

void Daemon::begin_http() {
  std::string token;
  if (ports_.http && config_.http.control && !config_.http.listen.empty()) {
    auto found = http_token(state_.directory());
    if (auto* const made = std::get_if<std::string>(&found)) {
      token = std::move(*made);
    } else {
      say_once("http.control: nobody may: " + std::get<StateError>(found).message);
    }
  }
  if (ports_.http) {
    ports_.http->begin(
        config_.http,
        {.metrics =
             [this](MetricsFormat format) {
               MetricsSnapshot snapshot = metrics();
               snapshot.process = {cpu_seconds(), resident_bytes(), began_ms_};
               return metrics_text(snapshot, format);
             },
         .status =
             [this] {
               show_wishes();
               show_boxes();
               show_leave();
               return names().in_text(status_->text(*controller_, ports_.time.now(),
                                                    ports_.time.wall_ms(), published_));
             },
         .control = [this](std::string line) { return control_over_http(std::move(line)); },
         .token = std::move(token)},
        [this](std::string text) { say_once(std::move(text)); });
  } else if (!config_.http.listen.empty()) {
    say_once("http: built without HTTP");
  }
}

void Daemon::write_textfile() {
  const std::string& path = config_.metrics.textfile;
  if (path.empty() || !driving_) return;
  // node_exporter is another user.
  if (const auto error =
          replace_file(path, metrics_text(metrics(), MetricsFormat::prometheus), 0644)) {
    say_once(error->message);
  }
}

// Nobody shall take old numbers for new ones.
void Daemon::remove_textfile() {
  const std::string& path = config_.metrics.textfile;
  if (path.empty()) return;
  if (const auto error = remove_file(path)) log_.error("{}", error->message);
}

}  // namespace pianissimo::service
