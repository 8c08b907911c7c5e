#include "controller/service/control_server.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <deque>
#include <utility>

#include "controller/service/control_journal.hpp"
#include "controller/service/control_socket.hpp"
#include "controller/service/state_files.hpp"

namespace pianissimo::service {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

Asker asker_at(int fd) {
  ucred peer{};
  socklen_t size = sizeof peer;
  ::getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size);
  return {peer.uid, static_cast<std::uint32_t>(peer.pid)};
}

}  // namespace

struct ControlServer::Session {
  Session(Socket connected, asio::io_context& io, Instant now)
      : socket{std::move(connected)}, news{io}, heard{now}, second{now} {
    news.expires_at(std::chrono::steady_clock::time_point::max());
  }

  bool may_ask(Instant now) {
    if (now - second >= 1s) {
      second = now;
      asked = 0;
    }
    return ++asked <= most_requests_a_second;
  }

  // For who watches: what has no room is counted, and that is told.
  void put(std::string_view line) {
    if (waiting_bytes + line.size() > most_waiting_bytes) {
      ++lost;
      return;
    }
    if (lost > 0) {
      waiting.push_back(R"({"v":1,"lost":)" + std::to_string(std::exchange(lost, 0)) + '}');
      waiting_bytes += waiting.back().size();
    }
    waiting.emplace_back(line);
    waiting_bytes += line.size();
    news.cancel();
  }

  Socket socket;
  Asker by;
  asio::steady_timer news;  // something waits for who watches
  Instant heard;            // or took what was sent to it
  bool is_patient = false;  // watches, and has taken all that there was
  std::deque<std::string> waiting;
  std::size_t waiting_bytes = 0;
  std::uint64_t lost = 0;

 private:
  Instant second;
  int asked = 0;
};

ControlServer::ControlServer(asio::io_context& io, Time& time, const std::string& state_directory,
                             Reload reload)
    : io_{io},
      time_{time},
      path_{state_directory + '/' + std::string{control_file}},
      reload_{std::move(reload)},
      accept_alarm_{time.make_alarm()},
      silence_alarm_{time.make_alarm()} {}

ControlServer::~ControlServer() { stop_listening(); }

void ControlServer::begin(const Config& config, Answer answer, Say say) {
  answer_ = std::move(answer);
  journal_ = config.journal.path;
  const bool is_same = config_ == config.control;
  config_ = config.control;
  if (acceptor_ && config_.socket && is_same) return;
  stop_listening();
  if (!config_.socket) return end();
  listen(say);
}

void ControlServer::end() {
  stop_listening();
  for (const SessionPtr& session : std::set{sessions_}) close(session);
}

void ControlServer::listen(const Say& say) {
  auto listening = listen_at(path_, config_.group);
  if (const auto* const why = std::get_if<std::string>(&listening)) {
    return say("no control socket: " + *why);
  }
  const auto& [fd, warning] = std::get<ListeningSocket>(listening);
  if (!warning.empty()) say(warning);
  acceptor_ = std::make_shared<Acceptor>(io_, asio::local::stream_protocol{}, fd);
  ++life_;
  asio::co_spawn(io_, accept_clients(acceptor_), asio::detached);
  asio::co_spawn(io_, close_the_silent(life_), asio::detached);
}

void ControlServer::stop_listening() {
  if (!acceptor_) return;
  // Before it is closed: then it may be another's.
  ::unlink(path_.c_str());
  boost::system::error_code ignored;
  acceptor_->close(ignored);
  acceptor_.reset();
  ++life_;
  accept_alarm_->interrupt();
  silence_alarm_->interrupt();
}

Awaitable<void> ControlServer::accept_clients(std::shared_ptr<Acceptor> acceptor) {
  const std::uint64_t life = life_;
  while (acceptor->is_open()) {
    auto [error, socket] = co_await acceptor->async_accept(asio::as_tuple(asio::use_awaitable));
    if (!acceptor->is_open() || life != life_) co_return;
    if (!error) admit(std::move(socket));
    co_await accept_alarm_->wait_until(time_.now() + accept_pause);
  }
}

Awaitable<void> ControlServer::close_the_silent(std::uint64_t life) {
  while (life == life_) {
    co_await silence_alarm_->wait_until(sessions_.empty() ? Instant::max() : time_.now() + 1s);
    for (const SessionPtr& session : std::set{sessions_}) {
      if (!session->is_patient && time_.now() - session->heard >= longest_silence) close(session);
    }
  }
}

