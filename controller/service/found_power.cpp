#include "controller/service/found_power.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace pianissimo::service {
namespace {

namespace json = boost::json;

// `status` is what an error that is no lack of permission means.
StateError system_error(const std::string& path, const char* what, ExitStatus status) {
  const bool is_denied = errno == EACCES || errno == EPERM;
  return {path + ": " + what + ": " + std::strerror(errno),
          is_denied ? ExitStatus::not_permitted : status};
}

std::optional<FoundPower> read_entry(const json::value& value) {
  const auto* const object = value.if_object();
  if (!object) return std::nullopt;
  const auto* const path = object->if_contains("path");
  const auto* const wiphy = object->if_contains("wiphy");
  const auto* const power = object->if_contains("power_mbm");
  if (!path || !wiphy || !power || !path->is_string() || !wiphy->is_int64() || !power->is_int64()) {
    return std::nullopt;
  }
  const auto kind = knob_kind_from_string(path->as_string());
  const bool plausible = wiphy->as_int64() >= 0 && wiphy->as_int64() <= 0xffff &&
                         std::abs(power->as_int64()) <= 10'000;
  if (!kind || !plausible) return std::nullopt;
  return FoundPower{*kind, WiphyIndex{static_cast<std::uint32_t>(wiphy->as_int64())},
                    Dbm::from_mbm(static_cast<std::int32_t>(power->as_int64()))};
}

// Whole or an error: a short write to a full tmpfs must not replace a good file.
bool write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t n = ::write(fd, text.data(), text.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

}  // namespace

std::variant<FoundPowers, StateError> StateFile::load() const {
  std::ifstream file{path()};
  if (!file) {
    if (errno == ENOENT) return FoundPowers{};
    return system_error(path(), "cannot be read", ExitStatus::no_input);
  }
  std::ostringstream text;
  text << file.rdbuf();
  json::error_code error;
  const json::value value = json::parse(text.str(), error);
  const auto* const object = value.if_object();
  if (error || !object) return StateError{path() + ": not a JSON object", ExitStatus::bad_data};
  FoundPowers found;
  for (const auto& [name, entry] : *object) {
    const auto power = read_entry(entry);
    if (!power) {
      return StateError{path() + ": " + std::string{name} + ": needs path, wiphy and power_mbm",
                        ExitStatus::bad_data};
    }
    found.emplace(name, *power);
  }
  return found;
}

std::optional<StateError> StateFile::save(const FoundPowers& found) const {
  json::object object;
  for (const auto& [name, entry] : found) {
    object[name] = {{"path", to_string(entry.path)},
                    {"wiphy", value(entry.wiphy)},
                    {"power_mbm", entry.power.mbm()}};
  }
  const std::string text = json::serialize(object) + '\n';
  const std::string fresh = path() + ".new";
  const int fd = ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (fd < 0) return system_error(fresh, "cannot be written", ExitStatus::cannot_create);
  const bool written = write_all(fd, text) && ::fsync(fd) == 0;
  const int error = errno;
  ::close(fd);
  errno = error;
  if (!written || ::rename(fresh.c_str(), path().c_str()) != 0) {
    auto failed = system_error(fresh, "cannot be written", ExitStatus::cannot_create);
    ::unlink(fresh.c_str());
    return failed;
  }
  return std::nullopt;
}

std::optional<StateError> StateFile::remove() const {
  if (::unlink(path().c_str()) == 0 || errno == ENOENT) return std::nullopt;
  return system_error(path(), "cannot be removed", ExitStatus::cannot_create);
}

std::variant<InstanceLock, StateError> InstanceLock::take(const std::string& directory) {
  std::error_code ignored;  // open() says it better
  std::filesystem::create_directories(directory, ignored);
  const std::string path = directory + "/lock";
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (fd < 0) return system_error(path, "cannot be opened", ExitStatus::cannot_create);
  if (::flock(fd, LOCK_EX | LOCK_NB) != 0) {
    auto failed = errno == EWOULDBLOCK
                      ? StateError{path + ": another pianissimo is running; stop it first"}
                      : system_error(path, "cannot be locked", ExitStatus::unavailable);
    ::close(fd);
    return failed;
  }
  return InstanceLock{fd};
}

InstanceLock::~InstanceLock() {
  if (fd_ >= 0) ::close(fd_);
}

}  // namespace pianissimo::service
