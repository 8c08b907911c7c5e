#include "experiments/traffic/live_tcp.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <optional>
#include <thread>

#include "experiments/traffic/interface_counters.hpp"
#include "experiments/traffic/kernel_connection.hpp"
#include "experiments/traffic/live_run.hpp"
#include "experiments/traffic/live_tcp_plan.hpp"
#include "experiments/traffic/pace.hpp"
#include "experiments/traffic/retransmission_timer.hpp"
#include "experiments/traffic/takeover.hpp"
#include "experiments/traffic/tcp_segment.hpp"

namespace pianissimo::traffic {
namespace {

constexpr std::size_t most_frame_bytes = 1514;
// By one system call: enough to make its cost small, few enough to look at the clock.
constexpr std::uint64_t least_at_once = 64;
constexpr std::uint64_t most_at_once = 8192;
constexpr Duration glance = std::chrono::microseconds{20};
// Before the patience ends, also of a peer whose answers are lost.
constexpr int times_asked = 4;
constexpr Duration closing_patience = std::chrono::seconds{2};

std::uint32_t segment_bytes_for(const TcpStanding& standing) {
  const std::size_t headers =
      ethernet_bytes + ip_bytes(standing.own.is_ipv6) + tcp_header_bytes(standing.has_timestamps);
  return std::min(standing.segment_bytes, static_cast<std::uint32_t>(most_frame_bytes - headers));
}

/// Sends while the connection is lent: the thread beside the programs.
class Sender {
 public:
  Sender(const LiveTcpPlan& plan, const Takeover& takeover, const TcpStanding& standing,
         InterfaceCounters before, const std::atomic<bool>& stop)
      : plan_{plan},
        takeover_{takeover},
        standing_{standing},
        before_{before},
        stop_{stop},
        pace_{never_},
        timer_{plan.patience / times_asked} {}

  void begin(const KernelConnection& connection);
  std::optional<Error> send();
  LiveTcpReport report() const;
  /// Where the kernel can go on.
  TcpStanding standing() const;

 private:
  bool is_over() const {
    return stop_ || (plan_.duration > Duration{0} && pace_.elapsed() >= plan_.duration);
  }
  /// The first segment that is still to be sent. What the timer has begun to send again may be
  /// acknowledged beyond `state_.next`: the peer had the rest.
  std::uint64_t next() const {
    return std::max<std::uint64_t>(state_.next, state_.acked / segment_bytes_);
  }
  std::uint64_t sent_bytes() const { return next() * segment_bytes_; }
  bool is_acknowledged() const { return state_.acked >= sent_bytes(); }
  std::uint64_t limit() const { return takeover_.connection().limit; }
  /// Segments that the peer takes and that are still to be sent.
  std::uint64_t room() const;
  bool is_window_closed() const { return state_.window < segment_bytes_; }
  void learn(Duration now);
  bool is_done() const;
  int send_more(Duration now);
  int after_timeout(Duration now);
  std::optional<Error> trouble(Duration now) const;
  Error lost(const std::string& what) const;

