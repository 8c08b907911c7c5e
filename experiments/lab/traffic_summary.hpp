// What became of traffic, for a person and for a program.
#pragma once

#include <boost/json/object.hpp>
#include <string>

#include "experiments/traffic/live_frames.hpp"
#include "experiments/traffic/live_tcp.hpp"
#include "experiments/traffic/udp.hpp"

namespace pianissimo::lab {

/// The same figures twice.
struct Summary {
  std::string text;
  boost::json::object values;
};

Summary summary_of(const traffic::UdpReport& report);
Summary summary_of(const traffic::LiveReport& report);
Summary summary_of(const traffic::LiveTcpReport& report);

}  // namespace pianissimo::lab
