// JSON out of and into values. Each record's fields are declared once, in fields.hpp.
#pragma once

#include <boost/json/object.hpp>
#include <cmath>
#include <limits>
#include <optional>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <vector>

#include "controller/core/decision.hpp"
#include "controller/core/events.hpp"

namespace pianissimo::journal {

/// A field that cannot be read; caught in from_line().
struct BadField : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// A value behind a unit: how it stands in JSON. The key names the unit.
template <class T>
struct Plain;
template <>
struct Plain<Throughput> {
  static std::int64_t out(Throughput v) { return v.bps(); }
  static Throughput in(std::int64_t v) { return Throughput::from_bps(v); }
  static constexpr std::int64_t limit = 1'000'000'000'000;  // 1 Tbit/s
};
template <>
struct Plain<Mhz> {
  static std::int64_t out(Mhz v) { return v.value(); }
  static Mhz in(std::int64_t v) { return Mhz{static_cast<std::uint32_t>(v)}; }
  static constexpr std::int64_t limit = 100'000;
};
template <>
struct Plain<Instant> {
  static std::int64_t out(Instant v) { return v.time_since_epoch().count(); }
  static Instant in(std::int64_t v) { return Instant{Duration{v}}; }
  // 146 years: a dwell added to the last of them does not overflow.
  static constexpr std::int64_t limit = std::numeric_limits<std::int64_t>::max() / 2;
};
template <class Rep, class Period>
struct Plain<std::chrono::duration<Rep, Period>> {
  using Value = std::chrono::duration<Rep, Period>;
  static std::int64_t out(Value v) { return v.count(); }
  static Value in(std::int64_t v) { return Value{v}; }
  // As an instant: so that it can be added to one.
  static constexpr std::int64_t limit =
      std::chrono::floor<Value>(Duration{Plain<Instant>::limit}).count();
};
template <class T>
concept Unit = requires(T v) {
  Plain<T>::out(v);
};
template <class T>
concept Index = std::is_same_v<T, InterfaceIndex> || std::is_same_v<T, WiphyIndex>;

/// Levels and gains stand in JSON as dBm and dB.
template <class T>
concept Decibels = std::is_same_v<T, Dbm> || std::is_same_v<T, Db>;

/// No level in dBm and no gain in dB is larger, not even those that drivers make up (255).
inline constexpr std::int32_t largest_decibels = 300;

constexpr std::int32_t millibel(Dbm level) { return level.mbm(); }
constexpr std::int32_t millibel(Db gain) { return gain.mb(); }
template <Decibels T>
constexpr T from_millibel(std::int32_t millibel) {
  if constexpr (std::is_same_v<T, Dbm>) {
    return Dbm::from_mbm(millibel);
  } else {
    return Db::from_mb(millibel);
  }
}

/// Words of an enumeration, for both directions: specialised in fields.hpp.
template <class E>
struct Words;

class JsonOut {
 public:
  explicit JsonOut(boost::json::object& object) : object_{object} {}

  template <class T>
  void operator()(std::string_view key, const T& value) {
    object_[key] = to_json(value);
  }
  template <class T>
  void operator()(std::string_view key, const std::optional<T>& value) {
    if (value) object_[key] = to_json(*value);
  }

  template <class T>
  static boost::json::value to_json(const T& value) {
    if constexpr (Decibels<T>) {
      // "20", not "20.0": nearly all levels are whole.
      if (millibel(value) % 100 == 0) return millibel(value) / 100;
      return value.value();
    } else if constexpr (Unit<T>) {
      return Plain<T>::out(value);
    } else if constexpr (Index<T>) {
      return pianissimo::value(value);
    } else if constexpr (std::is_same_v<T, MacAddress>) {
      return boost::json::string{to_string(value)};
    } else if constexpr (std::is_enum_v<T>) {
      return boost::json::string{Words<T>::word(value)};
    } else if constexpr (std::is_arithmetic_v<T> || std::is_same_v<T, std::string>) {
      return boost::json::value(value);
    } else {
      boost::json::object object;
      JsonOut out{object};
      fields(out, value);
      return object;
    }
  }
  template <class T>
  static boost::json::value to_json(const std::vector<T>& values) {
    boost::json::array array;
    array.reserve(values.size());
    for (const T& value : values) array.push_back(to_json(value));
    return array;
  }

