#include "experiments/import/radiotap.hpp"

#include <array>

#include "experiments/import/little_endian.hpp"
#include "experiments/import/minstrel.hpp"
#include "experiments/import/ofdma_rate.hpp"

namespace pianissimo::capture {
namespace {

using Bytes = std::span<const std::uint8_t>;

struct Field {
  std::size_t size;
  std::size_t alignment;
};
// In the order of their bits in a word of presence.
constexpr std::array<Field, 28> fields{{
    {8, 8},   // 0 TSFT
    {1, 1},   // 1 flags
    {1, 1},   // 2 rate
    {4, 2},   // 3 channel
    {2, 2},   // 4 FHSS
    {1, 1},   // 5 antenna signal, dBm
    {1, 1},   // 6 antenna noise, dBm
    {2, 2},   // 7 lock quality
    {2, 2},   // 8 transmit attenuation, without a unit
    {2, 2},   // 9 the same in dB
    {1, 1},   // 10 transmit power, dBm
    {1, 1},   // 11 antenna
    {1, 1},   // 12 antenna signal, dB
    {1, 1},   // 13 antenna noise, dB
    {2, 2},   // 14 flags of reception
    {2, 2},   // 15 flags of transmission
    {1, 1},   // 16 RTS retries
    {1, 1},   // 17 data retries
    {8, 4},   // 18 extended channel
    {3, 1},   // 19 MCS
    {8, 4},   // 20 A-MPDU status
    {12, 2},  // 21 VHT
    {12, 8},  // 22 timestamp
    {12, 2},  // 23 HE
    {12, 2},  // 24 HE-MU
    {6, 2},   // 25 HE-MU of another user
    {1, 1},   // 26 PSDU of no length
    {4, 2}    // 27 L-SIG
}};
constexpr std::uint32_t tlv_bit = 1U << 28U;
constexpr std::uint32_t radiotap_namespace_bit = 1U << 29U;
constexpr std::uint32_t vendor_namespace_bit = 1U << 30U;
constexpr std::uint32_t another_word_bit = 1U << 31U;
constexpr std::uint32_t usig_type = 33;
constexpr std::uint32_t eht_type = 34;

// In 500 kbit/s. No legacy rate is above 54 Mbit/s: FreeBSD puts an MCS there, with bit 7.
std::optional<BitRate> legacy_rate(std::uint8_t rate) {
  constexpr std::uint8_t highest = 108;
  if (rate == 0 || rate > highest) return std::nullopt;
  return BitRate{.rate = Throughput::from_kbps(std::int64_t{500} * rate)};
}

// known, flags (bits 0-1: width, 2: guard interval), index with the streams in it
std::optional<BitRate> ht_rate(Bytes mcs) {
  constexpr std::uint8_t width_and_index_known = 3;
  const std::uint8_t known = mcs[0];
  if ((known & width_and_index_known) != width_and_index_known || mcs[2] > 31) return std::nullopt;
  const Mhz width{(mcs[1] & 3U) == 1 ? 40U : 20U};
  const bool short_gi = (known & 4U) != 0 && (mcs[1] & 4U) != 0;
  const auto rate = orca::ofdm_rate(mcs[2] % 8, std::int64_t{mcs[2]} / 8 + 1, width, short_gi);
  if (!rate) return std::nullopt;
  return BitRate{
      .rate = *rate, .format = RateFormat::ht, .mcs = mcs[2], .width = width, .short_gi = short_gi};
}

// The codes are those of 20, 40, 80 and 160 MHz, each with the parts of it that a frame may have
// been sent in: halves, quarters, eighths.
constexpr std::array<std::uint8_t, 26> vht_mhz{20, 40, 20, 20, 80, 40, 40, 20, 20, 20, 20, 160, 80,
                                               80, 40, 40, 40, 40, 20, 20, 20, 20, 20, 20, 20,  20};

// known (16 bits), flags (bit 2: guard interval), width, four users: MCS and streams in a byte
std::optional<BitRate> vht_rate(Bytes vht) {
  const std::uint32_t known = little_endian(vht, 0, 2);
  if ((known & 0x40U) == 0 || vht[3] >= vht_mhz.size()) return std::nullopt;
  const Mhz width{vht_mhz[vht[3]]};
  const bool short_gi = (known & 4U) != 0 && (vht[2] & 4U) != 0;
  const std::uint8_t mcs = vht[4] >> 4U;
  const std::uint8_t streams = vht[4] & 15U;
  const auto rate = orca::ofdm_rate(mcs, streams, width, short_gi);
  if (!rate) return std::nullopt;
  return BitRate{.rate = *rate,
                 .format = RateFormat::vht,
                 .mcs = mcs,
                 .nss = streams,
                 .width = width,
                 .short_gi = short_gi};
}

void take_power(Dbm power, Radiotap& into) {
  if (power < lowest_power || power > highest_power) {
    into.has_impossible_power = true;
  } else if (!into.power) {
    into.power = power;
  }
}

// Later words of presence repeat fields for each antenna: the first is of all together.
void take(std::size_t field, Bytes value, Radiotap& into) {
  constexpr std::uint32_t tx_fail = 1;
  constexpr std::uint32_t tx_no_ack = 8;
  switch (field) {
    case 1:
      into.has_fcs = (value[0] & 0x10U) != 0;
      into.has_data_pad = (value[0] & 0x20U) != 0;
      into.has_bad_fcs = (value[0] & 0x40U) != 0;
      break;
    case 2:
      into.rate = legacy_rate(value[0]);
      break;
    case 5:
      if (!into.signal) into.signal = dbm(static_cast<std::int8_t>(value[0]));
      break;
    case 10:
      take_power(dbm(static_cast<std::int8_t>(value[0])), into);
      break;
    case 15:
      into.has_failed = (little_endian(value, 0, 2) & tx_fail) != 0;
      into.is_without_ack = (little_endian(value, 0, 2) & tx_no_ack) != 0;
      break;
    case 17:
      into.data_retries = value[0];
      break;
    case 19:
      into.rate = ht_rate(value);
      break;
    case 21:
      into.rate = vht_rate(value);
      break;
    case 23:
      into.rate = he_rate(value);
      break;
    default:
      break;
  }
}

// Behind the fields: type, length, value, each at a multiple of 4 bytes. What is cut off is left.
void take_tlvs(Bytes header, std::size_t at, Radiotap& into) {
  Bytes eht;
  Bytes usig;
  for (at = (at + 3) / 4 * 4; at + 4 <= header.size();) {
    const std::uint32_t type = little_endian(header, at, 2);
    const std::size_t length = little_endian(header, at + 2, 2);
    at += 4;
    if (at + length > header.size()) break;
    if (type == eht_type && eht.empty()) eht = header.subspan(at, length);
    if (type == usig_type) usig = header.subspan(at, length);
    at += (length + 3) / 4 * 4;
  }
  if (!eht.empty()) into.rate = eht_rate(eht, usig);
}

class Reader {
 public:
  explicit Reader(Bytes header) : header_{header} {}

