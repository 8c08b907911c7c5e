#include "experiments/testbed/medium/truth.hpp"

#include <iomanip>
#include <ostream>

namespace pianissimo::testbed {

void Tally::add(const Outcome& outcome, int frame_bytes) {
  ++frames;
  attempts += static_cast<std::uint64_t>(outcome.attempts);
  mpdus += static_cast<std::uint64_t>(outcome.attempts) * static_cast<std::uint64_t>(outcome.mpdus);
  delivered_mpdus += static_cast<std::uint64_t>(outcome.mpdus_received);
  delivered_bytes +=
      static_cast<std::uint64_t>(outcome.mpdus_received) * static_cast<std::uint64_t>(frame_bytes);
  airtime += outcome.airtime;
}

Tally& Tally::operator+=(const Tally& other) {
  frames += other.frames;
  attempts += other.attempts;
  mpdus += other.mpdus;
  delivered_mpdus += other.delivered_mpdus;
  delivered_bytes += other.delivered_bytes;
  airtime += other.airtime;
  return *this;
}

double Tally::capacity_mbps() const {
  return airtime.count() > 0 ? 8 * static_cast<double>(delivered_bytes) / airtime.count() : 0;
}

Truth::Truth(std::ostream& out) : out_{out} {
  out_ << "t_s,station,power_dbm,path_loss_db,fading_db,frames,attempts,mpdus,delivered_mpdus,"
          "delivered_bytes,airtime_us\n";
}

void Truth::row(Instant at, const MacAddress& station, const ChannelSample& channel,
                const Tally& tally) {
  out_ << std::fixed << std::setprecision(3) << std::chrono::duration<double>{at}.count() << ','
       << to_string(station) << ',' << std::setprecision(2) << channel.power_dbm << ','
       << channel.path_loss_db << ',' << channel.fading_db << ',' << tally.frames << ','
       << tally.attempts << ',' << tally.mpdus << ',' << tally.delivered_mpdus << ','
       << tally.delivered_bytes << ',' << std::setprecision(0) << tally.airtime.count() << '\n';
}

void Truth::flush() { out_.flush(); }

}  // namespace pianissimo::testbed
