#include "experiments/testbed/medium/power.hpp"

#include <linux/nl80211.h>
#include <net/if.h>

namespace pianissimo::testbed {

using namespace std::chrono_literals;

Nl80211Power::Nl80211Power(std::string interface, double initial_dbm)
    : family_{socket_.resolve("nl80211")},
      interface_{std::move(interface)},
      power_dbm_{initial_dbm} {}

double Nl80211Power::power_dbm(Instant now) {
  if (now - asked_at_ < 1ms) return power_dbm_;
  asked_at_ = now;
  if ((index_ == 0 || !ask()) && now - looked_up_at_ > 10ms) {
    looked_up_at_ = now;
    index_ = if_nametoindex(interface_.c_str());
    if (index_ != 0) ask();
  }
  return power_dbm_;
}

bool Nl80211Power::ask() {
  Request request{family_, NL80211_CMD_GET_INTERFACE};
  request.put(NL80211_ATTR_IFINDEX, index_);
  const auto sequence = socket_.send(request);
  for (;;) {
    // The answer is there at once unless another process holds the kernel's lock; then an old
    // reading is better than a medium that stands still.
    const auto bytes = socket_.receive(20ms);
    if (bytes.empty()) return true;
    const auto message = Message::parse(bytes);
    if (!message || message->sequence != sequence) continue;  // late answer to an older question
    if (message->error) return false;
    const auto level =
        Attributes{message->attributes}.get<std::int32_t>(NL80211_ATTR_WIPHY_TX_POWER_LEVEL);
    if (level) power_dbm_ = *level / 100.0;  // absent while the interface is down
    return true;
  }
}

}  // namespace pianissimo::testbed
