#include "controller/service/http_request.hpp"

#include <algorithm>
#include <array>
#include <boost/beast/http/basic_parser.hpp>
#include <charconv>
#include <string>
#include <utility>

#include "config/config.hpp"
#include "controller/service/http_page.hpp"

namespace pianissimo::service {
namespace {

namespace http = boost::beast::http;
using ErrorCode = boost::beast::error_code;

/// Keeps the few fields that count. Of Beast's own parsers each keeps all of them, and a body.
class Request final : public http::basic_parser<true> {
 public:
  http::verb method = http::verb::unknown;
  std::string target;
  std::string host;
  std::string accept;
  std::string encodings;
  std::string origin;
  std::string type;
  std::string token;
  int hosts = 0;
  int origins = 0;

 private:
  void on_request_impl(http::verb verb, boost::beast::string_view, boost::beast::string_view to,
                       int, ErrorCode&) override {
    method = verb;
    target = std::string{to};
  }
  void on_field_impl(http::field name, boost::beast::string_view written,
                     boost::beast::string_view value, ErrorCode&) override {
    if (name == http::field::host) {
      ++hosts;
      host = std::string{value};
    }
    if (name == http::field::origin) {
      ++origins;
      origin = std::string{value};
    }
    if (name == http::field::accept) accept += std::string{value} + ',';
    if (name == http::field::accept_encoding) encodings += std::string{value} + ',';
    if (name == http::field::content_type) type = std::string{value};
    if (name == http::field::unknown && boost::beast::iequals(written, "X-Pianissimo-Token")) {
      token = std::string{value};
    }
  }
  void on_response_impl(int, boost::beast::string_view, int, ErrorCode&) override {}
  void on_header_impl(ErrorCode&) override {}
  void on_body_init_impl(const boost::optional<std::uint64_t>&, ErrorCode&) override {}
  std::size_t on_body_impl(boost::beast::string_view body, ErrorCode&) override {
    return body.size();
  }
  void on_chunk_header_impl(std::uint64_t, boost::beast::string_view, ErrorCode&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, boost::beast::string_view body,
                                 ErrorCode&) override {
    return body.size();
  }
  void on_finish_impl(ErrorCode&) override {}
};

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = std::min(text.find_first_not_of(" \t"), text.size());
  text.remove_prefix(begin);
  return text.substr(0, text.find_last_not_of(" \t") + 1);
}

// Cuts off what comes before the separator, or all.
std::string_view next(std::string_view& rest, char separator) {
  const std::size_t end = std::min(rest.find(separator), rest.size());
  const std::string_view part = trimmed(rest.substr(0, end));
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return part;
}

std::string lower(std::string_view text) {
  std::string out{text};
  for (char& c : out) {
    if ('A' <= c && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

// How much each format is wanted (RFC 9110, 12.5.1). Nobody is refused: who wants neither gets the
// older one.
MetricsFormat wanted_format(std::string_view accept) {
  double open = 0;
  double older = 0;
  while (!accept.empty()) {
    std::string_view item = next(accept, ',');
    const std::string type = lower(next(item, ';'));
    double quality = 1;
    bool is_known_version = true;
    while (!item.empty()) {
      const std::string parameter = lower(next(item, ';'));
      if (parameter.starts_with("q=")) {
        const char* const begin = parameter.data() + 2;
        const char* const end = parameter.data() + parameter.size();
        const bool is_number = std::from_chars(begin, end, quality).ec == std::errc{};
        if (!is_number || !(quality >= 0 && quality <= 1)) quality = 0;
      } else if (parameter.starts_with("version=")) {
        is_known_version = parameter == "version=1.0.0" || type != "application/openmetrics-text";
      }
    }
    if (type == "application/openmetrics-text" && is_known_version) open = std::max(open, quality);
    if (type == "text/plain" || type == "text/*" || type == "*/*") older = std::max(older, quality);
  }
  return open > 0 && open >= older ? MetricsFormat::open_metrics : MetricsFormat::prometheus;
}

// A name can be pointed at us from outside; an address that is ours, and "localhost", cannot.
bool is_host_ours(std::string_view host, std::string_view listen) {
  const bool is_v6 = host.starts_with('[');
  const std::size_t end = is_v6 ? host.find(']') : std::min(host.find(':'), host.size());
  if (end == host.npos) return false;
  const std::string name = lower(is_v6 ? host.substr(1, end - 1) : host.substr(0, end));
  if (name == "localhost" || name == listen) return true;
  const bool is_any = listen == "0.0.0.0" || listen == "::";
  return is_any && parse_endpoint(is_v6 ? '[' + name + "]:1" : name + ":1");
}

// RFC 9110, 12.5.3: listed, and not with a quality of 0.
bool takes_gzip(std::string_view encodings) {
  while (!encodings.empty()) {
    std::string_view item = next(encodings, ',');
    if (lower(next(item, ';')) != "gzip") continue;
    const std::string quality = lower(next(item, ';'));
    return quality.empty() || quality.find_first_of("123456789") != quality.npos;
  }
  return false;
}

// A browser says which page asks. None is said by what is no browser; a proxy may add encryption.
bool is_own_page(const Request& request) {
  if (request.origins == 0) return true;
  const std::string host = lower(request.host);
  const std::string origin = lower(request.origin);
  return request.origins == 1 && (origin == "http://" + host || origin == "https://" + host);
}

// In a time that does not tell where they differ.
bool is_same_secret(std::string_view one, std::string_view other) {
  if (one.size() != other.size()) return false;
  int difference = 0;
  for (std::size_t i = 0; i < one.size(); ++i) difference |= one[i] ^ other[i];
  return difference == 0;
}

// Why a request to control is refused; nullopt: it may ask.
std::optional<unsigned> refused(const Request& request, std::string_view token) {
  if (request.method != http::verb::post) return 405;
  if (!is_own_page(request) || !is_same_secret(request.token, token)) return 403;
  std::string_view type = request.type;
  if (lower(next(type, ';')) != "application/json") return 415;
  if (request.chunked() || !request.content_length()) return 411;
  if (*request.content_length() > max_http_body_bytes) return 413;
  return std::nullopt;
}

std::optional<HttpPage> page_at(std::string_view target) {
  const std::string_view path = target.substr(0, target.find('?'));
  if (path == "/") return HttpPage::index;
  if (has_live_page() && path == "/page.js") return HttpPage::script;
  if (has_live_page() && path == "/page.css") return HttpPage::style;
  if (path == "/metrics") return HttpPage::metrics;
  if (path == "/status.json") return HttpPage::status;
  if (path == "/events") return HttpPage::events;
  if (path == "/control") return HttpPage::control;
  return std::nullopt;
}

}  // namespace

std::optional<std::size_t> http_header_end(std::string_view received) {
  const std::size_t end = received.substr(0, max_http_header_bytes).find("\r\n\r\n");
  if (end == received.npos) return std::nullopt;
  return end + 4;
}

std::optional<unsigned> http_hopeless(std::string_view received) {
  // A method is made of capital letters: what begins otherwise (TLS, for one) is no HTTP.
  if (!received.empty() && !('A' <= received[0] && received[0] <= 'Z')) return 400;
  if (received.size() >= max_http_header_bytes) return 431;
  return std::nullopt;
}

HttpAnswer http_answer(std::string_view header, std::string_view listen, std::string_view token) {
  Request request;
  request.header_limit(max_http_header_bytes);
  request.skip(true);
  ErrorCode error;
  request.put(boost::asio::const_buffer{header.data(), header.size()}, error);
  HttpAnswer answer;
  answer.is_head = request.method == http::verb::head;
  const auto refuse = [&](unsigned status) {
    answer.status = status;
    return answer;
  };
  if (header.size() > max_http_header_bytes) return refuse(431);
  if (error || !request.is_header_done()) return refuse(400);
  if (request.hosts != 1) return refuse(400);
  if (!is_host_ours(request.host, listen)) return refuse(421);
  const auto page = page_at(request.target);
  if (page == HttpPage::control && !token.empty()) {
    answer.page = *page;
    if (const auto status = refused(request, token)) return refuse(*status);
    answer.body_bytes = static_cast<std::size_t>(*request.content_length());
    answer.keeps_alive = request.keep_alive();
    return answer;
  }
  if (request.method != http::verb::get && !answer.is_head) return refuse(405);
  // A body would have to be read to find the next request.
  if (request.chunked() || request.content_length().value_or(0) > 0) return refuse(413);
  if (!page || page == HttpPage::control) return refuse(404);
  answer.page = *page;
  const bool is_small = takes_gzip(request.encodings);
  if (page == HttpPage::index && has_live_page() && is_small) answer.page = HttpPage::page;
  if (http_asset(answer.page) && !is_small) return refuse(406);
  answer.keeps_alive = request.keep_alive() && *page != HttpPage::events;
  if (*page == HttpPage::metrics) answer.format = wanted_format(request.accept);
  return answer;
}

std::string_view http_reason(unsigned status) {
  constexpr std::array<std::pair<unsigned, std::string_view>, 14> reasons{
      {{200, "OK"},
       {400, "Bad Request"},
       {403, "Forbidden"},
       {404, "Not Found"},
       {405, "Method Not Allowed"},
       {406, "Not Acceptable"},
       {411, "Length Required"},
       {413, "Content Too Large"},
       {415, "Unsupported Media Type"},
       {421, "Misdirected Request"},
       {429, "Too Many Requests"},
       {431, "Request Header Fields Too Large"},
       {500, "Internal Server Error"},
       {503, "Service Unavailable"}}};
  const auto* const known =
      std::ranges::find(reasons, status, &std::pair<unsigned, std::string_view>::first);
  return known == reasons.end() ? "Unknown" : known->second;
}

}  // namespace pianissimo::service
