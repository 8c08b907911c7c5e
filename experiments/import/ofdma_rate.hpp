// The PHY rates of 802.11ax and 802.11be, and where radiotap tells them (radiotap.org). Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "controller/core/station.hpp"
#include "controller/core/units.hpp"

namespace pianissimo::capture {

/// Between two OFDM symbols.
enum class GuardInterval : std::uint8_t { ns_800, ns_1600, ns_3200 };

/// A rate of 802.11ax (IEEE 802.11ax-2021, 27.5) or 802.11be: `data_subcarriers` of the channel or
/// resource unit, MCS 0..15 (from 12 on 802.11be alone), 1..8 streams; nullopt for what there is
/// none of. `dual_carrier`: DCM of 802.11ax, which halves the rate.
std::optional<Throughput> ofdma_rate(std::uint32_t mcs, std::uint32_t streams,
                                     std::uint32_t data_subcarriers, GuardInterval guard,
                                     bool dual_carrier);

/// Of the radiotap field HE (bit 23, 12 bytes). nullopt: MCS, width or streams are not known.
/// Of a resource unit `width` is the narrowest channel that has it.
std::optional<BitRate> he_rate(std::span<const std::uint8_t> he);

/// Of the radiotap TLVs EHT (type 34) and U-SIG (type 33, may be empty), as Linux writes them: a
/// word of what is known, nine of data, then one for each user. nullopt as above.
std::optional<BitRate> eht_rate(std::span<const std::uint8_t> eht,
                                std::span<const std::uint8_t> usig);

}  // namespace pianissimo::capture
