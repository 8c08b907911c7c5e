// The channel that all radios share: carrier sensing and backoff decide who is on the air, and what
// overlaps decides what is received.
#pragma once

#include <vector>

#include "experiments/sim/radio.hpp"

namespace pianissimo::sim {

class Air {
 public:
  /// All must outlive it.
  Air(const Scenario& scenario, std::vector<Radio>& radios, std::vector<Station>& stations);

  /// Everything that happens before `until`; transmissions that have begun go on.
  void advance(Instant until);
  /// Something has changed for this radio: stations, or its silence.
  void refresh(int radio, Instant now);

 private:
  struct Place {
    enum class State : std::uint8_t { idle, waiting, sending } state = State::idle;
    Instant next;   // idle: something to send; waiting: attempt; sending: end
    Instant since;  // waiting: the channel is idle since
    int slots = 0;  // waiting: left to count
    int heard = 0;  // radios on the air that it senses
    Flight flight;  // sending
    Instant data_end;
    Hits hits;
  };

  void contend(std::size_t i, Instant now);
  void schedule(std::size_t i);
  void begin(std::size_t i, Instant now);
  void end(std::size_t i, Instant now);
  void settle(std::size_t i, Instant now);
  bool senses(std::size_t listener, std::size_t sender) const;
  void overlap(std::size_t victim, std::size_t other, Instant now, Duration length);
  char& busy(std::size_t sender, std::size_t listener) {
    return busy_[sender * places_.size() + listener];
  }

  const Scenario& scenario_;
  std::vector<Radio>& radios_;
  std::vector<Station>& stations_;
  std::vector<Place> places_;
  std::vector<char> busy_;  // [sender][listener]: the listener waits for the sender's end
};

}  // namespace pianissimo::sim
