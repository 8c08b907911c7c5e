// A capture file (pcap, pcapng) through libpcap.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

#include "controller/core/time.hpp"
#include "experiments/import/frame.hpp"

namespace pianissimo::capture {

struct FileCounts {
  std::uint64_t packets = 0;
  std::uint64_t data_frames = 0;  ///< of stations
  std::uint64_t own = 0;          ///< sent by the machine that captured, it is not said to whom
  std::uint64_t elsewhere = 0;    ///< seen once more on another interface
  std::uint64_t opaque = 0;       ///< A-MSDUs that count as one MSDU
  std::uint64_t untimed = 0;      ///< left out: their time fits no clock
  std::uint64_t cut = 0;          ///< left out: too little captured to say whose they are
  std::uint64_t too_long = 0;     ///< left out: longer than any frame
  std::uint64_t failed = 0;       ///< never acknowledged, as who sent them says
  std::uint64_t powers = 0;       ///< tell the power that they were sent with
  std::uint64_t impossible_powers = 0;  ///< tell one that is left out
  std::string torn;                     ///< why the file ends before its end; empty: it does not
};

/// Every data frame of the file, in its order. Throws report::InputError if the file cannot be
/// read, is no capture, or has a link type that is not known here.
/// `take` gets what has a station in it, settled by Ends.
FileCounts read_capture(const std::filesystem::path& file,
                        const std::function<void(Instant, const Frame&)>& take);

/// How to capture so that every frame tells its station; for messages.
inline constexpr std::string_view how_to_capture =
    "capture on the interface itself (tcpdump -i wlan0 -w FILE), or in monitor mode";

}  // namespace pianissimo::capture
