#include "experiments/import/pcap_file.hpp"

#include <pcap.h>

#include <array>
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
    default:
      return std::nullopt;
  }
}

std::string name_of(int link) {
  const char* const name = pcap_datalink_val_to_name(link);
  return name ? name : std::to_string(link);
}

}  // namespace

FileCounts read_capture(const std::filesystem::path& file,
                        const std::function<void(Instant, const Frame&)>& take) {
  // libpcap's own message for a missing file repeats its name.
  if (!std::filesystem::exists(file) || std::filesystem::is_directory(file)) {
    throw InputError{InputError::Kind::no_input, file, 0, "cannot be read"};
  }
  std::array<char, PCAP_ERRBUF_SIZE> why{};
  const std::unique_ptr<pcap_t, Close> capture{pcap_open_offline_with_tstamp_precision(
      file.c_str(), PCAP_TSTAMP_PRECISION_NANO, why.data())};
  if (!capture) throw InputError{InputError::Kind::bad_data, file, 0, why.data()};
  const auto type = link_type(pcap_datalink(capture.get()));
  if (!type) {
    throw InputError{InputError::Kind::bad_data, file, 0,
                     "link type " + name_of(pcap_datalink(capture.get())) +
                         ": wanted EN10MB, IEEE802_11 or IEEE802_11_RADIO"};
  }
  FileCounts counts;
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
    const auto frame = read_frame(*type, {bytes, header->caplen}, header->len);
    // A file may claim any time; one that fits no nanosecond counter is none.
    const bool has_time = header->ts.tv_sec >= 0 && header->ts.tv_sec <= latest_s;
    if (!frame || !has_time) continue;
    ++counts.data_frames;
    // With nanosecond precision, tv_usec has nanoseconds.
    take(Instant{std::chrono::seconds{header->ts.tv_sec} + Duration{header->ts.tv_usec}}, *frame);
  }
}

}  // namespace pianissimo::capture
