#include "controller/service/steady_time.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace pianissimo::service {
namespace {

namespace asio = boost::asio;

class SteadyAlarm final : public Alarm {
 public:
  explicit SteadyAlarm(asio::io_context& io) : timer_{io} {}

  Awaitable<void> wait_until(Instant due) override {
    timer_.expires_at(std::chrono::steady_clock::time_point{due.time_since_epoch()});
    co_await timer_.async_wait(asio::as_tuple(asio::use_awaitable));
  }
  void interrupt() override { timer_.cancel(); }

 private:
  asio::steady_timer timer_;
};

}  // namespace

Instant SteadyTime::now() const {
  return Instant{std::chrono::steady_clock::now().time_since_epoch()};
}

std::int64_t SteadyTime::wall_ms() const {
  using namespace std::chrono;
  return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
}

std::unique_ptr<Alarm> SteadyTime::make_alarm() { return std::make_unique<SteadyAlarm>(io_); }

}  // namespace pianissimo::service
