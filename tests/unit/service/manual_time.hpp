// A clock moved by hand behind the Time port: alarms fire in order, and all that follows from one
// has happened before the next.
#pragma once

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <set>

#include "controller/service/ports.hpp"

namespace pianissimo::service {

class ManualTime final : public Time {
 public:
  explicit ManualTime(boost::asio::io_context& io) : io_{io} {}

  Instant now() const override { return now_; }
  std::int64_t wall_ms() const override { return wall; }
  std::unique_ptr<Alarm> make_alarm() override { return std::make_unique<ManualAlarm>(*this); }

  /// So many alarms are there, waited at or not.
  std::size_t alarms() const { return alarms_.size(); }

  std::int64_t wall = 1'700'000'000'000;  ///< set by whom it pleases

  void settle() {
    io_.restart();
    io_.poll();
  }

  void advance(Duration by) {
    const Instant until = now_ + by;
    settle();
    while (ManualAlarm* const next = earliest_until(until)) {
      now_ = std::max(now_, *next->due_);
      next->interrupt();
      settle();
    }
    now_ = until;
    settle();
  }

  /// As for a process that was stopped meanwhile: what was due fires late, and all at once.
  void jump(Duration by) {
    now_ += by;
    advance({});
  }

 private:
  class ManualAlarm final : public Alarm {
   public:
    explicit ManualAlarm(ManualTime& time) : time_{time}, timer_{time.io_} {
      time_.alarms_.insert(this);
    }
    ~ManualAlarm() override { time_.alarms_.erase(this); }

    Awaitable<void> wait_until(Instant due) override {
      due_ = due;
      timer_.expires_at(std::chrono::steady_clock::time_point::max());
      co_await timer_.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
      due_.reset();
    }
    void interrupt() override {
      due_.reset();
      timer_.cancel();
    }

    std::optional<Instant> due_;

   private:
    ManualTime& time_;
    boost::asio::steady_timer timer_;
  };

  ManualAlarm* earliest_until(Instant until) const {
    ManualAlarm* found = nullptr;
    for (ManualAlarm* const alarm : alarms_) {
      if (!alarm->due_ || *alarm->due_ > until) continue;
      if (!found || *alarm->due_ < *found->due_) found = alarm;
    }
    return found;
  }

  boost::asio::io_context& io_;
  Instant now_ = Instant{std::chrono::seconds{1000}};
  std::set<ManualAlarm*> alarms_;
};

}  // namespace pianissimo::service
