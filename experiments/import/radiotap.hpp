// The radiotap header before a captured 802.11 frame (radiotap.org). Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "controller/core/units.hpp"

namespace pianissimo::capture {

struct Radiotap {
  std::uint32_t length = 0;  ///< of the header
  bool has_fcs = false;      ///< the frame ends with its FCS
  bool has_bad_fcs = false;
  bool has_data_pad = false;  ///< zeros between MAC header and payload, to a multiple of 4 bytes
  std::optional<Throughput> rate;  ///< legacy, HT, VHT, HE or EHT
  std::optional<Dbm> signal;       ///< of all antennas together, else of the first
};

/// nullopt: no radiotap header, or not all of one.
std::optional<Radiotap> read_radiotap(std::span<const std::uint8_t> bytes);

}  // namespace pianissimo::capture
