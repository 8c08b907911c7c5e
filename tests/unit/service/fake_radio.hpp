// nl80211 as the daemon's commands see it, in the test's own process: fake_radio.cpp defines the
// members of nl80211::Nl80211 anew, so the real ones are not linked. What is below KernelPorts, the
// messages, is tested in tests/unit/nl80211; what is above the ports, on FakeKernel.
#pragma once

#include <boost/asio/steady_timer.hpp>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "nl80211/radio.hpp"

namespace pianissimo::nl80211 {

/// What is asked of the kernel.
enum class Asked : std::uint8_t {
  interfaces,         ///< the list of them
  interface,          ///< one, for its power
  wiphys,             ///< the radios and their channels
  regulatory_domain,  ///< "US"
  stations,           ///< the dump of an interface's
  set_power,          ///< a level
  set_automatic,      ///< no level
  read_back           ///< the power after a write that was accepted
};

/// What becomes of a request.
struct Fate {
  std::optional<Error> error;  ///< nothing else is answered
  bool is_in_force = false;    ///< of a write with an error: it came through all the same
  bool is_short = false;       ///< an answer without what is in it
};

struct FakeRadio {
  struct Written {
    Knob knob;
    std::optional<Dbm> level;  ///< nullopt: automatic
    friend bool operator==(const Written&, const Written&) = default;
  };

  std::vector<Interface> interfaces;
  std::vector<Wiphy> wiphys;
  std::map<InterfaceIndex, StationReport> stations;  ///< ENODEV for who is not here
  std::map<InterfaceIndex, BeaconElements> beacons;  ///< ENOENT for who is not here
  std::deque<Result<KernelEvent>> events;            ///< none: it waits
  std::string regulatory_domain = "US";
  Result<bool> may_write = true;
  std::optional<Error> cannot_open;
  std::optional<Error> cannot_list;
  std::optional<Error> cannot_list_wiphys;
  std::optional<Error> cannot_write;
  int wiphy_lists = 0;           ///< so often were the wiphys asked for
  std::vector<Written> written;  ///< every accepted write
  std::function<void()> after_write = [] {};
  std::function<void()> after_list = [] {};
  /// May let it wait; none: all is answered at once.
  std::function<asio::awaitable<Fate>(Asked)> fate_of;
  asio::steady_timer* waits_for_event = nullptr;

  /// An access point, running on channel 36 of its own radio, and the radio.
  void add_access_point(std::uint32_t index, std::uint32_t wiphy, std::string name, Dbm power);
  /// Tells an event also to who waits for one.
  void happen(Result<KernelEvent> event);
};

/// What answers every Nl80211 of this program.
extern FakeRadio radio;

/// Gives this process a network of its own: its locks on radios and its traffic filters are nobody
/// else's. False: that may not be.
bool have_own_network();

}  // namespace pianissimo::nl80211
