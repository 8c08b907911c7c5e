// One address that is listened to, and those who have come.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <deque>
#include <list>
#include <memory>
#include <string>
#include <string_view>

#include "config/config.hpp"
#include "controller/service/http_request.hpp"
#include "controller/service/ports.hpp"

namespace pianissimo::service {

/// Its coroutines hold it: it lives until the last has ended, which follows close().
class HttpListener : public std::enable_shared_from_this<HttpListener> {
 public:
  HttpListener(boost::asio::io_context& io, Time& time, Endpoint at, Publisher::Source source,
               Publisher::Say say);

  /// To be called once.
  void begin();
  /// Ends all connections, and asks the source for nothing any more.
  void close();
  /// Sends a decision, an event, to whoever listens; the last ones that are kept, to who comes
  /// later.
  void tell(std::string decision, bool is_kept);

 private:
  using Socket = boost::asio::ip::tcp::socket;
  struct Connection {
    Connection(Socket of, Time& time) : socket{std::move(of)}, alarm{time.make_alarm()} {}
    Socket socket;
    std::unique_ptr<Alarm> alarm;
    Instant deadline;        ///< it is closed then
    bool is_reader = false;  ///< of events
    std::string waiting;     ///< to be sent to a reader
  };
  using Connections = std::list<std::shared_ptr<Connection>>;

  Awaitable<void> accept();
  Awaitable<void> look_after();
  Awaitable<void> serve(std::shared_ptr<Connection> connection);
  Awaitable<void> converse(Connection& connection);
  Awaitable<bool> read_header(Connection& connection, std::string& received);
  /// Until `received` begins with so many bytes.
  Awaitable<bool> read_body(Connection& connection, std::string& received, std::size_t bytes);
  /// Both must outlive it.
  Awaitable<bool> send(Connection& connection, const std::string& head, std::string_view body);
  Awaitable<void> send_events(Connection& connection);
  Awaitable<bool> answer(Connection& connection, const HttpAnswer& wanted, std::string asked,
                         bool may_stay);
  void push(const std::string& event);
  bool has_readers() const;

  bool open();
  void admit(Socket socket);
  void close(Connection& connection);
  const std::shared_ptr<const std::string>& metrics(MetricsFormat format);
  const std::shared_ptr<const std::string>& status();

  /// A text that is made at most once a second.
  struct Cached {
    std::shared_ptr<const std::string> text;
    Instant made;
  };
  template <class Make>
  const std::shared_ptr<const std::string>& renewed(Cached& cached, Make make);

  boost::asio::io_context& io_;
  Time& time_;
  Endpoint at_;
  Publisher::Source source_;
  Publisher::Say say_;
  boost::asio::ip::tcp::acceptor acceptor_;
  std::unique_ptr<Alarm> accept_alarm_;
  std::unique_ptr<Alarm> second_alarm_;
  bool is_closed_ = false;
  Connections connections_;
  std::array<Cached, 2> metrics_;  ///< by format
  Cached status_;
  std::deque<std::string> recent_;  ///< decisions, as events
  Instant may_control_{};           ///< not before
};

}  // namespace pianissimo::service
