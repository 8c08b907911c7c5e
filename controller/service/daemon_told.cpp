// What the daemon tells: its status, how far below the ceiling it sent, and who the stations are.
#include <fmt/format.h>

#include "controller/journal/privacy_key.hpp"
#include "controller/service/daemon.hpp"

namespace pianissimo::service {

std::shared_ptr<journal::Pseudonyms> Daemon::names_for(bool stays_in_ram) {
  if (stays_in_ram) return nullptr;
  if (names_) return names_;
  journal::PseudonymsFound found =
      journal::pseudonyms(config_.privacy.stations, config_.privacy.key_file);
  if (!found.trouble.empty()) {
    privacy_trouble_ = fmt::format(
        "privacy.key_file: {}; the stations' pseudonyms are those of this run only", found.trouble);
  }
  return names_ = std::make_shared<journal::Pseudonyms>(std::move(found.names));
}

journal::Pseudonyms& Daemon::names() {
  journal::Pseudonyms& names = *names_for(false);
  if (!privacy_trouble_.empty()) say_once(std::exchange(privacy_trouble_, {}));
  return names;
}

// The order of addresses decides between stations that need the same: so the core has to see those
// that the journal has, if a replay shall come to the same decisions. Nullopt: it sees the event.
std::optional<Event> Daemon::hidden_from_core(const Event& event) {
  // An interface's name is for people; the recorder hides it.
  if (!hides_from_core_ || std::holds_alternative<InterfaceUp>(event)) return std::nullopt;
  Event hidden = event;
  names_->hide(hidden);
  if (const auto* const joined = std::get_if<StationJoined>(&event)) {
    addresses_[joined->interface].emplace(names_->of(joined->station), joined->station);
  } else if (const auto* const report = std::get_if<StationReport>(&event)) {
    auto& addresses = addresses_[report->interface];
    addresses.clear();
    for (const StationSample& sample : report->stations) {
      addresses.emplace(names_->of(sample.station), sample.station);
    }
  }
  return hidden;
}

// The command for the kernel, which knows no pseudonyms.
SetPower Daemon::real(SetPower command) const {
  const auto interface = addresses_.find(command.knob.interface);
  if (interface == addresses_.end() || command.knob.kind != KnobKind::station) return command;
  const auto known = interface->second.find(command.knob.station);
  if (known != interface->second.end()) command.knob.station = known->second;
  return command;
}

const Mitigation& Daemon::mitigation() {
  std::vector<Mitigation::Sight> standing;
  for (const auto& [index, interface] : controller_->interfaces()) {
    const InterfaceUp& up = interface.up;
    // A dry run's power is in force nowhere; with a power per station, there is no one power.
    if (config_.dry_run || up.path == KnobKind::station) continue;
    const Box box = box_of(config_.box, up.channel_maximum, up.found);
    standing.push_back({up.name, up.frequency, up.width, box.ceiling(), up.power});
  }
  mitigation_.see(std::move(standing), ports_.time.now(), local_day(ports_.time.wall_ms()));
  return mitigation_;
}

void Daemon::write_status() {
  show_wishes();
  show_boxes();
  show_leave();
  status_->set_mitigation(mitigation().days());
  status_->set_verdicts(verdicts_.days());
  status_written_ = ports_.time.now();
  status_text_ = status_->text(*controller_, status_written_, ports_.time.wall_ms());
  if (ports_.control && ports_.control->is_watched()) {
    ports_.control->show(R"({"v":1,"status":)" + status_text_.substr(0, status_text_.size() - 1) +
                         '}');
  }
  const bool stays_in_ram = journal::is_in_ram(state_.directory());
  if (const auto error =
          replace_file(Status::path(state_.directory()),
                       stays_in_ram ? status_text_ : names().in_text(status_text_))) {
    say_once(error->message);
  }
  status_ms_ = ports_.time.wall_ms();
}

void Daemon::warn_of_tpc(const ApInterface& interface, const InterfaceUp& up) {
  const Box box = box_of(config_.box, up.channel_maximum, up.found);
  if (auto warning = tpc_warning(up.name, up.frequency, interface.air, box)) {
    say_once(std::move(*warning));
  }
}

}  // namespace pianissimo::service
