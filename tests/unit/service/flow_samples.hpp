// Flows for tests, named by their source port.
#pragma once

#include <arpa/inet.h>

#include <algorithm>
#include <array>

#include "bpf/flow_records.hpp"

namespace pianissimo::service {

/// From 10.0.0.7 (02:..:07) to 192.0.2.1 (06:..:01), UDP, at ingress of interface 3.
inline bpf::Flow flow_from(std::uint16_t port, Instant first, Instant last,
                           std::uint64_t packets = 1) {
  bpf::Flow flow{.packets = packets, .bytes = 100 * packets, .first = first, .last = last};
  flow_key& key = flow.key;
  std::ranges::copy(std::array{10, 0, 0, 7}, key.source);
  std::ranges::copy(std::array{192, 0, 2, 1}, key.destination);
  std::ranges::copy(std::array{2, 0, 0, 0, 0, 7}, key.source_mac);
  std::ranges::copy(std::array{6, 0, 0, 0, 0, 1}, key.destination_mac);
  key.interface = 3;
  key.source_port = htons(port);
  key.destination_port = htons(443);
  key.protocol = 17;
  key.version = FLOW_IPV4;
  key.direction = FLOW_INGRESS;
  return flow;
}

}  // namespace pianissimo::service
