#include "controller/service/ipfix.hpp"

#include <arpa/inet.h>

#include <array>
#include <chrono>

namespace pianissimo::service {
namespace {

constexpr std::uint16_t version = 10;
constexpr std::uint32_t domain = 1;  // of all interfaces: their numbers are in the records

constexpr std::uint16_t template_set = 2;
constexpr std::uint16_t options_template_set = 3;
constexpr std::uint16_t ipv4_template = 256;
constexpr std::uint16_t ipv6_template = 257;
constexpr std::uint16_t totals_template = 258;

constexpr std::size_t header_size = 16;
constexpr std::size_t set_header_size = 4;

struct Element {
  std::uint16_t number;  ///< in IANA's IPFIX registry
  std::uint16_t size;
};

// In the order of the records; what add() puts.
constexpr std::array<Element, 2> ipv4_addresses{{
    {8, 4},   // sourceIPv4Address
    {12, 4},  // destinationIPv4Address
}};
constexpr std::array<Element, 2> ipv6_addresses{{
    {27, 16},  // sourceIPv6Address
    {28, 16},  // destinationIPv6Address
}};
constexpr std::array<Element, 13> after_addresses{{
    {7, 2},    // sourceTransportPort
    {11, 2},   // destinationTransportPort
    {4, 1},    // protocolIdentifier
    {61, 1},   // flowDirection
    {10, 4},   // ingressInterface
    {14, 4},   // egressInterface
    {56, 6},   // sourceMacAddress
    {80, 6},   // destinationMacAddress
    {1, 8},    // octetDeltaCount
    {2, 8},    // packetDeltaCount
    {152, 8},  // flowStartMilliseconds
    {153, 8},  // flowEndMilliseconds
    {136, 1},  // flowEndReason
}};
constexpr Element totals_scope{149, 4};  // observationDomainId
constexpr std::array<Element, 6> totals_elements{{
    {164, 8},  // ignoredPacketTotalCount
    {165, 8},  // ignoredOctetTotalCount
    {42, 8},   // exportedFlowRecordTotalCount
    {166, 8},  // notSentFlowTotalCount
    {167, 8},  // notSentPacketTotalCount
    {168, 8},  // notSentOctetTotalCount
}};

constexpr std::size_t size_of(std::span<const Element> elements) {
  std::size_t size = 0;
  for (const Element& element : elements) size += element.size;
  return size;
}
constexpr std::size_t ipv4_size = size_of(ipv4_addresses) + size_of(after_addresses);
constexpr std::size_t ipv6_size = size_of(ipv6_addresses) + size_of(after_addresses);

}  // namespace

std::uint64_t WallClock::ms_at(Instant at) const {
  using namespace std::chrono;
  const nanoseconds since_1970 = milliseconds{wall_ms} - (now - at);
  return static_cast<std::uint64_t>(floor<milliseconds>(since_1970).count());
}

IpfixMessage::IpfixMessage(std::int64_t wall_ms, std::uint32_t sequence) {
  bytes_.reserve(most_bytes);
  put(version, 2);
  put(header_size, 2);  // with every set it grows
  put(static_cast<std::uint64_t>(wall_ms / 1000), 4);
  put(sequence, 4);
  put(domain, 4);
}

void IpfixMessage::add_templates() {
  const auto describe = [this](std::span<const Element> elements) {
    for (const Element& element : elements) {
      put(element.number, 2);
      put(element.size, 2);
    }
  };
  begin_set(template_set);
  for (const auto& [id, addresses] : {std::pair{ipv4_template, std::span{ipv4_addresses}},
                                      std::pair{ipv6_template, std::span{ipv6_addresses}}}) {
    put(id, 2);
    put(addresses.size() + after_addresses.size(), 2);
    describe(addresses);
    describe(after_addresses);
  }
  begin_set(options_template_set);
  put(totals_template, 2);
  put(1 + totals_elements.size(), 2);
  put(1, 2);  // the first is the scope
  describe({&totals_scope, 1});
  describe(totals_elements);
  put_lengths();
}

void IpfixMessage::add(const FlowTotals& totals) {
  begin_set(totals_template);
  put(domain, totals_scope.size);
  for (const std::uint64_t total :
       {std::uint64_t{totals.ignored.packets}, std::uint64_t{totals.ignored.bytes}, totals.sent,
        totals.not_sent, std::uint64_t{totals.not_sent_of.packets},
        std::uint64_t{totals.not_sent_of.bytes}}) {
    put(total, 8);
  }
  ++records_;
  put_lengths();
}

bool IpfixMessage::add(const FlowRecord& record, const WallClock& clock) {
  const flow_key& key = record.flow.key;
  const bool is_v4 = key.version == FLOW_IPV4;
  const std::uint16_t id = is_v4 ? ipv4_template : ipv6_template;
  const std::size_t address_size = is_v4 ? 4 : 16;
  const std::size_t more = (set_ == id ? 0 : set_header_size) + (is_v4 ? ipv4_size : ipv6_size);
  if (bytes_.size() + more > most_bytes) return false;
  if (set_ != id) begin_set(id);
  const bool is_ingress = key.direction == FLOW_INGRESS;
  put({key.source, address_size});
  put({key.destination, address_size});
  put(ntohs(key.source_port), 2);
  put(ntohs(key.destination_port), 2);
  put(key.protocol, 1);
  put(key.direction, 1);
  put(is_ingress ? key.interface : 0, 4);  // 0: not known
  put(is_ingress ? 0 : key.interface, 4);
  put(key.source_mac);
  put(key.destination_mac);
  put(record.flow.bytes, 8);
  put(record.flow.packets, 8);
  put(clock.ms_at(record.flow.first), 8);
  put(clock.ms_at(record.flow.last), 8);
  put(static_cast<std::uint64_t>(record.end), 1);
  ++records_;
  put_lengths();
  return true;
}

void IpfixMessage::begin_set(std::uint16_t id) {
  put_lengths();
  set_at_ = bytes_.size();
  set_ = id;
  put(id, 2);
  put(set_header_size, 2);
}

void IpfixMessage::put(std::uint64_t value, std::size_t size) {
  while (size-- > 0) bytes_.push_back(static_cast<std::uint8_t>(value >> 8 * size));
}

void IpfixMessage::put(std::span<const std::uint8_t> octets) {
  bytes_.insert(bytes_.end(), octets.begin(), octets.end());
}

// Of the message and of its last set.
void IpfixMessage::put_lengths() {
  const auto put_at = [this](std::size_t at, std::size_t length) {
    bytes_[at] = static_cast<std::uint8_t>(length >> 8);
    bytes_[at + 1] = static_cast<std::uint8_t>(length);
  };
  put_at(2, bytes_.size());
  if (set_at_ > 0) put_at(set_at_ + 2, bytes_.size() - set_at_);
}

}  // namespace pianissimo::service