 private:
  boost::json::object& object_;
};

class JsonIn {
 public:
  explicit JsonIn(const boost::json::object& object) : object_{object} {}

  template <class T>
  void operator()(std::string_view key, T& value) const {
    const auto* const found = object_.if_contains(key);
    if (!found) throw BadField{std::string{key} + ": missing"};
    from_json(key, *found, value);
  }
  template <class T>
  void operator()(std::string_view key, std::optional<T>& value) const {
    value.reset();
    if (const auto* const found = object_.if_contains(key)) {
      from_json(key, *found, value.emplace());
    }
  }

 private:
  [[noreturn]] static void fail(std::string_view key, std::string_view why) {
    throw BadField{std::string{key}.append(": ").append(why)};
  }
  static std::int64_t integer(std::string_view key, const boost::json::value& from,
                              std::int64_t low, std::int64_t high) {
    if (!from.is_int64()) fail(key, "not an integer");
    const std::int64_t number = from.as_int64();
    if (number < low || number > high) fail(key, "out of range");
    return number;
  }

  template <class T>
  static void from_json(std::string_view key, const boost::json::value& from, T& to) {
    if constexpr (Decibels<T>) {
      const double value = from.is_number() ? from.to_number<double>() : 1e9;
      if (!(std::abs(value) <= largest_decibels)) fail(key, "not a level in dBm or a gain in dB");
      to = from_millibel<T>(static_cast<std::int32_t>(std::lround(100 * value)));
    } else if constexpr (Unit<T>) {
      to = Plain<T>::in(integer(key, from, 0, Plain<T>::limit));
    } else if constexpr (Index<T>) {
      to = T{static_cast<std::uint32_t>(
          integer(key, from, 0, std::numeric_limits<std::uint32_t>::max()))};
    } else if constexpr (std::is_same_v<T, MacAddress>) {
      const auto mac = from.is_string() ? mac_from_string(from.as_string()) : std::nullopt;
      if (!mac) fail(key, "not a MAC address");
      to = *mac;
    } else if constexpr (std::is_enum_v<T>) {
      const auto word = from.is_string() ? Words<T>::value(from.as_string()) : std::nullopt;
      if (!word) fail(key, "not a known word");
      to = *word;
    } else if constexpr (std::is_same_v<T, bool>) {
      if (!from.is_bool()) fail(key, "not true or false");
      to = from.as_bool();
    } else if constexpr (std::is_same_v<T, std::uint64_t>) {
      if (from.is_uint64()) {
        to = from.as_uint64();
      } else {
        to = static_cast<T>(integer(key, from, 0, std::numeric_limits<std::int64_t>::max()));
      }
    } else if constexpr (std::is_integral_v<T>) {
      to = static_cast<T>(
          integer(key, from, std::numeric_limits<T>::min(), std::numeric_limits<T>::max()));
    } else if constexpr (std::is_floating_point_v<T>) {
      if (!from.is_number()) fail(key, "not a number");
      to = from.to_number<T>();
      if (!std::isfinite(to)) fail(key, "out of range");
    } else if constexpr (std::is_same_v<T, std::string>) {
      if (!from.is_string()) fail(key, "not a string");
      to = std::string{from.as_string()};
    } else {
      if (!from.is_object()) fail(key, "not an object");
      const JsonIn in{from.as_object()};
      fields(in, to);
    }
  }
  template <class T>
  static void from_json(std::string_view key, const boost::json::value& from, std::vector<T>& to) {
    if (!from.is_array()) fail(key, "not a list");
    to.clear();
    for (const auto& value : from.as_array()) from_json(key, value, to.emplace_back());
  }

  const boost::json::object& object_;
};

}  // namespace pianissimo::journal