  const LiveTcpPlan& plan_;
  const Takeover& takeover_;
  TcpStanding standing_;
  InterfaceCounters before_;
  const std::atomic<bool>& stop_;
  std::atomic<bool> never_{false};
  Pace pace_;
  std::uint32_t segment_bytes_ = 0;
  std::vector<std::uint8_t> frame_;
  tcp_takeover_state state_{};
  RetransmissionTimer timer_;
  Duration learned_{0};
  std::optional<Duration> unanswered_;  ///< since when
  bool has_asked_at_end_ = false;
  LiveTcpReport report_;
};

void Sender::begin(const KernelConnection& connection) {
  segment_bytes_ = segment_bytes_for(standing_);
  const TcpFrame made =
      tcp_frame({.ends = {.source_station = takeover_.own_station(),
                          .destination_station = takeover_.peer_station(),
                          .source = standing_.own,
                          .destination = connection.peer()},
                 .source_port = connection.own_port(),
                 .destination_port = plan_.port,
                 .window = static_cast<std::uint16_t>(
                     std::min(standing_.own_window >> standing_.own_shift, std::uint32_t{0xffff})),
                 .has_timestamps = standing_.has_timestamps,
                 .payload_bytes = segment_bytes_});
  frame_ = made.frame;
  tcp_takeover_connection& shared = takeover_.connection();
  shared.has_timestamps = standing_.has_timestamps;
  shared.window_shift = standing_.peer_shift;
  shared.segment_bytes = segment_bytes_;
  shared.first = standing_.send_next;
  shared.base_sum = made.sum;
  const auto ip = std::span{frame_}.subspan(ethernet_bytes);
  const auto copy = [](const std::uint8_t* from, auto& to) { std::memcpy(&to, from, sizeof to); };
  copy(&ip[standing_.own.is_ipv6 ? 4 : 2], shared.ip_length);
  copy(&ip[10], shared.ip_check);
  copy(&ip[ip_bytes(standing_.own.is_ipv6) + 12], shared.flags);
  shared.clock = standing_.clock;
  shared.limit = segments_of(plan_.bytes, segment_bytes_);
  // The echo is from the handshake.
  state_ = {.received = standing_.receive_next,
            .window = standing_.peer_window,
            .echo = takeover_.look().echo};
  takeover_.begin_with(state_);
}

std::uint64_t Sender::room() const {
  const std::uint64_t first = next();
  const std::uint64_t end =
      std::min<std::uint64_t>(limit(), (state_.acked + state_.window) / segment_bytes_);
  return end > first ? end - first : 0;
}

// What the peer has said meanwhile.
void Sender::learn(Duration now) {
  const tcp_takeover_state before = state_;
  const bool was_waiting = is_window_closed() && room() == 0;
  state_ = takeover_.look();
  takeover_.connection().clock =
      standing_.clock +
      static_cast<std::uint32_t>(std::chrono::floor<std::chrono::milliseconds>(now).count());
  if (was_waiting) report_.window_closed += now - learned_;
  learned_ = now;
  if (state_.round_trips != before.round_trips) {
    timer_.measured(Duration{static_cast<Duration::rep>(state_.round_trip)});
  }
  if (state_.answers != before.answers) unanswered_.reset();
  if (state_.acked != before.acked) timer_.acknowledged(now);
  const bool waits = unanswered_ || !is_acknowledged() || (is_window_closed() && next() < limit());
  waits ? timer_.start(now) : timer_.stop();
}

bool Sender::is_done() const {
  if (unanswered_) return false;
  if (next() >= limit() && is_acknowledged()) return true;
  // A peer may close its window to what is under way. It says so to the timer's question.
  return is_over() && is_window_closed() && has_asked_at_end_;
}

int Sender::after_timeout(Duration now) {
  has_asked_at_end_ = is_over();
  ++(is_window_closed() ? report_.probes : report_.timeouts);
  timer_.expired(now);
  return takeover_.send_after_timeout(frame_);
}

int Sender::send_more(Duration now) {
  const std::uint64_t segments = room();
  const bool is_due = timer_.is_due(now);
  if (!is_due && segments == 0 && state_.is_first_lost == 0) {
    pace_.wait_until(now + glance);
    return 0;
  }
  if (!unanswered_) unanswered_ = now;
  if (is_due) return after_timeout(now);
  return takeover_.send(frame_,
                        segments == 0 ? 1 : std::clamp(2 * segments, least_at_once, most_at_once));
}

Error Sender::lost(const std::string& what) const {
  return {fmt::format("{} port {}: {}, after {} bytes that it acknowledged", plan_.address,
                      plan_.port, what, state_.acked),
          ExitStatus::unavailable};
}

std::optional<Error> Sender::trouble(Duration now) const {
  if (state_.was_reset != 0) return lost("reset the connection");
  if (unanswered_ && now - *unanswered_ > plan_.patience) {
    return lost(fmt::format("has not answered for {:.0f} s",
                            std::chrono::duration<double>(plan_.patience).count()));
  }
  // The first time that the timer is due: does the interface carry our frames at all?
  if (state_.answers == 0 && timer_.is_due(now)) {
    const auto counters = read_counters(plan_.interface);
    if (counters && counters->transmitted + counters->dropped <
                        before_.transmitted + before_.dropped + state_.sent) {
      return Error{fmt::format("{}: takes no frames from XDP programs (a veth takes them while its "
                               "peer is up and has an XDP program, or GRO: ethtool -K PEER gro on)",
                               plan_.interface),
                   ExitStatus::unavailable};
    }
  }
  return std::nullopt;
}

// Runs in a thread of its own.
std::optional<Error> Sender::send() {
  if (const int failed = settle_on(plan_.cpu)) return cannot_run(failed);
  for (;;) {
    const Duration now = pace_.elapsed();
    learn(now);
    if (auto error = trouble(now)) return error;
    if (is_over()) takeover_.connection().limit = std::min(limit(), next());
    if (is_done()) break;
    if (const int failed = send_more(now)) return cannot_run(failed);
  }
  report_.elapsed = pace_.elapsed();
  return std::nullopt;
}

LiveTcpReport Sender::report() const {
  LiveTcpReport report = report_;
  report.segment_bytes = segment_bytes_;
  report.acknowledged = state_.acked;
  report.sent = {state_.sent, state_.sent * segment_bytes_};
  report.resent = state_.resent;
  report.repairs = state_.repairs;
  report.round_trip = timer_.round_trip();
  return report;
}

TcpStanding Sender::standing() const {
  TcpStanding now = standing_;
  now.send_next = standing_.send_next + static_cast<std::uint32_t>(state_.acked);
  now.receive_next = state_.received;
  now.peer_window = state_.window;
  now.clock = takeover_.connection().clock;
  return now;
}

}  // namespace

Result<LiveTcpReport> send_live_tcp(const LiveTcpPlan& plan, const std::atomic<bool>& stop) {
  if (const auto checked = check(plan); !checked) return checked.error();
  if (const auto checked = check_cpu(plan.cpu); !checked) return checked.error();
  auto connection = KernelConnection::prepare(plan.interface, plan.address, plan.port);
  if (!connection) return connection.error();
  const auto takeover = Takeover::attach(plan.interface);
  if (!takeover) return takeover.error();
  tcp_takeover_connection& shared = takeover->connection();
  std::ranges::copy(connection->peer().octets, shared.peer);
  shared.is_ipv6 = connection->peer().is_ipv6;
  shared.peer_port = htons(plan.port);
  shared.own_port = htons(connection->own_port());
  if (const auto opened = connection->open(stop); !opened) return opened.error();
  const auto before = read_counters(plan.interface);
  if (!before) return before.error();

  // What comes in between is sent again by the peer.
  shared.is_taken = 1;
  const auto standing = connection->lend();
  if (!standing) return standing.error();
  Sender sender{plan, *takeover, *standing, *before, stop};
  sender.begin(*connection);
  std::optional<Error> error;
  std::thread{[&] { error = sender.send(); }}.join();

  const auto taken_back = connection->take_back(sender.standing());
  shared.is_taken = 0;
  if (error) {
    if (taken_back) connection->abort();
    return *error;
  }
  if (!taken_back) return taken_back.error();
  LiveTcpReport report = sender.report();
  report.is_finished = connection->finish(closing_patience);
  return report;
}

}  // namespace pianissimo::traffic
