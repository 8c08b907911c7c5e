// What the loop needs from the world, declared by the one who needs it. Live, nl80211 and the
// monotonic clock stand behind these; in tests, a fake kernel and a clock moved by hand.
#pragma once

#include <algorithm>
#include <array>
#include <boost/asio/awaitable.hpp>
#include <boost/system/result.hpp>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "config/config.hpp"
#include "controller/core/decision.hpp"
#include "controller/core/events.hpp"
#include "controller/service/air_rules.hpp"
#include "controller/service/metrics.hpp"
#include "controller/service/power_set.hpp"

namespace pianissimo::service {

template <class T>
using Awaitable = boost::asio::awaitable<T>;

/// Why a port could not answer.
struct PortError {
  PortError() = default;
  // Two arguments, so that a plain string is never taken for an error by Result<std::string>.
  PortError(std::string text, bool is_gone) : message{std::move(text)}, gone{is_gone} {}

  std::string message;
  bool gone = false;  ///< the interface does not exist any more
};

template <class T>
using Result = boost::system::result<T, PortError>;

/// Something to wait at, for one waiter.
class Alarm {
 public:
  virtual ~Alarm() = default;
  /// Returns when `due` has come, or earlier when interrupted: look at the clock.
  virtual Awaitable<void> wait_until(Instant due) = 0;
  virtual void interrupt() = 0;
};

class Time {
 public:
  virtual ~Time() = default;
  virtual Instant now() const = 0;
  virtual std::int64_t wall_ms() const = 0;
  virtual std::unique_ptr<Alarm> make_alarm() = 0;
};

/// What an interface is in its network. Whoever it sends to is a station here: of an access point
/// its stations, of a station its access point, of a mesh point its peers.
enum class InterfaceMode : std::uint8_t { access_point, station, mesh };

/// "AP", "station", "mesh".
constexpr std::string_view to_string(InterfaceMode mode) {
  constexpr std::array<std::string_view, 3> words{"AP", "station", "mesh"};
  return words.at(static_cast<std::size_t>(mode));
}

/// An interface that is up, on a channel, and could be driven: an access point; or one in another
/// of these modes, which is driven only if it is named.
struct ApInterface {
  InterfaceIndex index{};
  WiphyIndex wiphy{};
  std::string name;
  std::string driver;
  InterfaceMode mode = InterfaceMode::access_point;
  KnobKind default_path = KnobKind::interface;  ///< for `power_path: auto`
  bool has_station_knob = false;                ///< NL80211_EXT_FEATURE_STA_TX_PWR
  Mhz frequency;
  Mhz width;
  /// Devices of its own that stations of this one sit on (AP_VLAN: 4-address stations, VLANs).
  std::vector<InterfaceIndex> vlans;
  /// What the kernel caps at, which knows nothing of the width (AirRules::width_limit()); nullopt:
  /// the regulatory limit is not known.
  std::optional<Dbm> channel_maximum;
  std::optional<Dbm> power;  ///< nullopt: the driver does not say
  AirRules air{};
  friend bool operator==(const ApInterface&, const ApInterface&) = default;
};

/// The highest power that the rules of the air allow on an interface's channel and in its width.
/// There has to be a channel_maximum.
inline Dbm most_allowed(const ApInterface& interface) {
  const Dbm maximum = *interface.channel_maximum;
  return std::min(maximum, interface.air.width_limit().value_or(maximum));
}

/// Any wireless interface: AP or not, up or down.
struct WirelessInterface {
  InterfaceIndex index{};
  WiphyIndex wiphy{};
  std::string name;
};

/// Interfaces or channels are not as they were, or something was missed: list them anew.
struct InterfacesChanged {};
/// Something happened that the loop takes from the reports or asks for anew.
using Change = std::variant<InterfacesChanged, StationJoined, StationLeft>;

class InterfaceSource {
 public:
  virtual ~InterfaceSource() = default;
  virtual Awaitable<Result<std::vector<ApInterface>>> list() = 0;
  virtual Awaitable<Result<std::vector<WirelessInterface>>> list_all() = 0;
  /// The power in force at an interface; nullopt: its driver does not say.
  virtual Awaitable<Result<std::optional<Dbm>>> power_of(InterfaceIndex interface) = 0;
  /// ISO 3166 alpha-2; "00" is the world domain.
  virtual Awaitable<Result<std::string>> regulatory_domain() = 0;
  /// Waits for the next change. An error means that there is none to come.
  virtual Awaitable<Result<Change>> next_change() = 0;
  /// Ends a next_change() that waits.
  virtual void close() = 0;
};

/// All stations of an interface, of an access point also those on devices of their own.
struct StationReading {
  StationReport report;
  std::map<MacAddress, InterfaceIndex> on_vlan;  ///< of those that sit on an AP_VLAN device
};

class StationSource {
 public:
  virtual ~StationSource() = default;
  virtual Awaitable<Result<StationReading>> read(InterfaceIndex interface) = 0;
};

/// Counts the bytes of stations where their frames enter and leave the device. Answers at once.
class TrafficSource {
 public:
  struct Attached {
    std::string how;                    ///< for people: "native XDP, tcx egress"
    std::vector<std::string> warnings;  ///< what the operator should know
  };

