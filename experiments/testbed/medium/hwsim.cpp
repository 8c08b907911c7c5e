#include "experiments/testbed/medium/hwsim.hpp"

#include <linux/netlink.h>

#include <algorithm>
#include <stdexcept>
#include <string>

namespace pianissimo::testbed {
namespace {

enum Command : std::uint8_t { command_register = 1, command_frame = 2, command_tx_info = 3 };

enum Attribute : std::uint16_t {
  address_receiver = 1,
  address_transmitter = 2,
  frame_bytes = 3,
  frame_flags = 4,
  rx_rate = 5,
  signal_level = 6,
  tx_info = 7,
  frame_cookie = 8,
  frame_frequency = 19,
  tx_info_flags = 21,
};

constexpr std::uint32_t flag_request_status = 1U << 0;
constexpr std::uint32_t flag_no_ack = 1U << 1;
constexpr std::uint32_t flag_acked = 1U << 2;

constexpr std::size_t least_frame_bytes = 24;

// struct hwsim_tx_rate is {s8 idx; u8 count}, struct hwsim_tx_rate_flag {s8 idx; u16 flags} packed.
constexpr std::size_t stage_bytes = 2;
constexpr std::size_t stage_flags_bytes = 3;

Chain parse_chain(std::span<const std::uint8_t> info,
                  std::optional<std::span<const std::uint8_t>> flags) {
  Chain chain;
  for (std::size_t i = 0; i < chain.size() && (i + 1) * stage_bytes <= info.size(); ++i) {
    Stage& stage = chain.at(i);
    stage.index = static_cast<std::int8_t>(info[i * stage_bytes]);
    stage.tries = info[i * stage_bytes + 1];
    if (flags && (i + 1) * stage_flags_bytes <= flags->size()) {
      const std::size_t at = i * stage_flags_bytes;
      stage.flags = static_cast<std::uint16_t>((*flags)[at + 1] | (*flags)[at + 2] << 8U);
    }
  }
  return chain;
}

}  // namespace

std::optional<OutgoingFrame> parse_frame(const Attributes& attributes) {
  const auto transmitter = attributes.get<MacAddress>(address_transmitter);
  const auto frame = attributes.bytes(frame_bytes);
  const auto info = attributes.bytes(tx_info);
  const auto cookie = attributes.get<std::uint64_t>(frame_cookie);
  if (!transmitter || !frame || !info || !cookie) return std::nullopt;
  const auto radio = radio_of(*transmitter);
  if (!radio) return std::nullopt;
  OutgoingFrame out;
  out.radio = *radio;
  out.cookie = *cookie;
  out.flags = attributes.get<std::uint32_t>(frame_flags).value_or(0);
  out.frequency_mhz = attributes.get<std::uint32_t>(frame_frequency).value_or(0);
  out.chain = parse_chain(*info, attributes.bytes(tx_info_flags));
  out.bytes.assign(frame->begin(), frame->end());
  return out;
}

Hwsim::Hwsim() : family_{socket_.resolve("MAC80211_HWSIM")} {
  Request request{family_, command_register, NLM_F_ACK};
  if (!accepted(request)) {
    throw std::runtime_error{
        "mac80211_hwsim refuses to register this medium (another one is running, or no root?)"};
  }
}

void Hwsim::take(const Message& message) {
  if (message.type != family_ || message.command != command_frame) return;
  if (auto frame = parse_frame(Attributes{message.attributes})) {
    inbox_.push_back(std::move(*frame));
  }
}

bool Hwsim::accepted(Request& request) {
  const auto sequence = socket_.send(request);
  for (;;) {
    const auto bytes = socket_.receive(std::chrono::milliseconds{0});
    if (bytes.empty()) return true;  // the answer itself was lost (no room): assume the best
    const auto message = Message::parse(bytes);
    if (!message) continue;
    if (message->error && message->sequence == sequence) return *message->error == 0;
    take(*message);
  }
}

std::optional<OutgoingFrame> Hwsim::next(Instant now) {
  if (inbox_.empty()) {
    const auto bytes = socket_.receive(std::chrono::milliseconds{0});
    if (bytes.empty()) return std::nullopt;
    if (const auto message = Message::parse(bytes)) take(*message);
    if (inbox_.empty()) return next(now);
  }
  OutgoingFrame frame = std::move(inbox_.front());
  inbox_.pop_front();
  frame.arrived = now;
  return frame;
}

bool Hwsim::deliver(int radio, std::span<const std::uint8_t> frame, int signal_dbm,
                    std::uint32_t frequency_mhz) {
  Request request{family_, command_frame, NLM_F_ACK};
  request.put(address_receiver, netlink_address_of(radio));
  // hwsim refuses frames that are shorter than a three-address header, so BlockAck requests would
  // never arrive and mac80211 would repeat them with every frame. Nobody reads the padding.
  Bytes padded{frame.begin(), frame.end()};
  padded.resize(std::max(padded.size(), least_frame_bytes));
  request.put(frame_bytes, std::span<const std::uint8_t>{padded});
  request.put(rx_rate, std::uint32_t{0});  // an index of legacy rates is all it takes
  request.put(signal_level, static_cast<std::uint32_t>(signal_dbm));
  if (frequency_mhz != 0) request.put(frame_frequency, frequency_mhz);
  return accepted(request);
}

bool Hwsim::report(const TransmitReport& report) {
  std::array<std::uint8_t, stage_bytes * 4> info{};
  for (std::size_t i = 0; i < report.used.size(); ++i) {
    info.at(i * stage_bytes) = static_cast<std::uint8_t>(report.used.at(i).index);
    info.at(i * stage_bytes + 1) = report.used.at(i).tries;
  }
  std::uint32_t flags = report.flags & (flag_request_status | flag_no_ack);
  if (report.acked) flags |= flag_acked;
  // The two private fields of the changed module; the stock one does not look at these bits.
  flags |= static_cast<std::uint32_t>(report.mpdus) << 8U;
  flags |= static_cast<std::uint32_t>(report.mpdus_acked) << 16U;
  Request request{family_, command_tx_info, NLM_F_ACK};
  request.put(address_transmitter, netlink_address_of(report.radio));
  request.put(frame_flags, flags);
  request.put(signal_level, static_cast<std::uint32_t>(report.signal_dbm));
  request.put(tx_info, std::span<const std::uint8_t>{info});
  request.put(frame_cookie, report.cookie);
  return accepted(request);
}

}  // namespace pianissimo::testbed
