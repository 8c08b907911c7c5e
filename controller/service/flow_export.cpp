#include "controller/service/flow_export.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "bpf/hooks.hpp"

namespace pianissimo::service {
namespace {

using namespace std::chrono_literals;
namespace asio = boost::asio;
using asio::ip::udp;

// The programs that had begun to record before a turn have ended long before the next.
constexpr Duration round_time = 1s;

// A step is short, so that a reading of the stations that is due meanwhile is not late.
constexpr std::size_t taken_in_a_step = 64;
constexpr std::size_t looked_at_in_a_step = 128;
constexpr Duration between_steps = 2ms;

std::vector<InterfaceIndex> devices_of(const ApInterface& interface) {
  std::vector<InterfaceIndex> devices{interface.index};
  devices.insert(devices.end(), interface.vlans.begin(), interface.vlans.end());
  return devices;
}

// Both clocks within a millisecond: who is interrupted between them reads them again.
WallClock read_clocks(const Time& time) {
  for (int attempt = 1;; ++attempt) {
    const WallClock clock{time.now(), time.wall_ms()};
    if (time.now() - clock.now < 1ms || attempt == 5) return clock;
  }
}

}  // namespace

void FlowExport::begin(const FlowConfig& config, Say say_to) {
  end();
  config_ = config;
  say_ = std::move(say_to);
  if (config_.collector.empty()) return;
  auto records = bpf::FlowRecords::load(static_cast<std::uint32_t>(config_.most));
  if (!records) {
    say_(records.error().message);
    return;
  }
  records_ = std::move(*records);
  table_.emplace(config_);
  phase_ = Phase::waiting;
  turned_at_ = time_.now();
  totals_ = {};
  must_open_ = true;
}

// Where nothing is to be recorded, what a killed run has left goes, once.
void FlowExport::look_after(const ApInterface& interface) {
  const std::vector<InterfaceIndex> wanted = devices_of(interface);
  std::vector<InterfaceIndex>& known = devices_[interface.index];
  for (const InterfaceIndex device : known) {
    const bool is_wanted = std::ranges::find(wanted, device) != wanted.end();
    if (!is_wanted && records_) records_->detach(device);
  }
  for (const InterfaceIndex device : wanted) {
    if (!records_) {
      const bool is_new = std::ranges::find(known, device) == known.end();
      if (is_new) static_cast<void>(bpf::remove_leftovers(device, bpf::Purpose::flows));
    } else if (!records_->is_attached(device)) {
      std::vector<std::string> warnings;
      if (const auto done = records_->attach(device, warnings); !done) say(done.error().message);
      for (const std::string& warning : warnings) say(warning);
    }
  }
  known = wanted;
}

void FlowExport::forget(InterfaceIndex interface) {
  const auto known = devices_.extract(interface);
  if (!known || !records_) return;
  for (const InterfaceIndex device : known.mapped()) records_->detach(device);
}

Instant FlowExport::step() {
  if (!records_) return Instant::max();
  const Instant now = time_.now();
  if (phase_ == Phase::waiting) {
    if (now < turned_at_ + round_time) return turned_at_ + round_time;
    begin_round();
    phase_ = Phase::taking;
  }
  if (phase_ == Phase::taking && !take_some()) {
    seen_ = turned_at_;
    records_->turn();
    turned_at_ = now;
    phase_ = Phase::expiring;
  } else if (phase_ == Phase::expiring && !expire_some()) {
    phase_ = Phase::waiting;
  }
  flush();
  return phase_ == Phase::waiting ? turned_at_ + round_time : now + between_steps;
}

void FlowExport::end() {
  if (!records_) return;
  if (must_open_) open();
  for (const InterfaceIndex device : records_->interfaces()) records_->detach(device);
  // Both halves: what was filled until now, and what was not all taken.
  for (int half = 0; half < 2; ++half) {
    while (take_some()) continue;
    records_->turn();
  }
  for (const FlowRecord& record : table_->end_all()) queue(record);
  flush();
  totals_.ignored = records_->unrecorded().no_room;
  if (totals_.ignored.packets + totals_.not_sent > 0) {
    send_templates();
    say(fmt::format("{} packets had no room (traffic.flows.most), {} records were not sent",
                    totals_.ignored.packets, totals_.not_sent));
  }
  records_.reset();
  table_.reset();
  devices_.clear();
  boost::system::error_code ignored;
  socket_.close(ignored);
}

void FlowExport::begin_round() {
  totals_.ignored = records_->unrecorded().no_room;
  if (totals_.ignored.packets > 0) {
    say("more flows than have room (traffic.flows.most); the collector is told how many packets");
  }
  if (must_open_) open();
  if (time_.now() >= templates_due_) send_templates();
}

// False: that was all.
bool FlowExport::take_some() {
  for (std::size_t i = 0; i < taken_in_a_step; ++i) {
    const auto flow = records_->take();
    if (!flow) return false;
    if (const auto record = table_->add(*flow)) queue(*record);
  }
  return true;
}

bool FlowExport::expire_some() {
  for (const FlowRecord& record : table_->expire(seen_, looked_at_in_a_step)) queue(record);
  return !table_->is_round_over();
}

// A transport session begins: its numbers begin, too, and the collector knows nothing yet.
void FlowExport::open() {
  const Endpoint to = parse_endpoint(config_.collector).value_or(Endpoint{});
  boost::system::error_code error;
  const auto address = asio::ip::make_address(to.address, error);
  const udp::endpoint collector{address, to.port};
  socket_.close(error);
  socket_.open(collector.protocol(), error);
  if (!error) socket_.non_blocking(true, error);
  if (!error) socket_.connect(collector, error);
  must_open_ = error.failed();
  if (error) {
    say(fmt::format("{}: {}", config_.collector, error.message()));
    return;
  }
  sequence_ = 0;
  send_templates();
  send_templates();  // RFC 7011, 8.4: more than once before the first data
}

// With the totals, once something is lost: nfcapd 1.7 does not count such records, and takes every
// one of them for a gap in the sequence.
void FlowExport::send_templates() {
  totals_.ignored = records_->unrecorded().no_room;
  IpfixMessage message{time_.wall_ms(), sequence_};
  message.add_templates();
  if (totals_.ignored.packets + totals_.not_sent > 0) message.add(totals_);
  templates_due_ = time_.now() + config_.templates;
  if (send(message)) sequence_ += message.records();
}

void FlowExport::queue(const FlowRecord& record) {
  const WallClock clock = read_clocks(time_);
  if (!message_) message_.emplace(clock.wall_ms, sequence_);
  if (!message_->add(record, clock)) {
    flush();
    message_.emplace(clock.wall_ms, sequence_);
    message_->add(record, clock);
  }
  message_counts_.packets += record.flow.packets;
  message_counts_.bytes += record.flow.bytes;
}

void FlowExport::flush() {
  if (!message_) return;
  if (send(*message_)) {
    sequence_ += message_->records();
    totals_.sent += message_->records();
  } else {
    totals_.not_sent += message_->records();
    totals_.not_sent_of.packets += message_counts_.packets;
    totals_.not_sent_of.bytes += message_counts_.bytes;
  }
  message_.reset();
  message_counts_ = {};
}

bool FlowExport::send(const IpfixMessage& message) {
  if (must_open_) return false;
  const asio::const_buffer bytes{message.bytes().data(), message.bytes().size()};
  boost::system::error_code error;
  socket_.send(bytes, 0, error);
  if (error == asio::error::connection_refused) {
    // Nobody took an earlier message. Who comes meanwhile knows no templates.
    say(fmt::format("{}: {}", config_.collector, error.message()));
    templates_due_ = {};
    socket_.send(bytes, 0, error);
  }
  if (!error) return true;
  say(fmt::format("{}: {}; what is not sent is counted", config_.collector, error.message()));
  must_open_ = error != asio::error::would_block && error != asio::error::connection_refused;
  return false;
}

}  // namespace pianissimo::service
