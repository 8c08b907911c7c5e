// Who the stations of a recording are in what is made of it: reports and tables leave the machine,
// so they tell no address unless that is asked for.
#pragma once

#include <optional>
#include <string>

#include "controller/journal/pseudonym.hpp"

namespace pianissimo::report {

class StationNames {
 public:
  /// The key is read, or made, when the first station needs it.
  StationNames(StationIds ids, std::string key_file) : ids_{ids}, key_file_{std::move(key_file)} {}

  /// Gives the record's stations the names that they have in the run it belongs to; a header begins
  /// one. Stations that nobody carries keep their addresses: those of the simulator and of the
  /// testbed (the header's drivers are all "simulated" or "mac80211_hwsim"). Those that have
  /// pseudonyms already (the header says so) keep these, unless numbers are wanted.
  void hide(journal::Record& record);
  /// The name of a station of the run whose header was seen last.
  MacAddress of(const MacAddress& station);

  /// Why the pseudonyms are those of this run only; empty: they are not.
  const std::string& trouble() const { return trouble_; }

 private:
  journal::Pseudonyms& names();

  StationIds ids_;
  std::string key_file_;
  std::optional<journal::Pseudonyms> names_;
  std::string trouble_;
  bool keeps_ = false;
};

}  // namespace pianissimo::report
