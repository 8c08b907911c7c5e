#include "controller/service/found_power.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <limits>
#include <sstream>

namespace pianissimo::service {
namespace {

namespace json = boost::json;

constexpr std::array<std::pair<PowerSetting, std::string_view>, 3> settings{
    {{PowerSetting::fixed, "fixed"},
     {PowerSetting::automatic, "automatic"},
     {PowerSetting::unknown, "unknown"}}};

std::optional<PowerSetting> setting_from_string(std::string_view word) {
  for (const auto& [setting, name] : settings) {
    if (name == word) return setting;
  }
  return std::nullopt;
}

std::optional<FoundPower> read_entry(const json::value& value) {
  const auto* const object = value.if_object();
  if (!object) return std::nullopt;
  const auto* const path = object->if_contains("path");
  const auto* const wiphy = object->if_contains("wiphy");
  const auto* const power = object->if_contains("power_mbm");
  const auto* const interface = object->if_contains("interface");
  const auto* const setting = object->if_contains("setting");  // not in files of old versions
  const auto* const maximum = object->if_contains("channel_maximum_mbm");
  if (!path || !wiphy || !power || !path->is_string()) return std::nullopt;
  const auto kind = knob_kind_from_string(path->as_string());
  const auto is_within = [](const json::value& number, std::int64_t least, std::int64_t most) {
    return number.is_int64() && number.as_int64() >= least && number.as_int64() <= most;
  };
  const bool plausible =
      is_within(*wiphy, 0, 0xffff) && is_within(*power, -10'000, 10'000) &&
      (!interface || is_within(*interface, 0, std::numeric_limits<std::int32_t>::max()));
  if (!kind || !plausible || (maximum && !is_within(*maximum, -10'000, 10'000))) {
    return std::nullopt;
  }
  FoundPower found{.path = *kind,
                   .wiphy = WiphyIndex{static_cast<std::uint32_t>(wiphy->as_int64())},
                   .power = Dbm::from_mbm(static_cast<std::int32_t>(power->as_int64())),
                   .interface = InterfaceIndex{
                       interface ? static_cast<std::uint32_t>(interface->as_int64()) : 0}};
  if (maximum) {
    found.channel_maximum = Dbm::from_mbm(static_cast<std::int32_t>(maximum->as_int64()));
  }
  if (setting) {
    const auto named =
        setting->is_string() ? setting_from_string(setting->as_string()) : std::nullopt;
    if (!named) return std::nullopt;
    found.setting = *named;
  }
  return found;
}

}  // namespace

std::string_view to_string(PowerSetting setting) {
  return settings[static_cast<std::size_t>(setting)].second;
}

std::variant<FoundPowers, StateError> StateFile::load() const {
  std::ifstream file{path()};
  if (!file) {
    if (errno == ENOENT) return FoundPowers{};
    return file_error(path(), "cannot be read", ExitStatus::no_input);
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
                    {"power_mbm", entry.power.mbm()},
                    {"interface", value(entry.interface)},
                    {"setting", to_string(entry.setting)}};
    if (entry.channel_maximum) {
      object[name].as_object()["channel_maximum_mbm"] = entry.channel_maximum->mbm();
    }
  }
  return replace_file(path(), json::serialize(object) + '\n');
}

std::optional<StateError> StateFile::remove() const { return remove_file(path()); }

std::variant<InstanceLock, StateError> InstanceLock::take(const std::string& directory) {
  std::error_code ignored;  // open() says it better
  std::filesystem::create_directories(directory, ignored);
  const std::string path = directory + "/lock";
  // Who may open it for reading may lock it, too, and so keep every run from starting.
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0) return file_error(path, "cannot be opened", ExitStatus::cannot_create);
  if (::flock(fd, LOCK_EX | LOCK_NB) != 0) {
    auto failed = errno == EWOULDBLOCK
                      ? StateError{path + ": another pianissimo is running; stop it first"}
                      : file_error(path, "cannot be locked", ExitStatus::unavailable);
    ::close(fd);
    return failed;
  }
  return InstanceLock{fd};
}

InstanceLock::~InstanceLock() {
  if (fd_ >= 0) ::close(fd_);
}

}  // namespace pianissimo::service
