// The control socket behind the ControlPort: who is connected, and how much each may ask.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "controller/service/control_port.hpp"

namespace pianissimo::service {

/// Everything about a client is bounded: how many there are, a line, how often it may ask, how long
/// it may be silent, what waits for it. One line is answered in a turn of the loop; then the
/// others have theirs.
class ControlServer final : public ControlPort {
 public:
  static constexpr std::size_t most_clients = 16;
  static constexpr int most_requests_a_second = 20;
  static constexpr std::chrono::seconds longest_silence{30};
  static constexpr std::size_t most_waiting_bytes = 65'536;
  /// Between two clients that are accepted: a storm of them has no more of the loop.
  static constexpr std::chrono::milliseconds accept_pause{5};

  /// Asks for the configuration to be read anew; why not, or nothing.
  using Reload = std::function<std::optional<std::string>()>;

  /// The socket is a file in the state directory.
  ControlServer(boost::asio::io_context& io, Time& time, const std::string& state_directory,
                Reload reload);
  ~ControlServer() override;

  void begin(const Config& config, Answer answer, Say say) override;
  void end() override;
  bool is_watched() const override { return !watchers_.empty(); }
  void show(std::string_view line) override;

  std::size_t clients() const { return sessions_.size(); }

 private:
  using Socket = boost::asio::local::stream_protocol::socket;
  using Acceptor = boost::asio::local::stream_protocol::acceptor;
  struct Session;
  using SessionPtr = std::shared_ptr<Session>;

  void listen(const Say& say);
  void stop_listening();
  Awaitable<void> accept_clients(std::shared_ptr<Acceptor> acceptor);
  Awaitable<void> close_the_silent(std::uint64_t life);
  void admit(Socket socket);
  Awaitable<void> serve(SessionPtr session);
  Awaitable<bool> answer_line(SessionPtr session, std::string line);
  Awaitable<bool> send(SessionPtr session, std::string line);
  Awaitable<bool> send_journal(SessionPtr session);
  Awaitable<void> watch(SessionPtr session);
  void close(const SessionPtr& session);

  boost::asio::io_context& io_;
  Time& time_;
  std::string path_;
  Reload reload_;
  Answer answer_;
  ControlConfig config_;
  std::string journal_;
  std::shared_ptr<Acceptor> acceptor_;  // null: nobody is listened to
  std::uint64_t life_ = 0;              // counts the listeners: the loops of an earlier one end
  std::set<SessionPtr> sessions_;
  std::set<SessionPtr> watchers_;
  std::unique_ptr<Alarm> accept_alarm_;
  std::unique_ptr<Alarm> silence_alarm_;
};

}  // namespace pianissimo::service
