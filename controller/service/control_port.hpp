// What the loop needs of the control socket, declared by the loop.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "controller/service/control_codec.hpp"
#include "controller/service/ports.hpp"

namespace pianissimo::service {

/// Takes what operators ask of the daemon, and shows them what it does. Answers at once.
class ControlPort {
 public:
  /// Answers a request with one line of JSON.
  using Answer = std::function<Awaitable<std::string>(control::Request, Asker)>;
  /// Tells the operator something, once however often it is said.
  using Say = std::function<void(std::string)>;

  virtual ~ControlPort() = default;
  /// Listens as this configuration says, which may want nothing; who is connected stays so.
  virtual void begin(const Config& config, Answer answer, Say say) = 0;
  virtual void end() = 0;
  /// Whether show() shows anything to anybody.
  virtual bool is_watched() const = 0;
  /// One line of JSON, for everybody who watches.
  virtual void show(std::string_view line) = 0;
};

}  // namespace pianissimo::service
