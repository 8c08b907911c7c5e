#include "experiments/lab/campaign_run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <charconv>
#include <fstream>

#include "config/printable.hpp"
#include "controller/core/identity.hpp"
#include "experiments/campaign/iperf.hpp"
#include "experiments/lab/long_run.hpp"
#include "experiments/lab/output_file.hpp"
#include "experiments/report/input.hpp"
#include "experiments/report/json_text.hpp"

namespace pianissimo::lab {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;
using namespace std::chrono_literals;

// A run that fails so often in a row will not come true by itself.
constexpr int most_failures = 3;
constexpr int first_port = 5200;

void write_text(const fs::path& path, const std::string& text) {
  std::ofstream out{path, std::ios::binary};
  out << text << std::flush;
  if (!out) {
    throw OutputError{OutputError::Kind::cannot_write,
                      printable(path.string() + ": cannot be written")};
  }
}

Machine::Facts read_facts(const fs::path& file) {
  std::ifstream in{file};
  Machine::Facts facts;
  for (std::string line; std::getline(in, line);) {
    const std::size_t equals = line.find('=');
    if (equals != line.npos) facts[line.substr(0, equals)] = printable(line.substr(equals + 1));
  }
  return facts;
}

double seconds_of(const Machine::Facts& facts, const std::string& key) {
  const auto found = facts.find(key);
  const std::string text = found == facts.end() ? "" : found->second;
  double value = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || stop != text.data() + text.size()) {
    throw MachineError{"the run does not say its " + key};
  }
  return value;
}

std::string text_of(const Machine::Facts& facts, const std::string& key) {
  const auto found = facts.find(key);
  return found == facts.end() ? "" : found->second;
}

}  // namespace

CampaignRunner::CampaignRunner(const campaign::Campaign& campaign, std::uint64_t seed,
                               CampaignFolder& folder, Ssh& ssh, const Patience& patience)
    : campaign_{campaign}, seed_{seed}, folder_{folder}, ssh_{ssh}, patience_{patience} {}

Machine& CampaignRunner::machine(const std::string& destination) {
  auto& found = machines_[destination];
  if (!found) {
    found = std::make_unique<Machine>(ssh_, destination, folder_.state().token, patience_);
  }
  return *found;
}

Machine& CampaignRunner::access_point(const campaign::PlannedRun& planned) {
  return machine(campaign_.access_points[planned.access_point].ssh);
}

void CampaignRunner::look() {
  for (const campaign::AccessPoint& ap : campaign_.access_points) {
    Machine& one = machine(ap.ssh);
    one.install(ap.daemon);
    const auto facts = one.ask({"look", ap.interface});
    const auto need = [&](const std::string& key, const std::string& wanted,
                          const std::string& why) {
      if (text_of(facts, key) != wanted) {
        throw MachineError{fmt::format("{} ({}): {}", ap.name, ap.ssh, why)};
      }
    };
    need("iw", "yes", "iw is not installed");
    need("iperf3", "yes", "iperf3 is not installed");
    need("daemon", "yes", "pianissimo is not installed, and `daemon` names no file to copy");
    need("access_point", "AP", ap.interface + " is not an access point's interface that is up");
    const std::string power = text_of(facts, "power");
    if (power.empty()) patience_.say(ap.name + ": the driver does not tell its power");
    folder_.state().found.try_emplace(ap.name, power);
    patience_.say(fmt::format("{}: {}, Linux {}, {} dBm", ap.name, text_of(facts, "version"),
                              text_of(facts, "kernel"), power));
  }
  folder_.save();
}

void CampaignRunner::lose(const Names& names, const std::string& why) {
  folder_.state().runs[names.run].lost.push_back(why);
  folder_.save();
  patience_.say(fmt::format("{}: lost, and begun again: {}", names.run, why));
}

