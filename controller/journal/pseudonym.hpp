// Pseudonyms: addresses that tell stations apart and do not tell who they are. They have the shape
// of MAC addresses, so every reader reads them.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "controller/core/identity.hpp"
#include "controller/core/station_ids.hpp"
#include "controller/journal/record.hpp"

namespace pianissimo::journal {

/// What pseudonyms are made with: whoever has it can try all MAC addresses, and so knows who is
/// who.
using PrivacyKey = std::array<std::uint8_t, 32>;

/// Not for two threads at once: it remembers.
class Pseudonyms {
 public:
  /// No station is told by its address: with `mac`, this object changes nothing.
  Pseudonyms(StationIds ids, const PrivacyKey& key) : ids_{ids}, key_{key} {}

  StationIds ids() const { return ids_; }

  /// `hmac`: the first 48 bits of HMAC-SHA-256 (RFC 2104) of the address, as a locally administered
  /// unicast address (IEEE 802): 46 bits are left. That two of n stations get the same one has a
  /// chance of n^2 / 2^47: one in 140 million for 1000 stations.
  /// `none`: 0a:00:00:00:00:01 for the first, and so on; after the 16383rd, as `hmac`: so the key
  /// has to be one that nobody keeps.
  /// The address that is all zeros means nobody and stays, and so does a pseudonym of this object.
  MacAddress of(const MacAddress& station);
  /// A text with every MAC address in it replaced ("02:00:00:00:00:0a"), also in the names that
  /// systemd gives to USB interfaces ("wlx02000000000a").
  std::string in_text(std::string_view text);
  /// The event with every address in it replaced, in fields and in texts.
  void hide(Event& event);
  /// The record with every address in it replaced, in fields and in texts. A header says so then.
  void hide(Record& record);

 private:
  StationIds ids_;
  PrivacyKey key_;
  MacAddress number_or_hash(const MacAddress& station);

  std::map<MacAddress, MacAddress> known_;  // bounded; pseudonyms stand there for themselves
  std::size_t numbers_ = 0;                 // given so far
};

}  // namespace pianissimo::journal
