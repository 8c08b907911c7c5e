// What a request over HTTP asks for, and whether it may be answered. Pure: bytes in, a value out;
// the bytes are anybody's.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "controller/service/metrics.hpp"

namespace pianissimo::service {

/// Request line and header fields together are no longer.
inline constexpr std::size_t max_http_header_bytes = 8192;

/// A body is no longer; only requests for `control` have one.
inline constexpr std::size_t max_http_body_bytes = 4095;

/// What there is. `page`, `script` and `style` are the live page, and only sent to who takes gzip;
/// `index` is for who does not, in words.
enum class HttpPage : std::uint8_t { index, page, script, style, metrics, status, events, control };

/// What is to be answered.
struct HttpAnswer {
  unsigned status = 200;  ///< RFC 9110; anything else than 200 ends the connection
  HttpPage page = HttpPage::index;
  MetricsFormat format = MetricsFormat::prometheus;  ///< of the page `metrics`
  bool is_head = false;                              ///< the header alone is wanted
  bool keeps_alive = false;                          ///< another request may come
  std::size_t body_bytes = 0;                        ///< of the page `control`: so many follow
  friend bool operator==(const HttpAnswer&, const HttpAnswer&) = default;
};

/// How many bytes of `received` are the first request's header; nullopt: it is not there in full.
std::optional<std::size_t> http_header_end(std::string_view received);

/// Why `received`, which holds no header in full, will not become one: a status; nullopt: it may.
std::optional<unsigned> http_hopeless(std::string_view received);

/// What to answer to a request's header. `listen` is the address that it came to: a web page whose
/// name an attacker points there (DNS rebinding) gives itself away by its Host field. Who may
/// control sends the `token` in a field of its own, which no other page can make a browser send;
/// empty: nobody may.
HttpAnswer http_answer(std::string_view header, std::string_view listen,
                       std::string_view token = {});

/// "Not Found".
std::string_view http_reason(unsigned status);

}  // namespace pianissimo::service
