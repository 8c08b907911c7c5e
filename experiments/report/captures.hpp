// Journals that were made of captures.
#pragma once

#include <string_view>

namespace pianissimo::report {

/// What the header of a journal by `pianissimo-lab import pcap` has for a version.
inline constexpr std::string_view version_of_captures = "imported from a capture";

}  // namespace pianissimo::report
