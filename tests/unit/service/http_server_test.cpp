// The server beside the daemon's loop: real sockets on loopback, time moved by hand.
#include "controller/service/http_server.hpp"

#include <sys/stat.h>

#include <boost/asio/ip/tcp.hpp>
#include <deque>
#include <fstream>

#include "controller/service/http_page.hpp"
#include "controller/service/http_token.hpp"
#include "tests/unit/service/daemon_fixture.hpp"
#include "tests/unit/service/http_client.hpp"

namespace pianissimo::service {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

const std::string get_metrics = "GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n";

class HttpServerTest : public DaemonTest {
 protected:
  // Every process has a loopback address of its own, so nobody else has the port.
  HttpServerTest() {
    const int pid = ::getpid();
    address = "127." + std::to_string(64 + (pid >> 16) % 64) + '.' +
              std::to_string((pid >> 8) % 256) + '.' + std::to_string(1 + pid % 250);
    config.http.listen = address + ":9478";
    http = &server;
  }
  ~HttpServerTest() override {
    if (daemon) daemon->stop();
    time.advance(10s);  // it ends before the server that it knows
    daemon.reset();
  }

  HttpClient& come(int receive_buffer = 0) {
    HttpClient& client = clients.emplace_back(address, 9478, receive_buffer);
    time.advance(5ms);
    return client;
  }
  // Lets the server act until the client has this, or is left, and returns all that has come.
  std::string await(HttpClient& client, const std::function<bool(const std::string&)>& is_all) {
    std::string all = client.take();
    for (int i = 0; i < 5000 && !is_all(all) && !client.is_closed(); ++i) {
      time.advance(1ms);
      client.wait();
      all += client.take();
    }
    return all;
  }
  std::string await(HttpClient& client, const std::string& words) {
    return await(client, [&](const std::string& all) { return all.find(words) != all.npos; });
  }
  bool is_left(HttpClient& client) {
    await(client, [](const std::string&) { return false; });
    return client.is_closed();
  }
  std::string ask(HttpClient& client, const std::string& request) {
    client.send(request);
    const std::string answer = await(client, [&](const std::string& all) {
      const auto end = all.find("\r\n\r\n");
      if (end == all.npos) return false;
      const std::string field = "Content-Length: ";
      const auto length = all.find(field);
      if (length > end) return all.ends_with("}\n\n");  // events
      const std::size_t body = std::stoul(all.substr(length + field.size()));
      return request.starts_with("HEAD") || all.size() == end + 4 + body;
    });
    time.advance(5ms);
    return answer;
  }
  std::string ask(const std::string& request) { return ask(come(), request); }
  std::string token() { return std::get<std::string>(http_token(directory.string())); }
  static std::string control_request(const std::string& what, const std::string& secret) {
    const std::string body = R"({"v":1,"do":")" + what + "\"}";
    return "POST /control HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
           "X-Pianissimo-Token: " +
           secret + "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
  }

  std::string address;
  HttpServer server{io, time};
  std::deque<HttpClient> clients;
};

TEST_F(HttpServerTest, TellsTheMetrics) {
  add_station(knee_at(dbm(10)));
  start();
  time.advance(11s);  // two looks at who is active

  const std::string answer = ask(get_metrics);

  EXPECT_THAT(answer, StartsWith("HTTP/1.1 200 OK\r\n"));
  EXPECT_THAT(answer, HasSubstr("Content-Type: text/plain; version=0.0.4; charset=utf-8\r\n"));
  EXPECT_THAT(answer, HasSubstr("pianissimo_radio_tx_power_dbm{interface=\"wlan0\""));
  EXPECT_THAT(answer,
              HasSubstr("pianissimo_radio_stations{interface=\"wlan0\",state=\"active\"} 1"));
  EXPECT_THAT(answer, HasSubstr("\nprocess_resident_memory_bytes "));
  EXPECT_THAT(answer, Not(HasSubstr("02:00:00")));  // nobody's address
}

TEST_F(HttpServerTest, TellsOpenMetricsToWhoTakesIt) {
  start();

  const std::string answer = ask(
      "GET /metrics HTTP/1.1\r\nHost: localhost\r\nAccept: application/openmetrics-text\r\n\r\n");

  EXPECT_THAT(answer, AllOf(HasSubstr("Content-Type: application/openmetrics-text; version=1.0.0; "
                                      "charset=utf-8\r\n"),
                            EndsWith("\n# EOF\n")));
}

