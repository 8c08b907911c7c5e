// The medium: one queue of frames per channel, served one after the other in (simulated) airtime.
#pragma once

#include <deque>
#include <iosfwd>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "experiments/testbed/medium/kernel_port.hpp"
#include "experiments/testbed/medium/scenario.hpp"
#include "experiments/testbed/medium/truth.hpp"

namespace pianissimo::testbed {

/// Radio 0 is the AP, radio N the scenario's Nth station. Told and answering: the caller brings
/// frames and the time.
class Medium {
 public:
  /// `aggregates`: the kernel runs our hwsim module. Everything referred to must outlive this.
  Medium(const Scenario& scenario, bool aggregates, KernelPort& kernel, PowerSource& power,
         Truth& truth);

  void accept(OutgoingFrame frame);
  /// Does what is due and returns when to come back, at the latest.
  Instant advance(Instant now);
  /// One command of an operator or a test; the answer starts with "error:" if it was none.
  std::string command(const std::string& text, Instant now);

 private:
  struct Exchange {
    OutgoingFrame frame;
    Transmission transmission;
    Outcome outcome;
    LinkState link;
    std::optional<int> receiver;  ///< none: multicast, or nobody we know
    bool multicast = false;
    bool data = false;
    bool refuse_addba = false;
    Instant ends{};
  };
  struct Air {
    std::deque<OutgoingFrame> queue;
    std::optional<Exchange> current;
    Instant free_at{};
  };
  struct Station {
    LossProfile loss;
    Fading fading;
    Tally interval;
    std::deque<Tally> last_second;
  };
  struct PendingReport {
    TransmitReport report;
    Instant due{};
    int tries = 0;
  };
  struct Counters {
    std::uint64_t frames = 0;
    std::uint64_t multicast = 0;
    std::uint64_t unacked = 0;
    std::uint64_t refused_by_receiver = 0;
    std::uint64_t dropped = 0;  ///< the transmitter's queue was full
    std::uint64_t addba_refused = 0;
    std::uint64_t early_reports = 0;  ///< the kernel did not know the frame yet
    std::uint64_t lost_reports = 0;   ///< nor ever after
    std::uint64_t late = 0;           ///< finished more than 2 ms after their time
  };

  void begin(Air& air, OutgoingFrame frame, Instant now);
  void finish(Exchange& exchange);
  void finish_multicast(const Exchange& exchange);
  void send_report(const TransmitReport& report, Instant now);
  void retry_reports(Instant now);
  void write_truth(Instant now);
  LinkState link(int from, int to, Instant now);
  Seconds elapsed(Instant now) const;
  std::optional<int> receiver_of(const MacAddress& address) const;
  std::string set_loss(const std::string& which, const std::string& value);
  std::string status(Instant now);
  std::string counters() const;

  const Scenario& scenario_;
  bool aggregates_;
  bool fading_on_ = true;
  KernelPort& kernel_;
  PowerSource& power_;
  Truth& truth_;
  std::mt19937_64 random_;
  std::vector<Station> stations_;
  std::map<std::uint32_t, Air> airs_;
  std::map<std::pair<int, MacAddress>, int> queued_;
  /// Addresses seen as transmitters: a second BSS of a radio does not follow hwsim's pattern.
  std::map<MacAddress, int> seen_;
  std::deque<PendingReport> pending_;
  std::optional<Instant> started_;
  Instant truth_due_{};
  Counters counters_;
};

}  // namespace pianissimo::testbed
