#include "experiments/evaluate/grid.hpp"

#include <fmt/format.h>

#include <charconv>

namespace pianissimo::evaluate {
namespace {

std::optional<std::uint64_t> number(std::string_view text, int base = 10) {
  std::uint64_t out = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out, base);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return out;
}

}  // namespace

std::vector<std::string> split(std::string_view text, char at) {
  std::vector<std::string> out;
  for (;;) {
    const std::size_t end = text.find(at);
    out.emplace_back(text.substr(0, end));
    if (end == text.npos) return out;
    text.remove_prefix(end + 1);
  }
}

std::variant<Axis, UsageError> parse_axis(std::string_view text) {
  const std::size_t equals = text.find('=');
  Axis axis;
  if (equals != text.npos) {
    axis = {std::string{text.substr(0, equals)}, split(text.substr(equals + 1), ',')};
  }
  bool is_whole = !axis.key.empty();
  for (const std::string& value : axis.values) is_whole = is_whole && !value.empty();
  if (is_whole) return axis;
  return UsageError{
      fmt::format("'{}' is not key=value,value,... such as descend.keep=0.8,0.9", text)};
}

std::vector<std::vector<std::string>> combinations(std::span<const Axis> axes) {
  std::vector<std::vector<std::string>> out{{}};
  for (const Axis& axis : axes) {
    std::vector<std::vector<std::string>> longer;
    for (const auto& settings : out) {
      for (const std::string& value : axis.values) {
        longer.push_back(settings);
        longer.back().push_back(axis.key + '=' + value);
      }
    }
    out = std::move(longer);
  }
  return out;
}

std::variant<Shard, UsageError> parse_shard(std::string_view text) {
  const std::size_t slash = text.find('/');
  const auto index = number(text.substr(0, slash));
  const auto count = slash == text.npos ? std::nullopt : number(text.substr(slash + 1));
  if (index && count && *index >= 1 && *index <= *count) return Shard{*index, *count};
  return UsageError{fmt::format("'{}' is not i/n with 1 <= i <= n, such as 3/10", text)};
}

void Hash::take(std::string_view bytes) {
  for (const char c : bytes) {
    value_ ^= static_cast<unsigned char>(c);
    value_ *= 1099511628211U;
  }
}

Hash& Hash::add(std::string_view piece) {
  add(std::uint64_t{piece.size()});
  take(piece);
  return *this;
}

Hash& Hash::add(std::uint64_t number) {
  for (int shift = 0; shift < 64; shift += 8) {
    const char byte = static_cast<char>((number >> shift) & 0xffU);
    take({&byte, 1});
  }
  return *this;
}

std::string run_id(const Hash& hash) { return fmt::format("{:016x}", hash.value()); }

bool is_in(const Shard& shard, std::string_view run_id) {
  return number(run_id, 16).value_or(0) % shard.count == shard.index - 1;
}

Hash hash_of(const sim::Scenario& scenario, std::string_view text) {
  Hash hash;
  hash.add(text);
  for (const sim::StationPlan& station : scenario.stations) {
    for (const testbed::LossProfile& loss : station.path_loss) {
      for (const auto& point : loss.points) {
        hash.add(fmt::format("{} {}", std::chrono::duration<double>(point.at).count(), point.db));
      }
    }
  }
  return hash;
}

}  // namespace pianissimo::evaluate
