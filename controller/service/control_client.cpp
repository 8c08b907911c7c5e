#include "controller/service/control_client.hpp"

#include <fmt/format.h>

#include <array>
#include <boost/json/parse.hpp>
#include <cstdio>
#include <string>

#include "config/printable.hpp"
#include "config/say.hpp"
#include "controller/service/state_files.hpp"

namespace pianissimo::service {
namespace {

namespace asio = boost::asio;
namespace json = boost::json;

ExitStatus cannot_connect(const std::string& path, const boost::system::error_code& error) {
  if (error == asio::error::access_denied) {
    say(stderr, path +
                    ": permission denied: root may, and the members of the group that "
                    "control.group names");
    return ExitStatus::not_permitted;
  }
  const bool is_absent = error == boost::system::errc::no_such_file_or_directory ||
                         error == asio::error::connection_refused;
  say(stderr,
      path + ": " +
          (is_absent ? "pianissimo does not run, or control.socket is false" : error.message()));
  return ExitStatus::unavailable;
}

}  // namespace

ExitStatus ControlClient::ask(const std::string& state_directory, const control::Request& request) {
  const std::string path = state_directory + '/' + std::string{control_file};
  try {
    stream_.expires_after(patience);
    stream_.connect(asio::local::stream_protocol::endpoint{path});
  } catch (const boost::system::system_error& error) {  // a path that is too long
    return cannot_connect(path, error.code());
  }
  if (!stream_) return cannot_connect(path, stream_.error());
  stream_ << control::to_line(request) << '\n' << std::flush;
  return ExitStatus::ok;
}

std::optional<std::string> ControlClient::next_line() {
  stream_.expires_after(patience);
  std::string line;
  if (std::getline(stream_, line)) return line;
  say(stderr, "the daemon does not answer any more");
  return std::nullopt;
}

std::optional<json::object> ControlClient::next_answer() {
  const auto line = next_line();
  if (!line) return std::nullopt;
  json::error_code error;
  const json::value value = json::parse(*line, error);
  const auto* const ok = value.is_object() ? value.as_object().if_contains("ok") : nullptr;
  if (ok && *ok == true) return value.as_object();
  const auto* const why = value.is_object() ? value.as_object().if_contains("error") : nullptr;
  say(stderr, why && why->is_string()
                  ? std::string_view{why->as_string()}
                  : std::string_view{"the daemon's answer is not of this version"});
  return std::nullopt;
}

bool ControlClient::copy(std::uint64_t bytes, const std::function<bool(std::string_view)>& to) {
  std::array<char, 16'384> part{};
  while (bytes > 0) {
    stream_.expires_after(patience);
    const auto wanted = static_cast<std::streamsize>(std::min<std::uint64_t>(bytes, part.size()));
    stream_.read(part.data(), wanted);
    const auto count = static_cast<std::size_t>(stream_.gcount());
    if (!to({part.data(), count})) return false;
    bytes -= count;
    if (!stream_) break;
  }
  return bytes == 0;
}

std::variant<json::object, ExitStatus> answer_of(const std::string& state_directory,
                                                 const control::Request& request) {
  ControlClient client;
  const ExitStatus sent = client.ask(state_directory, request);
  if (sent != ExitStatus::ok) return sent;
  auto answer = client.next_answer();
  if (!answer) return ExitStatus::unavailable;
  return *std::move(answer);
}

ExitStatus ask_and_show(const std::string& state_directory, const control::Request& request) {
  const auto answered = answer_of(state_directory, request);
  if (const auto* const failed = std::get_if<ExitStatus>(&answered)) return *failed;
  const auto& answer = std::get<json::object>(answered);
  try {
    for (const json::value& one : answer.at("interfaces").as_array()) {
      const json::object& interface = one.as_object();
      const auto* const power = interface.if_contains("power_dbm");
      say(stdout, fmt::format("{}: {}", std::string_view{interface.at("name").as_string()},
                              power ? fmt::format("{:g} dBm now", power->to_number<double>())
                                    : std::string{"gone"}));
    }
    if (const auto* const note = answer.if_contains("note")) {
      say(stdout, std::string_view{note->as_string()});
    }
  } catch (const std::exception&) {
    say(stderr, "not an answer of this version");
    return ExitStatus::unavailable;
  }
  return ExitStatus::ok;
}

}  // namespace pianissimo::service
