#include "experiments/import/minstrel.hpp"

namespace pianissimo::orca {
namespace {

// Data bits per symbol of one stream in 20 MHz (52 subcarriers), times 3 so that MCS 9 is whole.
constexpr std::array<std::uint32_t, 10> bits_thrice{78,  156, 234, 312, 468,
                                                    624, 702, 780, 936, 1040};
constexpr std::array<std::uint32_t, 4> cck_kbps{1000, 2000, 5500, 11'000};
constexpr std::array<std::uint32_t, 8> ofdm_kbps{6000,   9000,   12'000, 18'000,
                                                 24'000, 36'000, 48'000, 54'000};

// Of data; 0: no such width.
std::int64_t subcarriers(Mhz width) {
  switch (width.value()) {
    case 20:
      return 52;
    case 40:
      return 108;
    case 80:
      return 234;
    case 160:
      return 468;
    default:
      return 0;
  }
}

}  // namespace

bool is_explained(const RateStats& stats, const Group& group, const StationAdded& overheads) {
  const std::uint32_t airtime = group.airtime_ns[std::min<std::size_t>(stats.rate % 16, 9)];
  const bool is_legacy = group.kind == RateKind::cck || group.kind == RateKind::ofdm;
  const std::uint32_t overhead = is_legacy ? overheads.overhead_legacy_us : overheads.overhead_us;
  // The kernel shows prob * 1000 / 4096, rounded down.
  const std::uint32_t least = (stats.success_permille * 4096 + 999) / 1000;
  const std::uint32_t most = ((stats.success_permille + 1) * 4096 + 999) / 1000 - 1;
  for (std::uint32_t frames = 1; frames <= (is_legacy ? 1U : 64U); ++frames) {
    if (stats.throughput >= estimated_throughput(least, overhead, airtime, frames) &&
        stats.throughput <= estimated_throughput(most, overhead, airtime, frames)) {
      return true;
    }
  }
  return false;
}

std::optional<Throughput> ofdm_rate(std::size_t mcs, std::int64_t streams, Mhz width,
                                    bool short_gi) {
  if (mcs >= bits_thrice.size() || streams < 1 || streams > 8) return std::nullopt;
  // A symbol takes 4 us, with the short guard interval 3.6.
  const std::int64_t bits = bits_thrice[mcs] * subcarriers(width) * streams;
  if (bits == 0) return std::nullopt;
  return Throughput::from_kbps(bits * 10'000 / (3 * std::int64_t{52} * (short_gi ? 36 : 40)));
}

std::optional<BitRate> bit_rate(const Group& group, RateIndex rate) {
  const std::size_t mcs = rate % 16;
  if (mcs >= group.airtime_ns.size() || group.airtime_ns[mcs] == 0) return std::nullopt;
  BitRate result{.width = Mhz{20U << group.width}, .short_gi = group.short_gi};
  switch (group.kind) {
    case RateKind::cck:
      // The second four have the short preamble.
      result.rate = Throughput::from_kbps(cck_kbps[mcs % 4]);
      result.short_gi = false;
      return result;
    case RateKind::ofdm:
      result.rate = Throughput::from_kbps(ofdm_kbps[mcs % 8]);
      return result;
    case RateKind::ht:
      result.format = RateFormat::ht;
      result.mcs = static_cast<std::uint8_t>(std::size_t{8} * (group.nss - 1U) + mcs);
      break;
    case RateKind::vht:
      result.format = RateFormat::vht;
      result.mcs = static_cast<std::uint8_t>(mcs);
      result.nss = group.nss;
      break;
  }
  const auto bps = ofdm_rate(mcs, group.nss, result.width, group.short_gi);
  if (!bps) return std::nullopt;
  result.rate = *bps;
  return result;
}

}  // namespace pianissimo::orca
