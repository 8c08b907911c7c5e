// The tracepoint of bpf/ behind the service's port.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <deque>
#include <optional>

#include "bpf/power_sets.hpp"
#include "controller/service/ports.hpp"

namespace pianissimo::service {

class BpfPowerSets final : public PowerSetSource {
 public:
  BpfPowerSets(boost::asio::io_context& io, const Time& time);

  std::optional<std::string> listen() override;
  void ignore() override;
  Awaitable<std::optional<PowerSet>> next() override;
  void close() override;

 private:
  void wait();
  void take();

  const Time& time_;
  std::optional<bpf::PowerSets> sets_;
  boost::asio::posix::stream_descriptor descriptor_;
  std::deque<PowerSet> told_;
  boost::asio::steady_timer changed_;  ///< never expires; cancelled when there is something to see
  bool is_closed_ = false;
};

}  // namespace pianissimo::service
