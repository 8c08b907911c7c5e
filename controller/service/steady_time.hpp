// CLOCK_MONOTONIC and Asio's timers behind the Time port.
#pragma once

#include <boost/asio/io_context.hpp>

#include "controller/service/ports.hpp"

namespace pianissimo::service {

class SteadyTime final : public Time {
 public:
  explicit SteadyTime(boost::asio::io_context& io) : io_{io} {}
  Instant now() const override;
  std::int64_t wall_ms() const override;
  std::unique_ptr<Alarm> make_alarm() override;

 private:
  boost::asio::io_context& io_;
};

}  // namespace pianissimo::service
