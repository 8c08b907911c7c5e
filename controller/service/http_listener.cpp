#include "controller/service/http_listener.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include "controller/service/http_page.hpp"

namespace pianissimo::service {
namespace {

using namespace std::chrono_literals;
namespace asio = boost::asio;
using asio::ip::tcp;
using Text = std::shared_ptr<const std::string>;

constexpr auto as_result = asio::as_tuple(asio::use_awaitable);

constexpr std::size_t most_connections = 16;
constexpr std::size_t most_readers = 8;  // of events, so that there is room for others
constexpr int most_requests = 100;       // of one connection
constexpr int backlog = 16;
constexpr Duration patience = 10s;  // for a request to arrive, and for an answer to be taken
constexpr Duration renewal = 1s;    // of what is told
constexpr std::size_t most_waiting = 65'536;
constexpr int send_buffer = 65'536;
constexpr std::size_t most_recent = 60;      // decisions that who comes to listen is told
constexpr Duration between_controls = 50ms;  // of all together

// Connections come, and requests are answered, no faster than this: a storm of them shall not take
// the CPU from the readings.
constexpr Duration between_connections = 5ms;
constexpr Duration between_requests = 5ms;

constexpr std::string_view index_page =
    "Pianissimo, a transmit-power controller for WiFi access points.\n\n"
    "/metrics      for Prometheus (OpenMetrics, or its older text format)\n"
    "/status.json  what the daemon does now, as `pianissimo status --json`\n"
    "/events       the status once a second, and each decision (server-sent events)\n"
    "/             in a browser: the live page, if it was built in\n";

std::string head_of(unsigned status, std::string_view type, std::optional<std::size_t> length,
                    bool keeps_alive, std::string_view more = {}, bool is_control = false) {
  std::string head = fmt::format(
      "HTTP/1.1 {} {}\r\nContent-Type: {}\r\nCache-Control: no-store\r\n"
      "X-Content-Type-Options: nosniff\r\nConnection: {}\r\n",
      status, http_reason(status), type, keeps_alive ? "keep-alive" : "close");
  if (length) head += fmt::format("Content-Length: {}\r\n", *length);
  if (status == 405) head += is_control ? "Allow: POST\r\n" : "Allow: GET, HEAD\r\n";
  head += more;
  return head + "\r\n";
}

std::string plain(unsigned status) { return fmt::format("{}\n", http_reason(status)); }

}  // namespace

HttpListener::HttpListener(asio::io_context& io, Time& time, Endpoint at, Publisher::Source source,
                           Publisher::Say say)
    : io_{io},
      time_{time},
      at_{std::move(at)},
      source_{std::move(source)},
      say_{std::move(say)},
      acceptor_{io},
      accept_alarm_{time.make_alarm()},
      second_alarm_{time.make_alarm()} {}

void HttpListener::begin() { asio::co_spawn(io_, look_after(), asio::detached); }

void HttpListener::close() {
  is_closed_ = true;
  boost::system::error_code ignored;
  acceptor_.close(ignored);
  accept_alarm_->interrupt();
  second_alarm_->interrupt();
  for (const auto& connection : connections_) close(*connection);
  source_ = {};
  say_ = nullptr;
}

// Its coroutine ends by itself.
void HttpListener::close(Connection& connection) {
  boost::system::error_code ignored;
  connection.socket.close(ignored);
  connection.alarm->interrupt();
}

bool HttpListener::open() {
  boost::system::error_code error;
  const tcp::endpoint endpoint{asio::ip::make_address(at_.address, error), at_.port};
  if (!error) acceptor_.open(endpoint.protocol(), error);
  if (!error) acceptor_.set_option(asio::socket_base::reuse_address{true}, error);
  if (!error) acceptor_.bind(endpoint, error);
  if (!error) acceptor_.listen(backlog, error);
  if (!error) return true;
  say_(fmt::format("http: port {} of {}: {}; tried again every second", at_.port, at_.address,
                   error.message()));
  acceptor_.close(error);
  return false;
}

// Once a second: an address that cannot be had yet, connections that take too long, the status for
// those who listen.
Awaitable<void> HttpListener::look_after() {
  const auto self = shared_from_this();
  while (!is_closed_) {
    if (!acceptor_.is_open() && open()) asio::co_spawn(io_, accept(), asio::detached);
    for (const auto& connection : connections_) {
      if (connection->deadline <= time_.now()) close(*connection);
    }
    if (has_readers()) push(fmt::format("event: status\ndata: {}\n", *status()));
    co_await second_alarm_->wait_until(time_.now() + renewal);
  }
}

Awaitable<void> HttpListener::accept() {
  const auto self = shared_from_this();
  while (!is_closed_) {
    auto [error, socket] = co_await acceptor_.async_accept(as_result);
    if (is_closed_) co_return;
    if (!error) admit(std::move(socket));
    co_await accept_alarm_->wait_until(time_.now() + between_connections);
  }
}

void HttpListener::admit(Socket socket) {
  boost::system::error_code error;
  socket.non_blocking(true, error);
  socket.set_option(asio::socket_base::send_buffer_size{send_buffer}, error);
  if (connections_.size() >= most_connections) {
    const std::string body = plain(503);
    const std::string text = head_of(503, "text/plain", body.size(), false) + body;
    socket.write_some(asio::buffer(text), error);
    return;  // closed
  }
  const auto connection = std::make_shared<Connection>(std::move(socket), time_);
  connection->deadline = time_.now() + patience;
  connections_.push_back(connection);
  asio::co_spawn(io_, serve(connection), asio::detached);
}

Awaitable<void> HttpListener::serve(std::shared_ptr<Connection> connection) {
  const auto self = shared_from_this();
  co_await converse(*connection);
  close(*connection);
  connections_.remove(connection);
}

Awaitable<void> HttpListener::converse(Connection& connection) {
  std::string received;
  for (int request = 1; request <= most_requests; ++request) {
    connection.deadline = time_.now() + patience;
    if (!co_await read_header(connection, received)) co_return;
    HttpAnswer wanted;
    if (const auto end = http_header_end(received)) {
      wanted = http_answer(std::string_view{received}.substr(0, *end), at_.address, source_.token);
      received.erase(0, *end);
    } else {
      wanted.status = http_hopeless(received).value_or(400);
    }
    if (wanted.status == 200 && !co_await read_body(connection, received, wanted.body_bytes)) {
      co_return;
    }
    std::string body = received.substr(0, wanted.body_bytes);
    received.erase(0, wanted.body_bytes);
    const bool may_stay = request < most_requests;
    if (!co_await answer(connection, wanted, std::move(body), may_stay)) co_return;
    co_await connection.alarm->wait_until(time_.now() + between_requests);
  }
}

// False: there will be none.
Awaitable<bool> HttpListener::read_header(Connection& connection, std::string& received) {
  std::array<char, 1024> bytes;
  while (connection.socket.is_open() && !is_closed_) {
    if (http_header_end(received) || http_hopeless(received)) co_return true;
    const auto [error, size] =
        co_await connection.socket.async_read_some(asio::buffer(bytes), as_result);
    if (error) co_return false;
    received.append(bytes.data(), size);
  }
  co_return false;
}

// False: it will not come.
Awaitable<bool> HttpListener::read_body(Connection& connection, std::string& received,
                                        std::size_t bytes) {
  std::array<char, 1024> some;
  while (received.size() < bytes) {
    const auto [error, size] =
        co_await connection.socket.async_read_some(asio::buffer(some), as_result);
    if (error || is_closed_) co_return false;
    received.append(some.data(), size);
  }
  co_return true;
}

// True: the next request may come.
Awaitable<bool> HttpListener::answer(Connection& connection, const HttpAnswer& wanted,
                                     std::string asked, bool may_stay) {
  std::string_view type = "text/plain; charset=utf-8";
  Text body;
  std::string_view more;
  unsigned status = wanted.status;
  const HttpAsset* const asset = status == 200 ? http_asset(wanted.page) : nullptr;
  const bool is_control = wanted.page == HttpPage::control;
  if (status == 200 && is_control) {
    if (time_.now() < may_control_) {
      status = 429;
    } else {
      may_control_ = time_.now() + between_controls;
    }
  }
  if (status != 200) {
    body = std::make_shared<const std::string>(plain(status));
  } else if (wanted.page == HttpPage::metrics) {
    type = content_type(wanted.format);
    body = metrics(wanted.format);
  } else if (wanted.page == HttpPage::status) {
    type = "application/json";
    body = this->status();
  } else if (asset) {
    type = asset->type;
    more = asset_fields;
  } else if (is_control) {
    type = "application/json";
    const auto control = source_.control;  // close() takes the other one away
    const std::string told = co_await control(std::move(asked));
    body = std::make_shared<const std::string>(told + '\n');
  } else if (wanted.page == HttpPage::index) {
    body = std::make_shared<const std::string>(index_page);
  } else {
    const auto readers =
        std::ranges::count_if(connections_, [](const auto& one) { return one->is_reader; });
    type = "text/event-stream";
    if (static_cast<std::size_t>(readers) >= most_readers) {
      status = 503;
      type = "text/plain; charset=utf-8";
      body = std::make_shared<const std::string>("Too many listen to the events.\n");
    } else if (!wanted.is_head) {
      connection.waiting =
          head_of(200, type, std::nullopt, false) +
          fmt::format("event: about\ndata: {{\"control\":{}}}\n\n", !source_.token.empty());
      for (const std::string& decision : recent_) connection.waiting += decision;
      connection.waiting += fmt::format("event: status\ndata: {}\n", *this->status());
      co_await send_events(connection);
      co_return false;
    }
  }
  const bool stays = wanted.keeps_alive && may_stay && status == 200;
  std::string_view bytes;
  if (asset) {
    bytes = asset->gzip;
  } else if (body) {
    bytes = *body;
  }
  const bool has_length = asset || body;
  const auto length = has_length ? std::optional{bytes.size()} : std::nullopt;
  const std::string head = head_of(status, type, length, stays, more, is_control);
  if (wanted.is_head) bytes = {};
  const bool is_sent = co_await send(connection, head, bytes);
  if (!is_sent) co_return false;
  co_return stays;
}

Awaitable<bool> HttpListener::send(Connection& connection, const std::string& head,
                                   std::string_view body) {
  connection.deadline = time_.now() + patience;
  const std::array<asio::const_buffer, 2> both{asio::buffer(head),
                                               asio::const_buffer{body.data(), body.size()}};
  const auto [error, size] = co_await asio::async_write(connection.socket, both, as_result);
  co_return !error;
}

// Until the reader goes, or is too slow.
Awaitable<void> HttpListener::send_events(Connection& connection) {
  connection.is_reader = true;
  while (connection.socket.is_open()) {
    if (connection.waiting.empty()) {
      connection.deadline = Instant::max();
      co_await connection.alarm->wait_until(Instant::max());
      continue;
    }
    const std::string events = std::exchange(connection.waiting, {});
    const bool is_sent = co_await send(connection, events, {});
    if (!is_sent) break;
  }
  connection.is_reader = false;
}

bool HttpListener::has_readers() const {
  return std::ranges::any_of(connections_, [](const auto& one) { return one->is_reader; });
}

void HttpListener::tell(std::string decision, bool is_kept) {
  push(decision);
  if (!is_kept) return;
  recent_.push_back(std::move(decision));
  if (recent_.size() > most_recent) recent_.pop_front();
}

void HttpListener::push(const std::string& event) {
  for (const auto& connection : connections_) {
    if (!connection->is_reader) continue;
    if (connection->waiting.size() + event.size() > most_waiting) {
      close(*connection);
    } else {
      connection->waiting += event;
      connection->alarm->interrupt();
    }
  }
}

template <class Make>
const Text& HttpListener::renewed(Cached& cached, Make make) {
  if (!cached.text || time_.now() - cached.made >= renewal) {
    cached = {std::make_shared<const std::string>(make()), time_.now()};
  }
  return cached.text;
}

const Text& HttpListener::metrics(MetricsFormat format) {
  return renewed(metrics_.at(static_cast<std::size_t>(format)),
                 [&] { return source_.metrics(format); });
}

const Text& HttpListener::status() {
  return renewed(status_, [&] { return source_.status(); });
}

}  // namespace pianissimo::service
