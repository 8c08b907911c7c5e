#include "controller/service/daily_window.hpp"

#include <algorithm>
#include <ctime>

#include "config/config.hpp"

namespace pianissimo::service {

bool is_open(const std::vector<std::string>& spans, std::int64_t wall_ms) {
  if (spans.empty()) return true;
  const auto seconds = static_cast<std::time_t>(wall_ms / 1000);
  ::tzset();  // the machine's time zone may change while we run
  std::tm local{};
  ::localtime_r(&seconds, &local);
  const int minute = 60 * local.tm_hour + local.tm_min;
  return std::ranges::any_of(spans, [&](const std::string& text) {
    const auto span = parse_day_span(text);
    return span && span->has(minute);
  });
}

}  // namespace pianissimo::service
