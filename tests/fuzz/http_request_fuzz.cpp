// What anybody may send to the HTTP listener: cut into requests and answered as the server does.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "controller/service/http_request.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace pianissimo::service;
  const std::string token(64, 'a');
  std::string_view received{reinterpret_cast<const char*>(data), size};
  while (const auto end = http_header_end(received)) {
    if (*end > received.size() || *end > max_http_header_bytes) std::abort();
    for (const char* const listen : {"127.0.0.1", "::"}) {
      const HttpAnswer answer = http_answer(received.substr(0, *end), listen, token);
      // Whoever is told anything has asked well; whoever has not, goes.
      if (http_reason(answer.status) == "Unknown") std::abort();
      if (answer.status != 200 && answer.keeps_alive) std::abort();
      if (answer.status == 200 && received.find("HTTP/1.") > *end) std::abort();
      // Only who has the token sends a body, and none that is too long.
      if (answer.body_bytes > max_http_body_bytes) std::abort();
      const bool has_token = received.substr(0, *end).find(token) != received.npos;
      if (answer.page == HttpPage::control && answer.status == 200 && !has_token) std::abort();
    }
    received.remove_prefix(*end);
  }
  // What is no request yet is given up when it is as long as one may be.
  if (received.size() >= max_http_header_bytes && !http_hopeless(received)) std::abort();
  return 0;
}
