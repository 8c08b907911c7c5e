// The AP's transmit power, read where the daemon sets it. hwsim's frames do not carry it.
#pragma once

#include <string>

#include "experiments/testbed/medium/kernel_port.hpp"
#include "experiments/testbed/medium/netlink.hpp"

namespace pianissimo::testbed {

/// Follows the interface by name: it may go away and come back with another index.
class Nl80211Power final : public PowerSource {
 public:
  Nl80211Power(std::string interface, double initial_dbm);
  /// Asks the kernel (60..110 us in an emulated machine) if the last answer is older than 1 ms.
  double power_dbm(Instant now) override;

 private:
  bool ask();

  NetlinkSocket socket_;
  std::uint16_t family_ = 0;
  std::string interface_;
  std::uint32_t index_ = 0;
  double power_dbm_;
  Instant asked_at_{-1'000'000'000};
  Instant looked_up_at_{-1'000'000'000};
};

}  // namespace pianissimo::testbed
