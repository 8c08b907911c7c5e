#pragma once

#include <cstdint>

namespace pianissimo::traffic {

struct Amount {
  std::uint64_t packets = 0;
  std::uint64_t bytes = 0;
  friend bool operator==(const Amount&, const Amount&) = default;
};

constexpr Amount& operator+=(Amount& sum, const Amount& more) {
  sum.packets += more.packets;
  sum.bytes += more.bytes;
  return sum;
}

}  // namespace pianissimo::traffic
