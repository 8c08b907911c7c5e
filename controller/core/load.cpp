#include "controller/core/load.hpp"

namespace pianissimo {

std::string_view to_string(LoadClass kind) {
  switch (kind) {
    case LoadClass::idle:
      return "idle";
    case LoadClass::light:
      return "light";
    case LoadClass::saturated:
      return "saturated";
  }
  return "";
}

std::optional<Load> load_between(const StationTotals& from, const StationTotals& to,
                                 Duration interval, std::optional<Throughput> expected,
                                 const LoadParams& params) {
  const auto bytes = bytes_between(from, to);
  if (!bytes) return std::nullopt;
  Load load{.bytes = *bytes};
  if (expected && !expected->is_zero() && interval > Duration::zero()) {
    const double seconds = std::chrono::duration<double>(interval).count();
    const double capacity = static_cast<double>(expected->bps()) * seconds / 8;
    load.utilisation = static_cast<double>(load.bytes) / capacity;
  }
  if (load.bytes < params.active_bytes) return load;
  load.kind =
      load.utilisation.value_or(0) >= params.saturated ? LoadClass::saturated : LoadClass::light;
  return load;
}

}  // namespace pianissimo
