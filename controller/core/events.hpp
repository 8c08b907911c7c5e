// What the world told us. Every event carries the time it is about; none has a default for it.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "controller/core/identity.hpp"
#include "controller/core/station.hpp"
#include "controller/core/time.hpp"
#include "controller/core/units.hpp"

namespace pianissimo {

/// Another process that has set a power, as the kernel names it.
struct PowerSetter {
  std::string name;       ///< what it calls itself; any process may take any name
  std::uint32_t pid = 0;  ///< in the kernel's first PID namespace
  friend bool operator==(const PowerSetter&, const PowerSetter&) = default;
};

/// An interface is up and its power may be set: an access point, or one in station or mesh mode.
/// Told again whenever a field has changed (channel switch, regulatory change, power moved by
/// somebody else).
struct InterfaceUp {
  Instant at;
  InterfaceIndex interface {};
  WiphyIndex wiphy{};
  std::string name;
  KnobKind path = KnobKind::interface;  ///< which kind of knob this interface is driven through
  Mhz frequency;                        ///< of the control channel
  Mhz width;
  Dbm channel_maximum;  ///< regulatory: NL80211_FREQUENCY_ATTR_MAX_TX_POWER
  Dbm found;            ///< the power before we first wrote one: nothing ever goes above it
  Dbm power;            ///< the power in force now
  /// Who has just moved `power` or `found`; nullopt: nobody else, or the kernel does not tell.
  std::optional<PowerSetter> set_by{};
  friend bool operator==(const InterfaceUp&, const InterfaceUp&) = default;
};

/// The interface went down, stopped being an AP, left its network, or was deleted.
struct InterfaceGone {
  Instant at;
  InterfaceIndex interface {};
  friend bool operator==(const InterfaceGone&, const InterfaceGone&) = default;
};

/// NL80211_CMD_NEW_STATION. Told for a known station too: it associated anew.
struct StationJoined {
  Instant at;
  InterfaceIndex interface {};
  MacAddress station;
  friend bool operator==(const StationJoined&, const StationJoined&) = default;
};

/// NL80211_CMD_DEL_STATION.
struct StationLeft {
  Instant at;
  InterfaceIndex interface {};
  MacAddress station;
  friend bool operator==(const StationLeft&, const StationLeft&) = default;
};

/// All stations of an interface in one dump (NL80211_CMD_GET_STATION).
struct StationReport {
  Instant at;  ///< when the dump was asked for
  InterfaceIndex interface {};
  std::vector<StationSample> stations;
  /// False when the kernel said that the list changed under the dump (NLM_F_DUMP_INTR): then a
  /// station that is not in it has not necessarily left.
  bool complete = true;
  friend bool operator==(const StationReport&, const StationReport&) = default;
};

/// From here on this origin counts the bytes of the interface's stations. Until it is told, the
/// driver's own counters do.
struct TrafficSourceSet {
  Instant at;
  InterfaceIndex interface {};
  TrafficOrigin origin = TrafficOrigin::nl80211;
  std::string how;  ///< for people: "native XDP, tcx egress", or why it is the driver's counters
  friend bool operator==(const TrafficSourceSet&, const TrafficSourceSet&) = default;
};

/// The byte counters of an interface's stations (TrafficOrigin::bpf); told before the
/// StationReport that it belongs to.
struct TrafficReport {
  Instant at;
  InterfaceIndex interface {};
  std::vector<TrafficSample> stations;
  friend bool operator==(const TrafficReport&, const TrafficReport&) = default;
};

/// What became of a SetPower command.
enum class PowerAnswer : std::uint8_t {
  accepted,       ///< the kernel took it; `read_back` says what is in force
  busy,           ///< EBUSY, EAGAIN, ENOBUFS, a time-out: try again later
  gone,           ///< ENODEV, ENOENT: no such interface or station
  not_permitted,  ///< EPERM, EACCES
  unsupported,    ///< EOPNOTSUPP, EINVAL and any other refusal: this knob will not do it
};

/// The kernel's answer to a SetPower command.
struct PowerResult {
  Instant at;  ///< when the answer came
  Knob knob;
  Dbm asked;
  PowerAnswer answer = PowerAnswer::accepted;
  std::optional<Dbm> read_back;  ///< NL80211_CMD_GET_INTERFACE afterwards, where it can be read
  int error = 0;                 ///< errno of a refusal, else 0
  friend bool operator==(const PowerResult&, const PowerResult&) = default;
};

/// Who asks for something through the control socket, as the kernel names the other end of it
/// (SO_PEERCRED).
struct Asker {
  std::uint32_t uid = 0;
  std::uint32_t pid = 0;
  friend bool operator==(const Asker&, const Asker&) = default;
};

/// The operator wants the power of an interface to stay where it is, or to be driven again. It
/// holds from the interface's next InterfaceUp on if there was none yet, until InterfaceGone.
struct HoldSet {
  Instant at;
  InterfaceIndex interface {};
  bool holds = true;
  /// The level to stay at, which is taken into the box; nullopt: what is in force at each knob.
  std::optional<Dbm> level{};
  std::optional<Instant> until{};  ///< nullopt: until it is told otherwise
  Asker by;
  friend bool operator==(const HoldSet&, const HoldSet&) = default;
};

/// The operator's ceiling at run time. It narrows the box and never widens it: what the
/// configuration, the channel and the power found allow holds as ever, and the floor is not left.
/// In force for as long as a HoldSet.
struct CeilingSet {
  Instant at;
  InterfaceIndex interface {};
  std::optional<Dbm> ceiling;  ///< nullopt: no such ceiling any more
  Asker by;
  friend bool operator==(const CeilingSet&, const CeilingSet&) = default;
};

/// The ceiling that an external controller (EasyMesh, RRM) wants, as its file says it. Beside the
/// operator's; like that one it narrows the box, does not go below the floor, and is in force for
/// as long as a HoldSet.
struct ExternalCeilingSet {
  Instant at;
  InterfaceIndex interface {};
  std::optional<Dbm> ceiling;  ///< nullopt: no such ceiling any more
  friend bool operator==(const ExternalCeilingSet&, const ExternalCeilingSet&) = default;
};

/// How far down the control may go by itself at an interface; up it may always go. Until it is
/// told, it may go as far as the box. In force for as long as a HoldSet.
struct LeaveSet {
  Instant at;
  InterfaceIndex interface {};
  /// False: it is outside the operator's change window, and the power goes up only.
  bool is_open = true;
  /// The power goes down only as far as an operator has approved; what would do is proposed, and a
  /// proposal holds for so long. nullopt: nothing has to be approved.
  std::optional<std::chrono::seconds> proposals_hold{};
  std::optional<Dbm> approved{};  ///< nullopt: nothing is; not below what is in force, then
  std::optional<Asker> by{};      ///< who has approved it
  friend bool operator==(const LeaveSet&, const LeaveSet&) = default;
};

/// The time that the core asked to be woken at has come.
struct Wake {
  Instant at;
  friend bool operator==(const Wake&, const Wake&) = default;
};

using Event = std::variant<InterfaceUp, InterfaceGone, StationJoined, StationLeft, StationReport,
                           TrafficSourceSet, TrafficReport, PowerResult, HoldSet, CeilingSet,
                           ExternalCeilingSet, LeaveSet, Wake>;

/// The time an event is about.
inline Instant time_of(const Event& event) {
  return std::visit([](const auto& e) { return e.at; }, event);
}

}  // namespace pianissimo
