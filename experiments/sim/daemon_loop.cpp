#include "experiments/sim/daemon_loop.hpp"

#include <algorithm>

namespace pianissimo::sim {
namespace {

using namespace std::chrono_literals;

// The daemon's: a tick that close to a wake is left out (controller/service/daemon.cpp).
constexpr Duration guard = 1ms;

}  // namespace

void DaemonLoop::start(const InterfaceUp& up, const std::vector<MacAddress>& stations,
                       Instant first_reading) {
  interface_ = up.interface;
  tick_ = first_reading;
  tell(up);
  for (const MacAddress& station : stations) {
    tell(StationJoined{.at = up.at, .interface = up.interface, .station = station});
  }
  work(up.at);
}

Instant DaemonLoop::next() const {
  Instant first = std::min(tick_, wake_.value_or(Instant::max()));
  // Whatever waits for an answer waits; the loop is one thread, but readings go on.
  if (answer_at_) first = std::min(first, *answer_at_);
  return first;
}

void DaemonLoop::advance(Instant now) {
  if (answer_at_ && *answer_at_ <= now) land(now);
  if (wake_ && *wake_ <= now) {
    wake_.reset();
    tell(Wake{now});
    work(now);
  }
  if (tick_ <= now) {
    tick_ += interval_;
    if (!wake_ || *wake_ - now >= guard) read(now);
    work(now);
  }
}

void DaemonLoop::tell_of(const Event& event) {
  if (!interface_) return;
  tell(event);
  work(time_of(event));
}

void DaemonLoop::tell(const Event& event) {
  const Instant at = time_of(event);
  plant_.told(event);
  Outcome outcome = controller_.on(event);
  for (const Decision& decision : outcome.decisions) plant_.decided(at, decision);
  commands_.insert(commands_.end(), outcome.commands.begin(), outcome.commands.end());
  if (!outcome.read_now.empty()) read_wanted_ = true;
  wake_ = outcome.wake;
}

// Commands first, the readings that were wanted when all have been answered.
void DaemonLoop::work(Instant now) {
  if (!commands_.empty() && !answer_at_) answer_at_ = plant_.begin(now, commands_.front());
  if (commands_.empty() && read_wanted_) {
    read_wanted_ = false;
    read(now);
    work(now);
  }
}

// The first command takes effect and is answered.
void DaemonLoop::land(Instant now) {
  const SetPower command = commands_.front();
  commands_.pop_front();
  answer_at_.reset();
  tell(plant_.land(now, command));
  work(now);
}

void DaemonLoop::read(Instant now) {
  tell(StationReport{.at = now, .interface = *interface_, .stations = plant_.read(now)});
}

}  // namespace pianissimo::sim