  virtual ~TrafficSource() = default;
  /// Begins to count on the interface and its VLAN devices. What is in place already stays. A VLAN
  /// device where that cannot be done is a warning, and is not tried again before a detach().
  virtual Result<Attached> attach(const ApInterface& interface, TrafficAttach where) = 0;
  /// Whether all of that is still in place.
  virtual bool is_attached(const ApInterface& interface) const = 0;
  /// Also removes what a killed run left on the interface and its VLAN devices.
  virtual void detach(const ApInterface& interface) = 0;
  /// The counts of the stations in the reading, but of those that there was no room for; who is new
  /// there is counted from now on.
  virtual TrafficReport read(const StationReading& reading, Instant now) = 0;
};

/// Records who talks with whom over interfaces, for diagnosis, and tells a collector. Answers at
/// once.
class FlowRecorder {
 public:
  /// Tells the operator something, once however often it is said.
  using Say = std::function<void(std::string)>;

  virtual ~FlowRecorder() = default;
  /// Ends what there was, and begins under this configuration, which may want nothing.
  virtual void begin(const FlowConfig& config, Say say) = 0;
  /// Records at the interface and its VLAN devices; to be called again from time to time, as others
  /// may remove programs.
  virtual void look_after(const ApInterface& interface) = 0;
  virtual void forget(InterfaceIndex interface) = 0;
  /// Takes, sorts or sends a part of what was recorded. When it wants to be called again.
  virtual Instant step() = 0;
  /// Sends all that was recorded, and records no more.
  virtual void end() = 0;
};

/// Answers those who ask over HTTP, from what the daemon knows at that moment.
class Publisher {
 public:
  /// Tells the operator something, once however often it is said.
  using Say = std::function<void(std::string)>;
  /// What there is to be told; asked at most once a second.
  struct Source {
    std::function<std::string(MetricsFormat)> metrics;
    std::function<std::string()> status;  ///< one JSON object on one line
    /// Does what an operator asks for: lines as those of the control socket.
    std::function<Awaitable<std::string>(std::string)> control{};
    std::string token{};  ///< who knows it may control; empty: nobody may
  };

  virtual ~Publisher() = default;
  /// Ends what there was if it was under another configuration, and begins under this one, which
  /// may want nothing.
  virtual void begin(const HttpConfig& config, Source source, Say say) = 0;
  /// A decision, as it is made; `whose` names its knob.
  virtual void tell(const Decision& decision, const std::string& whose) = 0;
  /// Answers nobody any more, and asks the source for nothing.
  virtual void end() = 0;
};

/// Where a SetPower command goes.
class PowerKnob {
 public:
  virtual ~PowerKnob() = default;
  /// Always answers, within a bounded time.
  virtual Awaitable<PowerResult> set(const Knob& knob, Dbm level) = 0;
  /// Gives the knob back: the radio chooses its power, within the channel's maximum; a station's
  /// own limit is lifted.
  virtual Awaitable<PowerResult> set_automatic(const Knob& knob) = 0;
};

/// Tells what other processes set, as they do it.
class PowerSetSource {
 public:
  virtual ~PowerSetSource() = default;
  /// Begins to listen; begun before, it stays so. Why it cannot, or nothing.
  virtual std::optional<std::string> listen() = 0;
  /// Listens no more.
  virtual void ignore() = 0;
  /// Waits for the next one; nullopt: there is none to come.
  virtual Awaitable<std::optional<PowerSet>> next() = 0;
  /// Ends a next() that waits.
  virtual void close() = 0;
};

/// Only one daemon at a time drives a radio.
class RadioLocks {
 public:
  virtual ~RadioLocks() = default;
  /// Takes the radio until this object is destroyed; taken before, it stays so. Why not, or
  /// nothing.
  virtual std::optional<std::string> take(WiphyIndex wiphy) = 0;
};

/// Who started the daemon and wants to know how it goes. Answers at once.
class Supervisor {
 public:
  virtual ~Supervisor() = default;
  /// It drives what there is to drive, under the configuration in force.
  virtual void ready() = 0;
  /// It begins anew under another configuration; ready() follows.
  virtual void reloading() = 0;
  /// It puts the power back, and ends.
  virtual void stopping() = 0;
  /// The loop that reads the stations goes on. To be told at each turn, however soon.
  virtual void alive() = 0;
};

class ControlPort;  // control_port.hpp

struct Ports {
  Time& time;
  InterfaceSource& interfaces;
  StationSource& stations;
  PowerKnob& knob;
  TrafficSource* traffic = nullptr;      ///< null: this program was built without BPF
  RadioLocks* locks = nullptr;           ///< null: nobody else is there
  PowerSetSource* power_sets = nullptr;  ///< null: this program was built without BPF
  FlowRecorder* flows = nullptr;         ///< null: this program was built without BPF
  Publisher* http = nullptr;             ///< null: this program was built without HTTP
  ControlPort* control = nullptr;        ///< null: nobody asks
  Supervisor* supervisor = nullptr;      ///< null: nobody wants to know
};

}  // namespace pianissimo::service
