// The other end of the control socket: what the operator's commands ask of the running daemon.
#pragma once

#include <boost/asio/local/stream_protocol.hpp>
#include <boost/json/object.hpp>
#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "controller/service/control_codec.hpp"
#include "controller/service/exit_status.hpp"

namespace pianissimo::service {

/// A connection to the daemon of a state directory. What goes wrong is said on standard error.
class ControlClient {
 public:
  /// A daemon that is silent for longer counts as one that does not answer.
  static constexpr std::chrono::seconds patience{15};

  /// Sends one request. Not ok: why it has no use to wait for an answer.
  ExitStatus ask(const std::string& state_directory, const control::Request& request);
  /// The next line as it came; nullopt: there is none, and that is said.
  std::optional<std::string> next_line();
  /// The next line, if it is an answer that is ok.
  std::optional<boost::json::object> next_answer();
  /// So many raw bytes, in parts, which `to` takes or refuses; false: not all of them.
  bool copy(std::uint64_t bytes, const std::function<bool(std::string_view)>& to);

 private:
  boost::asio::local::stream_protocol::iostream stream_;
};

/// Asks, and returns the answer; or the exit code, when all is said.
std::variant<boost::json::object, ExitStatus> answer_of(const std::string& state_directory,
                                                        const control::Request& request);

/// For commands that change something: says what is in force now.
ExitStatus ask_and_show(const std::string& state_directory, const control::Request& request);

}  // namespace pianissimo::service
