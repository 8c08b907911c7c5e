// What is answered to whom: requests as bytes.
#include "controller/service/http_request.hpp"

#include <gtest/gtest.h>

#include <string>

#include "controller/service/http_page.hpp"

namespace pianissimo::service {
namespace {

std::string get(const std::string& target, const std::string& fields = "") {
  return "GET " + target + " HTTP/1.1\r\nHost: 127.0.0.1:9478\r\n" + fields + "\r\n";
}
HttpAnswer answer(const std::string& header, const std::string& listen = "127.0.0.1") {
  return http_answer(header, listen);
}

TEST(HttpRequest, AsksForOneOfFewPages) {
  EXPECT_EQ(answer(get("/")).page, HttpPage::index);
  EXPECT_EQ(answer(get("/metrics")).page, HttpPage::metrics);
  EXPECT_EQ(answer(get("/metrics?collect=all")).page, HttpPage::metrics);
  EXPECT_EQ(answer(get("/status.json")).page, HttpPage::status);
  EXPECT_EQ(answer(get("/events")).page, HttpPage::events);
  for (const char* const target : {"/metrics/", "//metrics", "/../metrics", "/Metrics", "*",
                                   "/metrics%00", "http://127.0.0.1/metrics"}) {
    EXPECT_EQ(answer(get(target)).status, 404U) << target;
  }
}

TEST(HttpRequest, MayWantTheHeaderAlone) {
  EXPECT_FALSE(answer(get("/metrics")).is_head);
  const HttpAnswer head = answer("HEAD /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n");
  EXPECT_EQ(head.status, 200U);
  EXPECT_TRUE(head.is_head);
}

TEST(HttpRequest, ChangesNothing) {
  for (const char* const method : {"POST", "PUT", "DELETE", "OPTIONS", "TRACE", "BREW"}) {
    EXPECT_EQ(answer(std::string{method} + " /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n").status,
              405U)
        << method;
  }
}

TEST(HttpRequest, HasNoBody) {
  EXPECT_EQ(answer(get("/metrics", "Content-Length: 0\r\n")).status, 200U);
  EXPECT_EQ(answer(get("/metrics", "Content-Length: 5\r\n")).status, 413U);
  EXPECT_EQ(answer(get("/metrics", "Transfer-Encoding: chunked\r\n")).status, 413U);
}

TEST(HttpRequest, KeepsTheConnectionIfItsVersionDoesOrItAsks) {
  EXPECT_TRUE(answer(get("/metrics")).keeps_alive);
  EXPECT_FALSE(answer(get("/metrics", "Connection: close\r\n")).keeps_alive);
  EXPECT_FALSE(answer("GET /metrics HTTP/1.0\r\nHost: localhost\r\n\r\n").keeps_alive);
  EXPECT_FALSE(answer(get("/events")).keeps_alive);
}

struct HostCase {
  const char* listen;
  const char* host;
  unsigned status;
};
class HttpHost : public testing::TestWithParam<HostCase> {};

TEST_P(HttpHost, IsAnAddressOfOursOrNobodys) {
  const std::string request =
      "GET /metrics HTTP/1.1\r\nHost: " + std::string{GetParam().host} + "\r\n\r\n";

  EXPECT_EQ(answer(request, GetParam().listen).status, GetParam().status);
}

INSTANTIATE_TEST_SUITE_P(
    Cases, HttpHost,
    testing::Values(
        HostCase{"127.0.0.1", "127.0.0.1:9478", 200}, HostCase{"127.0.0.1", "127.0.0.1", 200},
        HostCase{"127.0.0.1", "localhost:8080", 200},  // through a tunnel
        HostCase{"127.0.0.1", "LocalHost", 200},
        HostCase{"127.0.0.1", "attacker.example:9478", 421},
        HostCase{"127.0.0.1", "127.0.0.1.attacker.example", 421},
        HostCase{"127.0.0.1", "localhost.attacker.example", 421},
        HostCase{"127.0.0.1", "192.0.2.1", 421}, HostCase{"127.0.0.1", "[::1]", 421},
        HostCase{"127.0.0.1", "[::1", 421}, HostCase{"127.0.0.1", "", 421},
        HostCase{"::1", "[::1]:9478", 200}, HostCase{"::1", "::1", 421},
        HostCase{"0.0.0.0", "192.0.2.1:9478", 200}, HostCase{"0.0.0.0", "ap.example", 421},
        HostCase{"::", "[2001:db8::1]:9478", 200}, HostCase{"192.0.2.1", "192.0.2.1", 200},
        HostCase{"192.0.2.1", "192.0.2.2", 421}));

TEST(HttpRequest, SaysItsHostOnce) {
  EXPECT_EQ(answer("GET /metrics HTTP/1.1\r\n\r\n").status, 400U);
  EXPECT_EQ(answer(get("/metrics", "Host: attacker.example\r\n")).status, 400U);
}

struct AcceptCase {
  const char* accept;
  MetricsFormat format;
};
class HttpAccept : public testing::TestWithParam<AcceptCase> {};

TEST_P(HttpAccept, ChoosesTheFormat) {
  const std::string field = "Accept: " + std::string{GetParam().accept} + "\r\n";

  EXPECT_EQ(answer(get("/metrics", field)).format, GetParam().format) << GetParam().accept;
}

constexpr auto open = MetricsFormat::open_metrics;
constexpr auto older = MetricsFormat::prometheus;
INSTANTIATE_TEST_SUITE_P(
    Cases, HttpAccept,
    testing::Values(
        // Prometheus 2.42, and one before 2.5.
        AcceptCase{"application/openmetrics-text;version=1.0.0,application/"
                   "openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
                   open},
        AcceptCase{"text/plain;version=0.0.4;q=1,*/*;q=0.1", older},
        AcceptCase{"application/openmetrics-text", open},
        AcceptCase{"Application/OpenMetrics-Text ; Version=1.0.0", open},
        AcceptCase{"application/openmetrics-text;version=0.0.1", older},
        AcceptCase{"application/openmetrics-text;version=2.0.0, text/plain;q=0.1", older},
        AcceptCase{"application/openmetrics-text;q=0.3, text/plain;q=0.5", older},
        AcceptCase{"application/openmetrics-text;q=0", older},
        AcceptCase{"application/openmetrics-text;q=nan", older},
        AcceptCase{"application/openmetrics-text;q=x", older}, AcceptCase{"*/*", older},
        AcceptCase{"", older}, AcceptCase{",;,;=,", older}, AcceptCase{"image/png", older}));

TEST(HttpRequest, GetsTheLivePageIfItTakesGzip) {
  if (!has_live_page()) GTEST_SKIP() << "built without the live page";
  const std::string gzip = "Accept-Encoding: deflate, GZip;q=0.5, br\r\n";
  EXPECT_EQ(answer(get("/", gzip)).page, HttpPage::page);
  EXPECT_EQ(answer(get("/page.js", gzip)).page, HttpPage::script);
  EXPECT_EQ(answer(get("/page.css", gzip)).page, HttpPage::style);
  for (const char* const none : {"", "Accept-Encoding: br\r\n", "Accept-Encoding: gzip;q=0\r\n",
                                 "Accept-Encoding: gzip;q=0.000\r\n"}) {
    EXPECT_EQ(answer(get("/", none)).page, HttpPage::index) << none;
    EXPECT_EQ(answer(get("/page.js", none)).status, 406U) << none;
  }
}

const std::string token(64, 'a');

struct Control {
  std::string method = "POST";
  std::string host = "127.0.0.1:9478";
  std::string origin = "Origin: http://127.0.0.1:9478\r\n";
  std::string secret = "X-Pianissimo-Token: " + token + "\r\n";
  std::string type = "Content-Type: application/json\r\n";
  std::string length = "Content-Length: 17\r\n";
};
HttpAnswer control(const Control& asked, const std::string& secret = token) {
  return http_answer(asked.method + " /control HTTP/1.1\r\nHost: " + asked.host + "\r\n" +
                         asked.origin + asked.secret + asked.type + asked.length + "\r\n",
                     "127.0.0.1", secret);
}

TEST(HttpControl, IsForWhoHasTheToken) {
  const HttpAnswer allowed = control({});
  EXPECT_EQ(allowed.status, 200U);
  EXPECT_EQ(allowed.page, HttpPage::control);
  EXPECT_EQ(allowed.body_bytes, 17U);
  EXPECT_TRUE(allowed.keeps_alive);
  for (const std::string& wrong :
       {std::string(64, 'b'), token + 'a', token.substr(1), std::string{}}) {
    EXPECT_EQ(control({.secret = "x-pianissimo-token: " + wrong + "\r\n"}).status, 403U) << wrong;
  }
  EXPECT_EQ(control({.secret = ""}).status, 403U);
}

TEST(HttpControl, IsNowhereUnlessItIsAllowed) {
  EXPECT_EQ(control({}, "").status, 405U);
  EXPECT_EQ(control({.method = "GET", .length = ""}, "").status, 404U);
}

TEST(HttpControl, IsForThisPageAlone) {
  EXPECT_EQ(control({.origin = ""}).status, 200U);                                    // no browser
  EXPECT_EQ(control({.origin = "Origin: https://127.0.0.1:9478\r\n"}).status, 200U);  // a proxy
  for (const char* const other :
       {"http://attacker.example", "null", "http://127.0.0.1:8080", "http://127.0.0.1", "",
        "http://127.0.0.1:9478/", "http://127.0.0.1:9478.attacker.example"}) {
    EXPECT_EQ(control({.origin = "Origin: " + std::string{other} + "\r\n"}).status, 403U) << other;
  }
  const std::string twice = "Origin: http://127.0.0.1:9478\r\nOrigin: http://127.0.0.1:9478\r\n";
  EXPECT_EQ(control({.origin = twice}).status, 403U);
  const Control rebound{.host = "attacker.example",
                        .origin = "Origin: http://attacker.example\r\n"};
  EXPECT_EQ(control(rebound).status, 421U);
}

TEST(HttpControl, IsAPostOfJsonWithALength) {
  EXPECT_EQ(control({.method = "GET"}).status, 405U);
  EXPECT_EQ(control({.method = "OPTIONS"}).status, 405U);
  EXPECT_EQ(control({.type = "Content-Type: Application/JSON; charset=utf-8\r\n"}).status, 200U);
  EXPECT_EQ(control({.type = "Content-Type: text/plain\r\n"}).status, 415U);
  EXPECT_EQ(control({.type = ""}).status, 415U);
  EXPECT_EQ(control({.length = ""}).status, 411U);
  EXPECT_EQ(control({.length = "Transfer-Encoding: chunked\r\n"}).status, 411U);
  EXPECT_EQ(control({.length = "Content-Length: 4095\r\n"}).status, 200U);
  EXPECT_EQ(control({.length = "Content-Length: 4096\r\n"}).status, 413U);
}

TEST(HttpRequest, MayBeAnything) {
  for (const char* const bytes :
       {"", "\r\n\r\n", "GET\r\n\r\n", "GET /\r\n\r\n", "GET / HTTP/9.9\r\nHost: localhost\r\n\r\n",
        "GET / HTTP/1.1\r\nHost localhost\r\n\r\n", "GET / HTTP/1.1\nHost: localhost\n\n",
        "GET  / HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999999999999999\r\n\r\n"}) {
    EXPECT_EQ(answer(bytes).status, 400U) << bytes;
  }
}

TEST(HttpRequest, EndsWithAnEmptyLine) {
  EXPECT_EQ(http_header_end("GET / HTTP/1.1\r\n\r"), std::nullopt);
  EXPECT_EQ(http_header_end("GET / HTTP/1.1\r\n\r\nGET"), 18U);
}

TEST(HttpRequest, IsNoLongerThanItMayBe) {
  const std::string filler(max_http_header_bytes - get("/").size() - 5, 'x');
  const std::string longest = get("/", "A: " + filler + "\r\n");
  ASSERT_EQ(longest.size(), max_http_header_bytes);
  EXPECT_EQ(http_header_end(longest), longest.size());
  EXPECT_EQ(answer(longest).status, 200U);

  const std::string longer = get("/", "A: x" + filler + "\r\n");
  EXPECT_EQ(http_header_end(longer), std::nullopt);
  EXPECT_EQ(http_hopeless(longer), 431U);
  EXPECT_EQ(answer(longer).status, 431U);
}

TEST(HttpRequest, IsKnownByItsFirstByteToBeNone) {
  EXPECT_EQ(http_hopeless("\x16\x03\x01"), 400U);  // TLS
  EXPECT_EQ(http_hopeless("GE"), std::nullopt);
  EXPECT_EQ(http_hopeless(""), std::nullopt);
}

}  // namespace
}  // namespace pianissimo::service