void CampaignRunner::begin(const campaign::PlannedRun& planned, const Names& names) {
  const campaign::AccessPoint& ap = campaign_.access_points[planned.access_point];
  const campaign::Law& law = campaign_.laws[planned.law];
  const campaign::Traffic& traffic = campaign_.traffic;
  ++folder_.state().runs[names.run].begun;
  folder_.save();
  const std::string length = std::to_string(campaign_.warm_up_s + campaign_.seconds + 60);
  std::vector<std::string> clients;
  int number = 0;
  for (const campaign::Station& station : ap.stations) {
    ++number;
    Machine& host = machine(station.ssh);
    host.install();
    host.tell({"serve", std::to_string(first_port + number), length, station.network_namespace});
    clients.insert(clients.end(),
                   {std::to_string(number), station.address, traffic.is_udp ? "udp" : "tcp",
                    fmt::format("{}", traffic.mbps), std::to_string(traffic.bytes)});
  }
  Machine& router = access_point(planned);
  const fs::path part = folder_.path() / ".part";
  fs::remove_all(part);
  make_folder(part);
  write_text(part / "config.yaml",
             campaign::daemon_config(law, campaign_.box, ap.interface,
                                     router.path("run/" + names.id + "/journal.jsonl")));
  std::vector<std::string> words{"start",
                                 names.id,
                                 ap.interface,
                                 std::to_string(campaign_.warm_up_s),
                                 std::to_string(campaign_.seconds),
                                 law.kind == campaign::Law::Kind::rate ? law.bit_rate : "auto"};
  words.insert(words.end(), clients.begin(), clients.end());
  router.tell(words, part / "config.yaml");
  begin_capture(names);
}

// Frames are worth having; without them a run is still a run.
void CampaignRunner::begin_capture(const Names& names) {
  if (!campaign_.monitor) return;
  Machine& monitor = machine(campaign_.monitor->ssh);
  if (!monitor.is_there()) return patience_.say("no capture: the monitor is not reached");
  try {
    monitor.install();
    monitor.tell({"capture", names.id, campaign_.monitor->interface,
                  std::to_string(campaign_.warm_up_s + campaign_.seconds)});
  } catch (const MachineError& error) {
    patience_.say(std::string{"no capture: "} + error.what());
  }
}

// What became of the run: "done", or why it is lost.
std::string CampaignRunner::follow(Machine& router, const Names& names, const std::string& boot) {
  for (;;) {
    router.install();  // a reboot may have emptied the folder
    const auto state = router.ask({"state"});
    if (text_of(state, "boot") != boot) return "the access point has rebooted";
    if (text_of(state, "run") != names.id) return "another run has taken its place";
    if (text_of(state, "state") != "running") return text_of(state, "state");
    wait_for(1s);
  }
}

void CampaignRunner::fetch_files(Machine& from, const std::string& id, const fs::path& to) {
  for (const auto& [file, size] : from.files(id)) from.fetch(id, file, size, to / file);
}

void CampaignRunner::fetch_capture(const Names& names, const fs::path& to) {
  if (!campaign_.monitor) return;
  Machine& monitor = machine(campaign_.monitor->ssh);
  if (!monitor.is_there()) return patience_.say("no capture: the monitor is not reached");
  try {
    monitor.tell({"end", "capture"});
    fetch_files(monitor, names.id, to);
  } catch (const MachineError& error) {
    patience_.say(std::string{"no capture: "} + error.what());
  }
}

void CampaignRunner::fetch(const campaign::PlannedRun& planned, const Names& names) {
  const fs::path part = folder_.path() / ".part";
  make_folder(part);
  // First of all: the monitor may be the access point, and what still grows has no size.
  fetch_capture(names, part);
  fetch_files(access_point(planned), names.id, part);
  describe(planned, part);
  const fs::path folder = folder_.path() / names.run;
  make_folder(folder.parent_path());
  fs::remove_all(folder);
  fs::rename(part, folder);
}

