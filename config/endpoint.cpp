#include <arpa/inet.h>

#include <array>
#include <charconv>

#include "config/config.hpp"

namespace pianissimo {

std::optional<Endpoint> parse_endpoint(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  if (colon == text.npos) return std::nullopt;
  const std::string_view port = text.substr(colon + 1);
  std::string_view address = text.substr(0, colon);
  const bool is_v6 = address.starts_with('[') && address.ends_with(']') && address.size() > 2;
  if (is_v6) address = address.substr(1, address.size() - 2);
  Endpoint endpoint{.address = std::string{address}};
  const auto [end, error] = std::from_chars(port.begin(), port.end(), endpoint.port);
  if (error != std::errc{} || end != port.end() || endpoint.port == 0 || port.front() == '0') {
    return std::nullopt;
  }
  std::array<std::uint8_t, 16> bytes{};
  const int family = is_v6 ? AF_INET6 : AF_INET;
  // A 0 in the middle would end the text for inet_pton().
  const bool is_address = address.find('\0') == address.npos &&
                          inet_pton(family, endpoint.address.c_str(), bytes.data()) == 1;
  return is_address ? std::optional{endpoint} : std::nullopt;
}

bool is_loopback(const Endpoint& endpoint) {
  if (endpoint.address.find(':') == std::string::npos) return endpoint.address.starts_with("127.");
  in6_addr bytes{};
  return inet_pton(AF_INET6, endpoint.address.c_str(), &bytes) == 1 && IN6_IS_ADDR_LOOPBACK(&bytes);
}

}  // namespace pianissimo
