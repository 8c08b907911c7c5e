#include "experiments/import/radiotap.hpp"

#include <array>

#include "experiments/import/minstrel.hpp"

namespace pianissimo::capture {
namespace {

using Bytes = std::span<const std::uint8_t>;

struct Field {
  std::size_t size;
  std::size_t alignment;
};
// In the order of their bits in the first word of presence; later ones are not needed.
constexpr std::array<Field, 22> fields{{
    {8, 8},  // 0 TSFT
    {1, 1},  // 1 flags
    {1, 1},  // 2 rate
    {4, 2},  // 3 channel
    {2, 2},  // 4 FHSS
    {1, 1},  // 5 antenna signal, dBm
    {1, 1},  // 6 antenna noise, dBm
    {2, 2},  // 7 lock quality
    {2, 2},  // 8 transmit attenuation
    {2, 2},  // 9 the same in dB
    {1, 1},  // 10 transmit power
    {1, 1},  // 11 antenna
    {1, 1},  // 12 antenna signal, dB
    {1, 1},  // 13 antenna noise, dB
    {2, 2},  // 14 flags of reception
    {2, 2},  // 15 flags of transmission
    {1, 1},  // 16 RTS retries
    {1, 1},  // 17 data retries
    {8, 4},  // 18 extended channel
    {3, 1},  // 19 MCS
    {8, 4},  // 20 A-MPDU status
    {12, 2}  // 21 VHT
}};

std::uint32_t little_endian(Bytes bytes, std::size_t at, std::size_t size) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < size; ++i) value |= std::uint32_t{bytes[at + i]} << (8 * i);
  return value;
}

// known, flags (bits 0-1: width, 2: guard interval), index with the streams in it
std::optional<Throughput> ht_rate(Bytes mcs) {
  const std::uint8_t known = mcs[0];
  if ((known & 2U) == 0 || mcs[2] > 31) return std::nullopt;
  const Mhz width{(known & 1U) != 0 && (mcs[1] & 3U) == 1 ? 40U : 20U};
  const bool short_gi = (known & 4U) != 0 && (mcs[1] & 4U) != 0;
  return orca::ofdm_rate(mcs[2] % 8, std::int64_t{mcs[2]} / 8 + 1, width, short_gi);
}

// known (16 bits), flags (bit 2: guard interval), width, four users: MCS and streams in a byte
std::optional<Throughput> vht_rate(Bytes vht) {
  const std::uint32_t known = little_endian(vht, 0, 2);
  const bool short_gi = (known & 4U) != 0 && (vht[2] & 4U) != 0;
  const std::uint8_t code = (known & 0x40U) != 0 ? vht[3] : 0;
  const Mhz width{code == 0 ? 20U : code <= 3 ? 40U : code <= 10 ? 80U : 160U};
  return orca::ofdm_rate(vht[4] >> 4U, std::int64_t{vht[4]} & 15, width, short_gi);
}

void take(std::size_t field, Bytes value, Radiotap& into) {
  switch (field) {
    case 1:
      into.has_fcs = (value[0] & 0x10U) != 0;
      into.has_bad_fcs = (value[0] & 0x40U) != 0;
      break;
    case 2:
      if (value[0] != 0) into.rate = Throughput::from_kbps(std::int64_t{500} * value[0]);
      break;
    case 5:
      into.signal = dbm(static_cast<std::int8_t>(value[0]));
      break;
    case 19:
      into.rate = ht_rate(value);
      break;
    case 21:
      into.rate = vht_rate(value);
      break;
    default:
      break;
  }
}

}  // namespace

std::optional<Radiotap> read_radiotap(Bytes bytes) {
  if (bytes.size() < 8 || bytes[0] != 0) return std::nullopt;
  Radiotap result{.length = little_endian(bytes, 2, 2)};
  if (result.length < 8 || result.length > bytes.size()) return std::nullopt;
  const Bytes header = bytes.first(result.length);
  const std::uint32_t present = little_endian(header, 4, 4);
  std::size_t at = 8;
  // Bit 31: another word of presence follows.
  for (std::uint32_t word = present; (word & 0x80000000U) != 0; at += 4) {
    if (at + 4 > header.size()) return std::nullopt;
    word = little_endian(header, at, 4);
  }
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if ((present >> i & 1U) == 0) continue;
    at += (fields[i].alignment - at % fields[i].alignment) % fields[i].alignment;
    if (at + fields[i].size > header.size()) return std::nullopt;
    take(i, header.subspan(at, fields[i].size), result);
    at += fields[i].size;
  }
  return result;
}

}  // namespace pianissimo::capture