// run.json and traffic.json, as the testbed writes them.
void CampaignRunner::describe(const campaign::PlannedRun& planned, const fs::path& part) const {
  const campaign::AccessPoint& ap = campaign_.access_points[planned.access_point];
  const campaign::Place& place = campaign_.places[planned.place];
  const auto facts = read_facts(part / "facts");
  const double launched = seconds_of(facts, "launched_s");
  const double start = seconds_of(facts, "start_s");
  const double end = seconds_of(facts, "end_s");
  json::array stations;
  json::array traffic;
  for (std::size_t i = 0; i < ap.stations.size(); ++i) {
    const std::string number = std::to_string(i + 1);
    // The transfer began a little after it was launched: the last second is left out, so that all
    // that is counted is of the measured part.
    const auto received =
        campaign::received_bytes_per_s(report::read_text(part / ("iperf-" + number + ".json")),
                                       start - launched, end - launched - 1);
    if (const auto* const error = std::get_if<campaign::IperfError>(&received)) {
      throw MachineError{
          fmt::format("iperf3 to {}: {}", ap.stations[i].name, printable(error->message))};
    }
    const std::string mac = text_of(facts, "mac_" + number);
    if (!mac_from_string(mac)) {
      throw MachineError{fmt::format("{} ({}) is not in the access point's ARP table",
                                     ap.stations[i].name, ap.stations[i].address)};
    }
    stations.emplace_back(mac);
    traffic.emplace_back(
        json::object{{"station", mac}, {"received_bytes_per_s", std::get<double>(received)}});
  }
  const json::object run{{"scenario", place.name + ", " + ap.name},
                         {"label", campaign_.laws[planned.law].name},
                         {"date", text_of(facts, "date")},
                         {"kernel", text_of(facts, "kernel")},
                         {"accelerator", "none: real machines"},
                         {"place", printable(place.sentence)},
                         {"block", planned.block},
                         {"seed", seed_},
                         {"start_s", start},
                         {"end_s", end},
                         {"power_before_dbm", text_of(facts, "power_before")},
                         {"power_after_dbm", text_of(facts, "power_after")},
                         {"stations", stations}};
  write_text(part / "traffic.json", report::json_text(traffic, report::Layout::indented) + '\n');
  write_text(part / "run.json", report::json_text(run, report::Layout::indented) + '\n');
  const std::string before = text_of(facts, "power_before");
  const std::string after = text_of(facts, "power_after");
  if (before != after) {
    patience_.say(
        fmt::format("{}: {} dBm before the run, {} dBm after it", ap.name, before, after));
  }
}

std::string CampaignRunner::once(const campaign::PlannedRun& planned, const Names& names,
                                 bool is_first) {
  try {
    Machine& router = access_point(planned);
    router.install(campaign_.access_points[planned.access_point].daemon);
    const auto state = router.ask({"state"});
    const campaign::RunState& run = folder_.state().runs[names.run];
    std::string ending = text_of(state, "state");
    // One that an earlier command had begun may be there still.
    const bool is_there = is_first && run.begun > 0 && text_of(state, "run") == names.id;
    if (!is_there) {
      if (run.begun > static_cast<int>(run.lost.size())) lose(names, "it is not there any more");
      begin(planned, names);
      ending = "running";
    }
    if (is_there) patience_.say(names.run + ": it went on meanwhile: " + ending);
    if (ending == "running") {
      ending = follow(router, names, text_of(state, "boot"));
    }
    if (ending == "done") fetch(planned, names);
    return ending;
  } catch (const Unreachable&) {
    throw;
  } catch (const MachineError& error) {
    return error.what();
  }
}

void CampaignRunner::run(const campaign::PlannedRun& planned) {
  Names names{.run = campaign::run_name(campaign_, planned), .id = {}};
  names.id = names.run;
  std::ranges::replace(names.id, '/', '.');
  for (int failures = 0; !folder_.has(names.run);) {
    const std::string ending = once(planned, names, failures == 0);
    if (ending == "done") continue;
    lose(names, ending);
    if (++failures == most_failures) {
      throw MachineError{fmt::format("{}: failed {} times: {}", names.run, failures, ending)};
    }
    wait_for(3s);
  }
  folder_.state().runs[names.run].is_done = true;
  folder_.save();
}

bool CampaignRunner::put_back(const campaign::AccessPoint& ap) {
  const auto found = folder_.state().found.find(ap.name);
  if (found == folder_.state().found.end()) return true;  // nothing was done there
  Machine& router = machine(ap.ssh);
  if (!router.is_there()) {
    patience_.say(fmt::format(
        "{}: not reached; what runs there ends at its time and puts the power back", ap.name));
    return false;
  }
  router.install(ap.daemon);
  const std::string power = text_of(router.ask({"restore", ap.interface}), "power");
  router.leave();
  if (power == found->second) {
    patience_.say(fmt::format("{}: {} dBm, as it was found", ap.name, power));
    return true;
  }
  patience_.say(fmt::format("{}: {} dBm, where {} dBm were found", ap.name, power, found->second));
  return false;
}

bool CampaignRunner::put_back() {
  bool is_back = true;
  for (const campaign::AccessPoint& ap : campaign_.access_points) {
    try {
      is_back &= put_back(ap);
    } catch (const MachineError& error) {
      is_back = false;
      patience_.say(error.what());
    }
  }
  // What was left at stations and at the monitor is a folder; what ran there has ended by itself.
  for (const auto& [destination, one] : machines_) {
    if (one->is_there()) one->leave();
  }
  return is_back;
}

}  // namespace pianissimo::lab
