// The real kernel behind the service's ports.
#pragma once

#include <boost/asio/steady_timer.hpp>
#include <memory>
#include <vector>

#include "controller/service/exit_status.hpp"
#include "controller/service/ports.hpp"
#include "nl80211/radio.hpp"

namespace pianissimo::service {

class KernelPorts final : public InterfaceSource, public StationSource, public PowerKnob {
 public:
  KernelPorts(boost::asio::io_context& io, const Time& time, nl80211::Nl80211& kernel);

  Awaitable<Result<std::vector<ApInterface>>> list() override;
  Awaitable<Result<std::vector<WirelessInterface>>> list_all() override;
  Awaitable<Result<std::optional<Dbm>>> power_of(InterfaceIndex interface) override;
  Awaitable<Result<std::string>> regulatory_domain() override;
  Awaitable<Result<Change>> next_change() override;
  void close() override;

  Awaitable<Result<StationReading>> read(InterfaceIndex interface) override;

  Awaitable<PowerResult> set(const Knob& knob, Dbm level) override;
  Awaitable<PowerResult> set_automatic(const Knob& knob) override;

 private:
  const Time& time_;
  nl80211::Nl80211& kernel_;
  std::map<InterfaceIndex, std::vector<InterfaceIndex>> vlans_;  ///< by access point
  /// A wiphy's description has tens of kB and changes only with the regulatory domain.
  std::vector<nl80211::Wiphy> wiphys_;
  bool wiphys_are_old_ = true;
  boost::asio::steady_timer closed_;  ///< never expires; cancelled by close()
  bool is_closed_ = false;
};

/// An open kernel and its ports, or the exit code, said on standard error.
struct Kernel {
  std::unique_ptr<nl80211::Nl80211> nl80211;
  std::unique_ptr<KernelPorts> ports;
};
std::variant<Kernel, ExitStatus> open_kernel(boost::asio::io_context& io, const Time& time);

/// Whether this process may set power; if not, it is said on standard error.
Awaitable<ExitStatus> check_permission(nl80211::Nl80211& kernel);

}  // namespace pianissimo::service