void ControlServer::admit(Socket socket) {
  boost::system::error_code ignored;
  socket.non_blocking(true, ignored);
  if (sessions_.size() >= most_clients) {
    const std::string busy = control::refusal("busy: 16 others are connected") + '\n';
    socket.write_some(asio::buffer(busy), ignored);
    return;
  }
  const auto session = std::make_shared<Session>(std::move(socket), io_, time_.now());
  session->by = asker_at(session->socket.native_handle());
  sessions_.insert(session);
  silence_alarm_->interrupt();
  asio::co_spawn(io_, serve(session), asio::detached);
}

Awaitable<void> ControlServer::serve(SessionPtr session) {
  std::string unread;
  while (session->socket.is_open()) {
    const auto [error, size] = co_await asio::async_read_until(
        session->socket, asio::dynamic_buffer(unread, control::most_line_bytes), '\n',
        asio::as_tuple(asio::use_awaitable));
    if (error == asio::error::not_found) {
      co_await send(session, control::refusal("a line of more than 4096 bytes"));
    }
    if (error) break;
    const std::string line = unread.substr(0, size - 1);
    unread.erase(0, size);
    session->heard = time_.now();
    if (!session->may_ask(session->heard)) {
      co_await send(session, control::refusal("more than 20 requests in a second"));
      break;
    }
    if (!co_await answer_line(session, line)) break;
    co_await asio::post(io_, asio::use_awaitable);
  }
  close(session);
}

// False: the client is not to be answered any more.
Awaitable<bool> ControlServer::answer_line(SessionPtr session, std::string line) {
  auto parsed = control::parse_request(line);
  if (const auto* const why = std::get_if<std::string>(&parsed)) {
    co_return co_await send(session, control::refusal(*why));
  }
  auto& request = std::get<control::Request>(parsed);
  if (std::holds_alternative<control::Journal>(request)) co_return co_await send_journal(session);
  if (std::holds_alternative<control::Reload>(request)) {
    const auto why = reload_();
    const std::string answer = why ? control::refusal(*why) : control::answer({});
    co_return co_await send(session, answer);
  }
  const bool watches = std::holds_alternative<control::Watch>(request);
  const std::string answer = co_await answer_(std::move(request), session->by);
  if (!co_await send(session, answer)) co_return false;
  if (watches) co_await watch(session);
  co_return !watches;
}

Awaitable<bool> ControlServer::send(SessionPtr session, std::string line) {
  line += '\n';
  const auto [error, size] = co_await asio::async_write(session->socket, asio::buffer(line),
                                                        asio::as_tuple(asio::use_awaitable));
  session->heard = time_.now();
  co_return !error && session->socket.is_open();
}

Awaitable<bool> ControlServer::send_journal(SessionPtr session) {
  JournalFiles files{journal_};
  const std::string answer = control::answer({{"bytes", files.bytes()}});
  if (!co_await send(session, answer)) co_return false;
  for (std::string part = files.next(); !part.empty(); part = files.next()) {
    const auto [error, size] = co_await asio::async_write(session->socket, asio::buffer(part),
                                                          asio::as_tuple(asio::use_awaitable));
    if (error) co_return false;
    session->heard = time_.now();
    co_await asio::post(io_, asio::use_awaitable);
  }
  co_return true;
}

Awaitable<void> ControlServer::watch(SessionPtr session) {
  watchers_.insert(session);
  while (session->socket.is_open()) {
    if (session->waiting.empty()) {
      session->is_patient = true;
      co_await session->news.async_wait(asio::as_tuple(asio::use_awaitable));
      session->is_patient = false;
      session->heard = time_.now();
      continue;
    }
    const std::string line = std::move(session->waiting.front());
    session->waiting.pop_front();
    session->waiting_bytes -= line.size();
    if (!co_await send(session, line)) break;
  }
  watchers_.erase(session);
}

void ControlServer::close(const SessionPtr& session) {
  const SessionPtr kept = session;
  boost::system::error_code ignored;
  kept->socket.close(ignored);
  kept->news.cancel();
  watchers_.erase(kept);
  sessions_.erase(kept);
}

void ControlServer::show(std::string_view line) {
  for (const SessionPtr& watcher : watchers_) watcher->put(line);
}

}  // namespace pianissimo::service
