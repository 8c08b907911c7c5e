#include "experiments/import/pcap_file.hpp"

#include <pcap.h>

#include <algorithm>
#include <array>
#include <limits>
#include <memory>
#include <optional>

#include "experiments/report/input.hpp"

namespace pianissimo::capture {
namespace {

using report::InputError;

constexpr std::int64_t latest_s = 4'294'967'295;

struct Close {
  void operator()(pcap_t* file) const { pcap_close(file); }
};

std::optional<LinkType> link_type(int number) {
  switch (number) {
    case DLT_EN10MB:
      return LinkType::ethernet;
    case DLT_IEEE802_11:
      return LinkType::ieee80211;
    case DLT_IEEE802_11_RADIO:
      return LinkType::radiotap;
    case DLT_PPI:
      return LinkType::ppi;
    case DLT_LINUX_SLL:
      return LinkType::cooked;
    case DLT_LINUX_SLL2:
      return LinkType::cooked2;
    default:
      return std::nullopt;
  }
}

// A file may claim any time; one that fits no nanosecond counter is none.
std::optional<Instant> time_of(const pcap_pkthdr& header) {
  std::int64_t s = header.ts.tv_sec;
  // The 32 bits of a pcap file have no sign, but libpcap takes them for a signed number.
  if (s < 0 && s >= std::numeric_limits<std::int32_t>::min()) s += latest_s + 1;
  // With nanosecond precision, tv_usec has nanoseconds.
  const bool is_time =
      s >= 0 && s <= latest_s && header.ts.tv_usec >= 0 && header.ts.tv_usec < 1'000'000'000;
  if (!is_time) return std::nullopt;
  return Instant{std::chrono::seconds{s} + Duration{header.ts.tv_usec}};
}

std::string name_of(int link) {
  const char* const name = pcap_datalink_val_to_name(link);
  return name ? name : std::to_string(link);
}

}  // namespace

FileCounts read_capture(const std::filesystem::path& file,
                        const std::function<void(Instant, const Frame&)>& take) {
  // libpcap's own message for a missing file repeats its name.
  report::require_readable(file);
  std::array<char, PCAP_ERRBUF_SIZE> why{};
  const std::unique_ptr<pcap_t, Close> capture{pcap_open_offline_with_tstamp_precision(
      file.c_str(), PCAP_TSTAMP_PRECISION_NANO, why.data())};
  if (!capture) throw InputError{InputError::Kind::bad_data, file, 0, why.data()};
  const auto type = link_type(pcap_datalink(capture.get()));
  if (!type) {
    throw InputError{InputError::Kind::bad_data, file, 0,
                     "link type " + name_of(pcap_datalink(capture.get())) +
                         ": wanted EN10MB, IEEE802_11, IEEE802_11_RADIO, PPI, LINUX_SLL or "
                         "LINUX_SLL2: " +
                         std::string{how_to_capture}};
  }
  FileCounts counts;
  Ends ends;
  for (;;) {
    pcap_pkthdr* header = nullptr;
    const u_char* bytes = nullptr;
    const int result = pcap_next_ex(capture.get(), &header, &bytes);
    if (result == PCAP_ERROR_BREAK) return counts;
    if (result != 1) {
      counts.torn = pcap_geterr(capture.get());
      if (counts.packets == 0) throw InputError{InputError::Kind::bad_data, file, 0, counts.torn};
      return counts;
    }
    ++counts.packets;
    // Some programs write no length on the wire, or that of something else.
    const std::uint32_t length = std::max(header->len, header->caplen);
    auto frame = read_frame(*type, {bytes, header->caplen}, length);
    if (!frame) continue;
    if (frame->is_cut) ++counts.cut;
    if (frame->is_own) ++counts.own;
    const bool had_a_station = !frame->crossings.empty();
    ends.settle(*frame);
    if (frame->crossings.empty()) {
      if (had_a_station && frame->interface) ++counts.elsewhere;
      continue;
    }
    if (length > longest_frame) {
      ++counts.too_long;
      continue;
    }
    const auto at = time_of(*header);
    if (!at) {
      ++counts.untimed;
      continue;
    }
    ++counts.data_frames;
    if (frame->is_opaque) ++counts.opaque;
    if (frame->has_failed.value_or(false)) ++counts.failed;
    if (frame->power) ++counts.powers;
    if (frame->has_impossible_power) ++counts.impossible_powers;
    take(*at, *frame);
  }
}

}  // namespace pianissimo::capture
