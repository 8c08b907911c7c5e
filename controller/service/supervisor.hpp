// Tells systemd how it goes: sd_notify(3)'s datagrams, without libsystemd.
#pragma once

#include <sys/types.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>

#include "controller/service/ports.hpp"

namespace pianissimo::service {

class SystemdSupervisor final : public Supervisor {
 public:
  /// `getenv`, or what stands for it: nullptr where a variable is not set.
  using Environment = std::function<const char*(const char*)>;
  using Made = std::variant<std::unique_ptr<SystemdSupervisor>, std::string>;

  /// From NOTIFY_SOCKET, WATCHDOG_USEC and WATCHDOG_PID. Null: nobody wants to be told. Else why
  /// nobody can be.
  static Made from(const Environment& environment, const Time& time);

  SystemdSupervisor(const SystemdSupervisor&) = delete;
  SystemdSupervisor& operator=(const SystemdSupervisor&) = delete;
  ~SystemdSupervisor() override;

  void ready() override { tell("READY=1\n"); }
  void reloading() override;
  void stopping() override { tell("STOPPING=1\n"); }
  /// Tells it at half of the time after which systemd takes the daemon for hung.
  void alive() override;

 private:
  SystemdSupervisor(int socket, std::optional<Duration> patience, const Time& time)
      : socket_{socket}, patience_{patience}, time_{time} {}
  void tell(std::string state);
  bool send(const std::string& text) const;

  int socket_;
  std::optional<Duration> patience_;  // nullopt: it does not watch
  const Time& time_;
  std::string owed_;  // a state that had no room, until it is told or another takes its place
  std::optional<Instant> told_alive_;
};

}  // namespace pianissimo::service
