#include "controller/service/found_power.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/json/serialize.hpp>
#include <cerrno>
#include <charconv>
#include <limits>

#include "config/yaml_tree.hpp"

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

// The note is trusted in nothing: it may have been written by anybody who could.
class Reader {
 public:
  explicit Reader(const std::string& path) : path_{path} {}

  std::variant<FoundPowers, StateError> read(const yaml::Node& root) {
    FoundPowers found;
    if (root.kind != yaml::Node::Kind::map) fail(root, "not a JSON object");
    for (const yaml::Entry& entry : root.entries) {
      if (!is_interface_name(entry.key.text)) fail(entry.key, "not the name of an interface");
      const auto power = read_entry(entry);
      if (error_) return *error_;
      if (!found.emplace(entry.key.text, power).second) fail(entry.key, "an interface twice");
    }
    if (error_) return *error_;
    return found;
  }

 private:
  // IFNAMSIZ, and nothing that a terminal would obey.
  static bool is_interface_name(std::string_view name) {
    return !name.empty() && name.size() <= 15 && std::ranges::all_of(name, [](char c) {
      return c > ' ' && c <= '~' && c != '/' && c != ':';
    });
  }

  void fail(const yaml::Node& node, const std::string& what) {
    if (error_) return;
    error_ = StateError{fmt::format("{}:{}:{}: {}", path_, node.at.line, node.at.column, what),
                        ExitStatus::bad_data};
  }

  const yaml::Node* find(const yaml::Entry& in, std::string_view key, bool is_needed) {
    const yaml::Node* found = nullptr;
    for (const yaml::Entry& entry : in.value.entries) {
      if (entry.key.text != key) continue;
      if (found) fail(entry.key, fmt::format("{}: {} twice", in.key.text, key));
      found = &entry.value;
    }
    if (!found && is_needed) fail(in.value, fmt::format("{}: needs {}", in.key.text, key));
    return found;
  }

  std::optional<std::int32_t> number(const yaml::Entry& in, std::string_view key,
                                     std::int32_t least, std::int32_t most, bool is_needed = true) {
    const yaml::Node* const node = find(in, key, is_needed);
    if (!node) return std::nullopt;
    std::int32_t number = 0;
    const char* const end = node->text.data() + node->text.size();
    const auto [parsed, failed] = std::from_chars(node->text.data(), end, number);
    const bool is_whole = failed == std::errc{} && parsed == end && !node->quoted;
    if (!is_whole || number < least || number > most) {
      fail(*node,
           fmt::format("{}: {}: not a whole number within {}..{}", in.key.text, key, least, most));
    }
    return number;
  }

  FoundPower read_entry(const yaml::Entry& in) {
    FoundPower found;
    if (in.value.kind != yaml::Node::Kind::map) {
      fail(in.value, in.key.text + ": needs path, wiphy and power_mbm");
      return found;
    }
    const yaml::Node* const path = find(in, "path", true);
    const auto kind = path ? knob_kind_from_string(path->text) : std::nullopt;
    if (path && !kind) fail(*path, in.key.text + ": path: none of wiphy, interface, station");
    found.path = kind.value_or(KnobKind::interface);
    constexpr std::int32_t most = std::numeric_limits<std::int32_t>::max();
    found.wiphy =
        WiphyIndex{static_cast<std::uint32_t>(number(in, "wiphy", 0, 0xffff).value_or(0))};
    found.power = Dbm::from_mbm(number(in, "power_mbm", least_mbm, most_mbm).value_or(0));
    // Not in the notes of old versions.
    found.interface = InterfaceIndex{
        static_cast<std::uint32_t>(number(in, "interface", 0, most, false).value_or(0))};
    const auto maximum = number(in, "channel_maximum_mbm", least_mbm, most_mbm, false);
    if (maximum) found.channel_maximum = Dbm::from_mbm(*maximum);
    const yaml::Node* const word = find(in, "setting", false);
    const auto setting = word ? setting_from_string(word->text) : found.setting;
    if (!setting) fail(*word, in.key.text + ": setting: none of fixed, automatic, unknown");
    found.setting = setting.value_or(PowerSetting::fixed);
    return found;
  }

  // What a radio may have been found at: -10..60 dBm.
  static constexpr std::int32_t least_mbm = -1'000;
  static constexpr std::int32_t most_mbm = 6'000;

  const std::string& path_;
  std::optional<StateError> error_;
};

}  // namespace

std::string_view to_string(PowerSetting setting) {
  return settings[static_cast<std::size_t>(setting)].second;
}

std::variant<FoundPowers, StateError> StateFile::load() const {
  auto text = read_small_file(path());
  if (auto* const error = std::get_if<StateError>(&text)) return std::move(*error);
  const auto& content = std::get<std::optional<std::string>>(text);
  if (!content) return FoundPowers{};
  const auto tree = yaml::read_tree(*content);
  if (const auto* const error = std::get_if<ConfigError>(&tree)) {
    return StateError{to_string(*error, path()), ExitStatus::bad_data};
  }
  return Reader{path()}.read(std::get<yaml::Node>(tree));
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
  if (auto error = prepare_directory(directory)) return std::move(*error);
  const std::string path = directory + '/' + std::string{lock_file};
  // Who may open it for reading may lock it, too, and so keep every run from starting.
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0600);
  if (fd < 0) return file_error(path, "cannot be opened", ExitStatus::cannot_create);
  struct stat status {};
  if (::fstat(fd, &status) != 0 || !S_ISREG(status.st_mode)) {
    ::close(fd);
    return StateError{path + ": is no regular file", ExitStatus::bad_data};
  }
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
