// Any line, as an operator's request: refused in words that can be shown, or a request within every
// range that is written as it is read.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <variant>

#include "config/printable.hpp"
#include "controller/service/control_codec.hpp"

namespace {

using namespace pianissimo;

void require(bool holds) {
  if (!holds) std::abort();
}

void require_name(const std::string& name, std::size_t most) {
  require(name.size() <= most && printable(name) == name);
}

void require_ranges(const control::Request& request) {
  if (const auto* const hold = std::get_if<control::Hold>(&request)) {
    require_name(hold->interface, 15);
    require(!hold->length || (hold->length->count() >= 1 && hold->length->count() <= 604'800));
  } else if (const auto* const ceiling = std::get_if<control::Ceiling>(&request)) {
    require_name(ceiling->interface, 15);
    require(!ceiling->level || (*ceiling->level >= dbm(0) && *ceiling->level <= dbm(36) &&
                                *ceiling->level == ceiling->level->whole()));
  } else if (const auto* const approve = std::get_if<control::Approve>(&request)) {
    require_name(approve->interface, 15);
  } else if (const auto* const explain = std::get_if<control::Explain>(&request)) {
    require_name(explain->of, 17);
    require(explain->last >= 1 && explain->last <= 100);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string line{data, data + size};

  const auto parsed = control::parse_request(line);

  if (const auto* const why = std::get_if<std::string>(&parsed)) {
    require(!why->empty() && printable(*why) == *why);
  } else {
    const auto& request = std::get<control::Request>(parsed);
    require_ranges(request);
    require(control::parse_request(control::to_line(request)) == parsed);
  }
  return 0;
}