  std::optional<Radiotap> read() {
    Radiotap result{.length = static_cast<std::uint32_t>(header_.size())};
    std::size_t words = 1;
    while ((word(words - 1) & another_word_bit) != 0) {
      if (4 + 4 * (words + 1) > header_.size()) return std::nullopt;
      ++words;
    }
    at_ = 4 + 4 * words;
    bool is_ours = true;  // else the fields of a vendor, or bits that radiotap has not given out
    for (std::size_t i = 0; i < words; ++i) {
      if (is_ours && !take_fields(word(i), result)) return std::nullopt;
      if ((word(i) & tlv_bit) != 0 && is_ours) {
        take_tlvs(header_, at_, result);
        return result;
      }
      if ((word(i) & vendor_namespace_bit) != 0 && !skip_vendor()) return std::nullopt;
      is_ours = (word(i) & radiotap_namespace_bit) != 0;
    }
    return result;
  }

 private:
  std::uint32_t word(std::size_t i) const { return little_endian(header_, 4 + 4 * i, 4); }
  void align(std::size_t to) { at_ = (at_ + to - 1) / to * to; }

  // False: they go beyond the end.
  bool take_fields(std::uint32_t present, Radiotap& into) {
    for (std::size_t i = 0; i < fields.size(); ++i) {
      if ((present >> i & 1U) == 0) continue;
      align(fields[i].alignment);
      if (at_ + fields[i].size > header_.size()) return false;
      take(i, header_.subspan(at_, fields[i].size), into);
      at_ += fields[i].size;
    }
    return true;
  }

  // OUI, namespace, and how many bytes of the vendor's fields follow.
  bool skip_vendor() {
    align(2);
    if (at_ + 6 > header_.size()) return false;
    at_ += 6 + little_endian(header_, at_ + 4, 2);
    return at_ <= header_.size();
  }

  Bytes header_;
  std::size_t at_ = 0;
};

}  // namespace

std::optional<Radiotap> read_radiotap(Bytes bytes) {
  if (bytes.size() < 8 || bytes[0] != 0) return std::nullopt;
  const std::size_t length = little_endian(bytes, 2, 2);
  if (length < 8 || length > bytes.size()) return std::nullopt;
  return Reader{bytes.first(length)}.read();
}

}  // namespace pianissimo::capture
