// Any lines, as a journal: each is refused in words, or is a record that is written as it is read.
// The quick reader and the JSON parser agree. A core that is told the events stays within its box.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <string>
#include <string_view>
#include <variant>

#include "config/law.hpp"
#include "controller/core/controller.hpp"
#include "controller/journal/record.hpp"

namespace {

using namespace pianissimo;

void require(bool holds) {
  if (!holds) std::abort();
}

// A core beside the lines, as a replay has it.
class Core {
 public:
  void tell(const Event& event) {
    const Instant at = std::visit([](const auto& told) { return told.at; }, event);
    if (at < last_) return;  // the daemon's time does not go back
    last_ = at;
    if (const auto* const up = std::get_if<InterfaceUp>(&event)) {
      maximum_[up->interface] = std::min(up->channel_maximum, up->found);
    }
    const Outcome outcome = controller_.on(event);
    for (const SetPower& command : outcome.commands) {
      require(command.level == command.level.whole());
      const auto maximum = maximum_.find(command.knob.interface);
      const bool is_known = command.knob.kind != KnobKind::wiphy && maximum != maximum_.end();
      require(!is_known || command.level <= maximum->second);
    }
  }

 private:
  Config config_;
  Controller controller_{config_.box, policy_of(config_), config_.verdict};
  std::map<InterfaceIndex, Dbm> maximum_;
  Instant last_{};
};

void take(const std::string& line, Core& core) {
  const auto read = journal::from_line(line);
  // White space is what the quick reader leaves to the parser.
  const auto parsed = journal::from_line(' ' + line);
  require(read.index() == parsed.index());
  if (const auto* const error = std::get_if<journal::ParseError>(&read)) {
    require(!error->message.empty());
    return;
  }
  const auto& record = std::get<journal::Record>(read);
  require(record == std::get<journal::Record>(parsed));
  const auto again = journal::from_line(journal::to_line(record));
  require(std::holds_alternative<journal::Record>(again) &&
          std::get<journal::Record>(again) == record);
  if (const auto* const event = std::get_if<Event>(&record.what)) core.tell(*event);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text{data, data + size};
  Core core;
  std::string_view rest = text;
  while (!rest.empty()) {
    const std::size_t end = rest.find('\n');
    take(std::string{rest.substr(0, end)}, core);
    rest.remove_prefix(end == rest.npos ? rest.size() : end + 1);
  }
  return 0;
}