TEST_F(HttpServerTest, TellsTheStatusAsTheFileDoes) {
  start();

  const std::string answer = ask("GET /status.json HTTP/1.1\r\nHost: localhost\r\n\r\n");

  EXPECT_THAT(answer, AllOf(HasSubstr("Content-Type: application/json\r\n"),
                            HasSubstr("\"interfaces\":[{\"name\":\"wlan0\""), EndsWith("}\n")));
}

TEST_F(HttpServerTest, SaysHowLongTheAnswerIs) {
  start();

  const std::string answer = ask(get_metrics);
  const auto body = answer.find("\r\n\r\n") + 4;

  EXPECT_THAT(answer,
              HasSubstr("Content-Length: " + std::to_string(answer.size() - body) + "\r\n"));
  const std::string head = ask("HEAD /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n");
  EXPECT_THAT(head, AllOf(HasSubstr("Content-Length: "), EndsWith("\r\n\r\n")));
}

TEST_F(HttpServerTest, AnswersOneRequestAfterTheOtherOnAConnection) {
  start();
  HttpClient& client = come();

  for (int i = 0; i < 99; ++i) EXPECT_THAT(ask(client, get_metrics), StartsWith("HTTP/1.1 200"));
  EXPECT_FALSE(client.is_closed());

  EXPECT_THAT(ask(client, get_metrics), HasSubstr("Connection: close\r\n"));
  EXPECT_TRUE(is_left(client));
}

TEST_F(HttpServerTest, TakesARequestInPieces) {
  start();
  HttpClient& client = come();

  for (const char c : get_metrics) {
    EXPECT_EQ(client.take(), "");
    client.send({&c, 1});
    time.advance(1ms);
  }

  EXPECT_THAT(await(client, "\r\n\r\n"), StartsWith("HTTP/1.1 200 OK\r\n"));
}

TEST_F(HttpServerTest, WaitsTenSecondsForARequest) {
  start();
  HttpClient& slow = come();
  for (int i = 0; i < 8; ++i) {
    slow.send("G");
    time.advance(1s);
  }
  slow.take();
  EXPECT_FALSE(slow.is_closed());

  time.advance(4s);

  EXPECT_TRUE(is_left(slow));
}

TEST_F(HttpServerTest, EndsTheConnectionOfWhoTalksSomethingElse) {
  start();
  HttpClient& other = come();

  EXPECT_THAT(ask(other, "\x16\x03\x01 hello"), StartsWith("HTTP/1.1 400 Bad Request\r\n"));

  EXPECT_TRUE(is_left(other));
  EXPECT_THAT(ask(get_metrics), StartsWith("HTTP/1.1 200 OK\r\n"));
}

