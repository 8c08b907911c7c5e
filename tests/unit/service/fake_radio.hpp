// nl80211 as the daemon's commands see it, in the test's own process: fake_radio.cpp defines the
// members of nl80211::Nl80211 anew, so the real ones are not linked. What is below KernelPorts, the
// messages, is tested in tests/unit/nl80211; what is above the ports, on FakeKernel.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "nl80211/radio.hpp"

namespace pianissimo::nl80211 {

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

  /// An access point, running on channel 36 of its own radio, and the radio.
  void add_access_point(std::uint32_t index, std::uint32_t wiphy, std::string name, Dbm power);
};

/// What answers every Nl80211 of this program.
extern FakeRadio radio;

/// Gives this process a network of its own: its locks on radios and its traffic filters are nobody
/// else's. False: that may not be.
bool have_own_network();

}  // namespace pianissimo::nl80211
