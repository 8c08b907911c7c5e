// The powers that stand outside of us: what was found at each interface, what we wrote on top, and
// what others do to it. A pure value: it is told readings and answers what they mean.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>

#include "controller/core/events.hpp"
#include "controller/service/found_power.hpp"
#include "controller/service/power_set.hpp"

namespace pianissimo::service {

/// One reading of an interface's power, with what it is to be judged by.
struct PowerSight {
  std::string name;
  InterfaceIndex interface {};
  WiphyIndex wiphy{};
  KnobKind path = KnobKind::interface;
  std::optional<Dbm> power;  ///< as the driver reports it; nullopt: it does not
  Dbm channel_maximum;
  std::optional<Dbm> last_read;  ///< what it read after our last write
  std::optional<PowerSet> told;  ///< what the kernel says that others have set since the last look
};

/// Who has set the power that is read; nullopt: the kernel has told nothing, or another power.
std::optional<PowerSetter> setter_of(const PowerSight& sight);
/// "iw (pid 812) set 5 dBm", or "somebody else" did.
std::string who_set(const PowerSight& sight);

/// Why a radio cannot be sending with the power that its driver reports; nullopt: it can.
std::optional<std::string> implausible_power(std::optional<Dbm> reported, Dbm channel_maximum);

/// What an operator can do about an interface that is not driven because of that.
inline constexpr std::string_view ways_out =
    "Either give box.ceiling_dbm by hand, which then stands in for the power found; or have the "
    "effect test of the policy anchor find, below such a ceiling, what the power knob really does";

class PowerWatch {
 public:
  enum class Verdict : std::uint8_t {
    ours,        ///< what we wrote, or what was found where we wrote nothing
    found,       ///< an interface's own: it is new, or came back with another power than ours
    lowered,     ///< somebody set less than what stood there: a limit from now on
    raised,      ///< somebody set more than we did: no limit is lifted by that
    unreadable,  ///< no level that a radio can have: what is known stays
    implausible  ///< no radio sends with that: nothing is known, so nothing may be written
  };
  struct Finding {
    Verdict verdict = Verdict::ours;
    FoundPowers found;  ///< as they are with it: to be saved, then adopt()ed
    std::string why;    ///< of `unreadable` and `implausible`, and where `by_hand` helped
  };

  /// What a reading means. `by_hand`: the operator's ceiling, which stands in for a power found
  /// that cannot be believed.
  Finding look(const PowerSight& sight, std::optional<Dbm> by_hand) const;
  void adopt(const PowerSight& sight, Finding finding);

  /// The interfaces that there are now. One that was not, meanwhile, returns with its own power.
  void see_present(const std::set<InterfaceIndex>& interfaces);
  /// To be told before each write, and after one that was accepted.
  void trying(const Knob& knob, Dbm level);
  void wrote(const Knob& knob, Dbm level) { written_[radio_of(knob)] = {level, level}; }
  /// Everything is put back: from here on what was found is what stands.
  void all_put_back();
  /// Not everything could be put back; it stays to be done.
  void owe(FoundPowers found);

  /// What there is to put back: the powers found where we wrote, and those that are owed.
  FoundPowers to_put_back() const;
  /// Whether the reading is a level that a radio may have at all.
  static bool is_readable(const PowerSight& sight);
  /// Whether this radio's power is one that was found before.
  bool knows(const PowerSight& sight) const { return owner_of(sight) != found_.end(); }
  /// Whether somebody else has set less than was found at first at the interface of that name.
  bool is_limited(const std::string& name) const { return before_limits_.contains(name); }
  /// Takes back the limits that others set: up to the power found at first.
  void lift_limits();

  const FoundPowers& found() const { return found_; }

 private:
  struct Written {
    std::optional<Dbm> level;  ///< the last that was accepted
    std::optional<Dbm> tried;  ///< the last that was sent: a time-out may have come through
    bool is_put_back = false;  ///< it is the power found
  };
  static Knob radio_of(const Knob& knob);
  static Knob radio_of(const FoundPower& found);
  FoundPowers::const_iterator owner_of(const PowerSight& sight) const;
  bool is_ours(const PowerSight& sight, const FoundPower& owner) const;
  bool is_told_limit(const PowerSight& sight, const FoundPower& owner) const;

  FoundPowers found_;
  FoundPowers before_limits_;  // of those that others have limited since
  std::map<Knob, Written> written_;
  std::set<InterfaceIndex> present_;  // looked at, and there ever since
  bool owes_ = false;
};

}  // namespace pianissimo::service