TEST_F(HttpServerTest, RefusesAHeaderThatIsTooLong) {
  start();

  EXPECT_THAT(ask("GET / HTTP/1.1\r\nA: " + std::string(10'000, 'a')), HasSubstr("HTTP/1.1 431 "));
}

TEST_F(HttpServerTest, RefusesThePageOfAnotherName) {
  start();

  EXPECT_THAT(ask("GET /metrics HTTP/1.1\r\nHost: attacker.example\r\n\r\n"),
              AllOf(StartsWith("HTTP/1.1 421 "), Not(HasSubstr("pianissimo_"))));
}

TEST_F(HttpServerTest, HasRoomForSixteen) {
  start();
  for (int i = 0; i < 16; ++i) come();

  HttpClient& one_more = come();
  EXPECT_THAT(await(one_more, "\r\n\r\n"), StartsWith("HTTP/1.1 503 Service Unavailable\r\n"));
  EXPECT_TRUE(is_left(one_more));

  time.advance(12s);  // the sixteen have asked for nothing
  EXPECT_THAT(ask(get_metrics), StartsWith("HTTP/1.1 200 OK\r\n"));
}

TEST_F(HttpServerTest, MakesATextOnceASecond) {
  start();
  const std::string first = ask(get_metrics);

  time.advance(500ms);
  EXPECT_EQ(ask(get_metrics), first);  // twenty readings later

  time.advance(1s);
  EXPECT_NE(ask(get_metrics), first);
}

TEST_F(HttpServerTest, TellsEachDecisionAndTheStatusToWhoListens) {
  add_station(knee_at(dbm(10)));
  start();
  HttpClient& reader = come();

  const std::string begun = ask(reader, "GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n");
  EXPECT_THAT(begun, AllOf(HasSubstr("Content-Type: text/event-stream\r\n"),
                           HasSubstr("\n\nevent: status\ndata: {"), EndsWith("}\n\n")));

  time.advance(3s);

  const std::string told = await(reader, "\"reason\":\"step_down\"");
  EXPECT_THAT(told, AllOf(HasSubstr("event: status\ndata: {"),
                          HasSubstr("event: decision\ndata: {\"t_ns\":"),
                          HasSubstr("\"knob\":\"wlan0\""), HasSubstr("\"reason\":\"step_down\""),
                          HasSubstr("\"sentence\":\"Nobody lost throughput")));
  EXPECT_FALSE(reader.is_closed());
}

TEST_F(HttpServerTest, TellsTheLastDecisionsToWhoComesLater) {
  add_station(knee_at(dbm(10)));
  start();
  time.advance(3s);
  HttpClient& reader = come();

  const std::string begun = ask(reader, "GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n");

  EXPECT_THAT(begun, AllOf(HasSubstr("\r\n\r\nevent: about\ndata: {\"control\":false}\n\n"),
                           HasSubstr("\"reason\":\"step_down\""),
                           HasSubstr("\"look\":{\"shape\":\"down\",\"tone\":\"own\"")));
}

TEST_F(HttpServerTest, ShowsTheLivePage) {
  if (!has_live_page()) GTEST_SKIP() << "built without the live page";
  start();

  const std::string answer =
      ask("GET / HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: gzip\r\n\r\n");

  EXPECT_THAT(answer,
              AllOf(HasSubstr("Content-Type: text/html"), HasSubstr("Content-Encoding: gzip"),
                    HasSubstr("Content-Security-Policy: default-src 'none'; script-src 'self'"),
                    HasSubstr("\r\n\r\n\x1f\x8b")));
}

TEST_F(HttpServerTest, HasNoControlUnlessTheConfigurationAllowsIt) {
  start();

  EXPECT_THAT(ask(control_request("resume", std::string(64, '0'))), StartsWith("HTTP/1.1 405 "));

  EXPECT_FALSE(std::ifstream(directory.string() + "/http_token").good());
}

TEST_F(HttpServerTest, HoldsAndResumesForWhoHasTheToken) {
  config.http.control = true;
  add_station(knee_at(dbm(10)));
  start();
  time.advance(2s);

  EXPECT_THAT(ask(control_request("hold", std::string(64, '0'))), StartsWith("HTTP/1.1 403 "));
  const std::string held = ask(control_request("hold", token()));
  EXPECT_THAT(held, AllOf(StartsWith("HTTP/1.1 200 "), HasSubstr("{\"v\":1,\"ok\":true,"),
                          HasSubstr("\"name\":\"wlan0\"")));
  const Dbm level = kernel->power();
  time.advance(10s);
  EXPECT_EQ(kernel->power(), level);

  EXPECT_THAT(ask(control_request("resume", token())), HasSubstr("the control begins anew"));
}

TEST_F(HttpServerTest, OffersLittleOverHttp) {
  config.http.control = true;
  start();

  for (const char* const what : {"reload", "journal", "watch", "status", "explain"}) {
    EXPECT_THAT(ask(control_request(what, token())),
                HasSubstr("\"error\":\"over HTTP: hold, resume, ceiling and approve alone\""))
        << what;
    time.advance(50ms);  // no faster
  }
  EXPECT_THAT(ask(control_request("burn", token())), HasSubstr("\"ok\":false"));
  time.advance(50ms);
  EXPECT_THAT(ask(control_request("approve", token())), HasSubstr("mode is not recommend"));
}

TEST_F(HttpServerTest, TakesABodyInPiecesAndWaitsTenSecondsForIt) {
  config.http.control = true;
  start();
  const std::string request = control_request("resume", token());
  HttpClient& slow = come();
  for (const char c : request) {
    slow.send({&c, 1});
    time.advance(1ms);
  }
  EXPECT_THAT(await(slow, "}\n"), HasSubstr("\"ok\":true"));

  HttpClient& silent = come();
  silent.send(request.substr(0, request.size() - 1));
  time.advance(12s);
  EXPECT_TRUE(is_left(silent));
}

TEST_F(HttpServerTest, IsNotAskedToControlMoreThanTwentyTimesASecond) {
  config.http.control = true;
  start();
  HttpClient& one = come();
  HttpClient& other = come();
  EXPECT_THAT(ask(one, control_request("resume", token())), StartsWith("HTTP/1.1 200 "));

  EXPECT_THAT(ask(other, control_request("resume", token())), StartsWith("HTTP/1.1 429 "));

  time.advance(50ms);
  EXPECT_THAT(ask(one, control_request("resume", token())), StartsWith("HTTP/1.1 200 "));
}

TEST_F(HttpServerTest, KeepsItsTokenUnlessOthersCouldReadIt) {
  const std::string path = directory.string() + "/http_token";
  const auto first = std::get<std::string>(http_token(directory.string()));
  EXPECT_EQ(first.size(), 64U);
  struct stat status {};
  ASSERT_EQ(::stat(path.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
  EXPECT_EQ(std::get<std::string>(http_token(directory.string())), first);

  ::chmod(path.c_str(), 0640);
  const auto second = std::get<std::string>(http_token(directory.string()));
  EXPECT_NE(second, first);

  std::ofstream{path} << "short\n";
  EXPECT_EQ(std::get<std::string>(http_token(directory.string())).size(), 64U);
}

TEST_F(HttpServerTest, LetsEightListenAndLeavesRoomForOthers) {
  start();
  const std::string events = "GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n";
  for (int i = 0; i < 8; ++i) EXPECT_THAT(ask(events), StartsWith("HTTP/1.1 200"));

  EXPECT_THAT(ask(events), StartsWith("HTTP/1.1 503"));
  EXPECT_THAT(ask(get_metrics), StartsWith("HTTP/1.1 200"));
}

TEST_F(HttpServerTest, DropsAReaderWhoDoesNotRead) {
  for (std::uint8_t i = 0; i < 100; ++i) {
    kernel->stations[MacAddress{{2, 0, 0, 0, 2, i}}] = {.since = time.now()};
  }
  start();
  HttpClient& slow = come(4096);
  slow.send("GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n");

  time.advance(60s);

  EXPECT_TRUE(is_left(slow));
  EXPECT_THAT(ask(get_metrics), StartsWith("HTTP/1.1 200"));
}

TEST_F(HttpServerTest, WaitsForAnAddressThatSomebodyElseHas) {
  asio::ip::tcp::acceptor other{io, {asio::ip::make_address(address), 9478}};
  start();
  EXPECT_EQ(times_said("http: port 9478 of " + address + ": Address already in use"), 1U);

  other.close();
  time.advance(1s);

  EXPECT_THAT(ask(get_metrics), StartsWith("HTTP/1.1 200 OK\r\n"));
}

TEST_F(HttpServerTest, GoesOnThroughAReloadAndCountsOn) {
  start();
  time.advance(2s);
  HttpClient& client = come();
  const auto readings = [&] {
    const std::string answer = ask(client, get_metrics);
    const std::string name = "\npianissimo_readings_total{interface=\"wlan0\"} ";
    return std::stol(answer.substr(answer.find(name) + name.size()));
  };
  const long before = readings();
  EXPECT_GT(before, 30);

  config.box.floor = dbm(3);
  reload(config);
  time.advance(1s);

  EXPECT_GE(readings(), before);
}

TEST_F(HttpServerTest, IsGoneWhenAReloadWantsNone) {
  start();
  config.http.listen.clear();
  reload(config);

  EXPECT_FALSE(HttpClient(address, 9478).is_connected());
}

TEST_F(HttpServerTest, EndsWithTheDaemon) {
  start();
  HttpClient& client = come();

  stop();

  EXPECT_TRUE(exit);
  EXPECT_TRUE(is_left(client));
  EXPECT_FALSE(HttpClient(address, 9478).is_connected());
}

TEST_F(DaemonTest, SaysThatItHasNoHttp) {
  config.http.listen = "127.0.0.1:9478";
  start();
  EXPECT_EQ(times_said("http: built without HTTP"), 1U);
}

}  // namespace
}  // namespace pianissimo::service
