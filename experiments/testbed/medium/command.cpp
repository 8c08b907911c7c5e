// The medium's commands: for scripts and tests that change the channel while it is in use.
#include <cmath>
#include <iomanip>
#include <sstream>

#include "experiments/testbed/medium/medium.hpp"

namespace pianissimo::testbed {
namespace {

constexpr const char* usage =
    "error: expected one of: start | rewind | now | loss STATION|all DB|plan | fading on|off | "
    "status | "
    "counters";

std::string seconds(Instant at) {
  std::ostringstream out;
  out << std::fixed << std::setprecision(6) << Seconds{at}.count();
  return out.str();
}

}  // namespace

std::string Medium::command(const std::string& text, Instant now) {
  std::istringstream words{text};
  std::string verb;
  std::string first;
  std::string second;
  std::string excess;
  words >> verb >> first >> second >> excess;
  if (!excess.empty()) return usage;
  if (verb == "start" && first.empty()) {
    started_ = now;
    return seconds(now);
  }
  if (verb == "rewind" && first.empty()) {
    started_.reset();
    return "ok";
  }
  if (verb == "now" && first.empty()) return seconds(now);
  if (verb == "loss" && !second.empty()) return set_loss(first, second);
  if (verb == "fading" && second.empty() && (first == "on" || first == "off")) {
    fading_on_ = first == "on";
    return "ok";
  }
  if (verb == "status" && first.empty()) return status(now);
  if (verb == "counters" && first.empty()) return counters();
  return usage;
}

std::string Medium::set_loss(const std::string& which, const std::string& value) {
  const bool plan = value == "plan";
  double db = 0;
  if (!plan) {
    std::istringstream in{value};
    if (!(in >> db) || !in.eof() || !(db >= 0 && db <= 300)) {
      return "error: loss: expected dB in 0..300 or 'plan', not '" + value + "'";
    }
  }
  bool found = false;
  for (std::size_t i = 0; i < stations_.size(); ++i) {
    if (which != "all" && which != std::to_string(i + 1)) continue;
    found = true;
    stations_.at(i).loss = plan ? scenario_.stations.at(i).path_loss : LossProfile::constant(db);
  }
  if (!found) return "error: loss: no station '" + which + "'";
  return "ok";
}

// "20 dBm; 74.0 dB 431 Mbit/s; ..." with the capacity of the last second.
std::string Medium::status(Instant now) {
  std::ostringstream out;
  out << std::fixed << std::setprecision(0) << power_.power_dbm(now) << " dBm";
  for (Station& station : stations_) {
    Tally sum;
    for (const Tally& tally : station.last_second) sum += tally;
    out << "; " << std::setprecision(1) << station.loss.at(elapsed(now)) << " dB, "
        << std::setprecision(0) << sum.capacity_mbps() << " Mbit/s";
  }
  return out.str();
}

std::string Medium::counters() const {
  std::ostringstream out;
  out << "frames=" << counters_.frames << " multicast=" << counters_.multicast
      << " unacked=" << counters_.unacked
      << " refused_by_receiver=" << counters_.refused_by_receiver
      << " dropped=" << counters_.dropped << " addba_refused=" << counters_.addba_refused
      << " early_reports=" << counters_.early_reports << " lost_reports=" << counters_.lost_reports
      << " late=" << counters_.late;
  return out.str();
}

}  // namespace pianissimo::testbed
