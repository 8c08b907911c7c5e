// A capture file (pcap, pcapng) through libpcap.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

#include "controller/core/time.hpp"
#include "experiments/import/frame.hpp"

namespace pianissimo::capture {

struct FileCounts {
  std::uint64_t packets = 0;
  std::uint64_t data_frames = 0;  ///< of stations
  std::string torn;               ///< why the file ends before its end; empty: it does not
};

/// Every data frame of the file, in its order. Throws report::InputError if the file cannot be
/// read, is no capture, or has another link type than EN10MB, IEEE802_11 and IEEE802_11_RADIO.
FileCounts read_capture(const std::filesystem::path& file,
                        const std::function<void(Instant, const Frame&)>& take);

}  // namespace pianissimo::capture
