#include "experiments/import/ofdma_rate.hpp"

#include <array>

#include "experiments/import/little_endian.hpp"

namespace pianissimo::capture {
namespace {

using Bytes = std::span<const std::uint8_t>;

// Data bits of a subcarrier and symbol, times 24: modulation times code rate.
constexpr std::array<std::uint32_t, 16> bits_times_24{
    12,  24,  36, 48, 72, 96, 108, 120, 144, 160, 180, 200,  // MCS 0 to 11
    216, 240,                                                // 12, 13: 4096-QAM
    3,   6};  // 14, 15: BPSK on four and two carriers
constexpr std::uint32_t highest_he_mcs = 11;

// Data subcarriers of 26, 52, 106, 242, 484, 996, 2 x 996, 4 x 996 tones.
constexpr std::array<std::uint32_t, 8> of_tones{24, 48, 102, 234, 468, 980, 1960, 3920};

// radiotap's codes of widths (20, 40, 80, 160 MHz) and resource units in HE.
constexpr std::array<std::uint32_t, 11> he_subcarriers{
    of_tones[3], of_tones[4], of_tones[5], of_tones[6],  //
    of_tones[0], of_tones[1], of_tones[2], of_tones[3], of_tones[4], of_tones[5], of_tones[6]};

// The narrowest channel that has so many.
Mhz width_of(std::uint32_t data_subcarriers) {
  std::uint32_t mhz = 20;
  for (std::size_t i = 3; i + 1 < of_tones.size() && data_subcarriers > of_tones[i]; ++i) mhz *= 2;
  return Mhz{mhz};
}

// The same in EHT: single units, then those put together.
constexpr std::array<std::uint32_t, 16> eht_subcarriers{of_tones[0],     of_tones[1], of_tones[2],
                                                        of_tones[3],     of_tones[4], of_tones[5],
                                                        of_tones[6],     of_tones[7],
                                                        48 + 24,          // 52 + 26
                                                        102 + 24,         // 106 + 26
                                                        468 + 234,        // 484 + 242
                                                        980 + 468,        // 996 + 484
                                                        980 + 468 + 234,  // 996 + 484 + 242
                                                        2 * 980 + 468,    // 2 x 996 + 484
                                                        3 * 980,          // 3 x 996
                                                        3 * 980 + 468};   // 3 x 996 + 484

// 20, 40, 80, 160 MHz and the two ways to be 320 MHz wide.
constexpr std::array<std::uint32_t, 6> usig_subcarriers{of_tones[3], of_tones[4], of_tones[5],
                                                        of_tones[6], of_tones[7], of_tones[7]};

std::optional<GuardInterval> guard_of(std::uint32_t code) {
  if (code > 2) return std::nullopt;
  return static_cast<GuardInterval>(code);
}

// The word of the user that the frame is of: else the first.
std::uint32_t user_of(Bytes eht) {
  constexpr std::size_t first = 40;
  constexpr std::uint32_t is_data_for_user = 0x80;
  for (std::size_t at = first; at + 4 <= eht.size(); at += 4) {
    const std::uint32_t user = little_endian(eht, at, 4);
    if ((user & is_data_for_user) != 0) return user;
  }
  return little_endian(eht, first, 4);
}

// 0: not known.
std::uint32_t subcarriers_of(Bytes eht, Bytes usig) {
  constexpr std::uint32_t resource_unit_known = 0x400000;
  if ((little_endian(eht, 0, 4) & resource_unit_known) != 0) {
    const std::uint32_t code = little_endian(eht, 8, 4) & 0x1fU;
    return code < eht_subcarriers.size() ? eht_subcarriers[code] : 0;
  }
  constexpr std::uint32_t width_known = 2;
  const std::uint32_t common = little_endian(usig, 0, 4);
  const std::uint32_t code = common >> 15U & 7U;
  const bool is_known = (common & width_known) != 0 && code < usig_subcarriers.size();
  return is_known ? usig_subcarriers[code] : 0;
}

}  // namespace

std::optional<Throughput> ofdma_rate(std::uint32_t mcs, std::uint32_t streams,
                                     std::uint32_t data_subcarriers, GuardInterval guard,
                                     bool dual_carrier) {
  if (mcs >= bits_times_24.size() || streams < 1 || streams > 8 || data_subcarriers == 0) {
    return std::nullopt;
  }
  // A symbol of 12.8 us and the interval before it, in units of 0.8 us.
  const std::int64_t symbol = 16 + (1 << static_cast<unsigned>(guard));
  const std::int64_t bits = std::int64_t{bits_times_24[mcs]} * data_subcarriers * streams;
  // bits / 24 / (symbol x 0.8 us), in kbit/s
  const std::int64_t kbps = bits * 10'000 / (24 * 8 * symbol);
  return Throughput::from_kbps(dual_carrier ? kbps / 2 : kbps);
}

std::optional<BitRate> he_rate(Bytes he) {
  constexpr std::uint32_t mcs_known = 0x20;
  constexpr std::uint32_t width_known = 0x4000;
  constexpr std::uint32_t guard_known = 2;
  const auto data = [&](std::size_t number) { return little_endian(he, 2 * (number - 1), 2); };
  if ((data(1) & mcs_known) == 0 || (data(1) & width_known) == 0) return std::nullopt;
  std::uint32_t coding = data(3);
  // There are captures with the MCS one word late: where the fourth says something although the
  // first says that nothing in it is known (spatial reuse, STA-ID), and the third says nothing.
  constexpr std::uint32_t fourth_known = 0x3c00;
  const bool is_late = coding == 0 && (data(1) & fourth_known) == 0 && (data(4) & 0xf0ffU) == 0;
  if (is_late) coding = data(4);
  const std::uint32_t code = data(5) & 15U;
  const auto guard =
      (data(2) & guard_known) != 0 ? guard_of(data(5) >> 4U & 3U) : GuardInterval::ns_800;
  const std::uint32_t mcs = coding >> 8U & 15U;
  if (code >= he_subcarriers.size() || !guard || mcs > highest_he_mcs) return std::nullopt;
  // STBC sends each stream twice.
  const bool has_stbc = (data(1) & 0x200U) != 0 && (coding & 0x8000U) != 0;
  const std::uint32_t streams = (data(6) & 15U) / (has_stbc ? 2 : 1);
  const auto rate = ofdma_rate(mcs, streams, he_subcarriers[code], *guard, (coding & 0x1000U) != 0);
  if (!rate) return std::nullopt;
  return BitRate{.rate = *rate,
                 .format = RateFormat::he,
                 .mcs = static_cast<std::uint8_t>(mcs),
                 .nss = static_cast<std::uint8_t>(streams),
                 .width = width_of(he_subcarriers[code])};
}

std::optional<BitRate> eht_rate(Bytes eht, Bytes usig) {
  constexpr std::uint32_t guard_known = 4;
  constexpr std::uint32_t mcs_and_streams_known = 0x12;
  const std::uint32_t user = user_of(eht);
  if ((user & mcs_and_streams_known) != mcs_and_streams_known) return std::nullopt;
  const auto guard = (little_endian(eht, 0, 4) & guard_known) != 0
                         ? guard_of(little_endian(eht, 4, 4) >> 7U & 3U)
                         : GuardInterval::ns_800;
  if (!guard) return std::nullopt;
  const std::uint32_t mcs = user >> 20U & 15U;
  const std::uint32_t streams = (user >> 24U & 15U) + 1;  // told from 0 on
  const std::uint32_t subcarriers = subcarriers_of(eht, usig);
  const auto rate = ofdma_rate(mcs, streams, subcarriers, *guard, false);
  if (!rate) return std::nullopt;
  return BitRate{.rate = *rate,
                 .format = RateFormat::eht,
                 .mcs = static_cast<std::uint8_t>(mcs),
                 .nss = static_cast<std::uint8_t>(streams),
                 .width = width_of(subcarriers)};
}

}  // namespace pianissimo::capture
