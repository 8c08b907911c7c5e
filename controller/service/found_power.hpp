// The power found at the start, on disk before the first write: whatever becomes of the daemon,
// `pianissimo restore` and the next start know what to put back.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "controller/core/identity.hpp"
#include "controller/core/units.hpp"
#include "controller/service/replace_file.hpp"
#include "controller/service/state_files.hpp"

namespace pianissimo::service {

/// How the power found is put back. nl80211 does not tell which setting stood there before.
enum class PowerSetting : std::uint8_t {
  fixed,      ///< NL80211_TX_POWER_FIXED at that level
  automatic,  ///< it was the channel's maximum: NL80211_TX_POWER_AUTOMATIC, read back and compared
  unknown     ///< what the driver reported could not be believed: AUTOMATIC, not compared
};
std::string_view to_string(PowerSetting setting);

/// What stood at one interface before our first write, or what others have limited it to since.
struct FoundPower {
  KnobKind path = KnobKind::interface;
  WiphyIndex wiphy{};
  Dbm power;
  InterfaceIndex interface {};  ///< should it have another name by then; 0: not known
  PowerSetting setting = PowerSetting::fixed;
  std::optional<Dbm> channel_maximum;  ///< at that time
  friend bool operator==(const FoundPower&, const FoundPower&) = default;
};

/// By interface name: an index does not outlive its interface, a name does.
using FoundPowers = std::map<std::string, FoundPower>;

/// The state file below `directory`.
class StateFile {
 public:
  explicit StateFile(std::string directory) : directory_{std::move(directory)} {}

  /// An empty map if there is no file: nothing to put back.
  std::variant<FoundPowers, StateError> load() const;
  /// Replaces the file in one step: a crash leaves the old one or the new one.
  std::optional<StateError> save(const FoundPowers& found) const;
  std::optional<StateError> remove() const;
  const std::string& directory() const { return directory_; }
  std::string path() const { return directory_ + '/' + std::string{found_file}; }

 private:
  std::string directory_;
};

/// Only one may drive the radios: an flock(2) below `directory`, held until destruction (also by
/// SIGKILL).
class InstanceLock {
 public:
  static std::variant<InstanceLock, StateError> take(const std::string& directory);
  InstanceLock(InstanceLock&& other) noexcept : fd_{std::exchange(other.fd_, -1)} {}
  InstanceLock& operator=(InstanceLock&&) = delete;
  ~InstanceLock();

 private:
  explicit InstanceLock(int fd) : fd_{fd} {}
  int fd_;
};

}  // namespace pianissimo::service
