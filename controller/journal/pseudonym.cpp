#include "controller/journal/pseudonym.hpp"

#include <nettle/hmac.h>

#include <algorithm>

#include "controller/journal/fields.hpp"

namespace pianissimo::journal {
namespace {

// So many stations get numbers, and so many addresses are remembered, whoever makes addresses up:
// 2 MB at most.
constexpr std::size_t most_numbers = 16'384;
constexpr std::size_t most_known = 2 * most_numbers;

constexpr std::size_t mac_letters = 17;  // "02:00:00:00:00:0a"
constexpr std::size_t hex_digits = 12;

bool is_hex(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

// The address that a text begins with, where no other digit belongs to it. What follows may be a
// colon: "02:00:00:00:00:0a: 3 dBm".
std::optional<MacAddress> mac_at(std::string_view text) {
  if (text.size() > mac_letters && is_hex(text[mac_letters])) return std::nullopt;
  return mac_from_string(text.substr(0, mac_letters));
}

// systemd.net-naming-scheme(7): of a device on USB, its kind and its address.
std::optional<MacAddress> mac_in_name_at(std::string_view text) {
  if (!text.starts_with("wlx") && !text.starts_with("enx")) return std::nullopt;
  const std::string_view digits = text.substr(3, hex_digits);
  if (digits.size() != hex_digits || !std::ranges::all_of(digits, is_hex)) return std::nullopt;
  std::string spelled;
  for (std::size_t i = 0; i < hex_digits; i += 2) {
    if (i > 0) spelled += ':';
    spelled += digits.substr(i, 2);
  }
  return mac_from_string(spelled);
}

std::string without_colons(const MacAddress& address) {
  std::string text = to_string(address);
  std::erase(text, ':');
  return text;
}

/// Goes through the fields of a record as fields.hpp lists them, so that none is forgotten.
class Hider {
 public:
  explicit Hider(Pseudonyms& names) : names_{names} {}

  template <class T>
  void operator()(std::string_view, T& value) {
    hide(value);
  }

 private:
  template <class T>
  void hide(T& value) {
    if constexpr (std::is_same_v<T, MacAddress>) {
      value = names_.of(value);
    } else if constexpr (std::is_same_v<T, std::string>) {
      value = names_.in_text(value);
    } else if constexpr (std::is_class_v<T> && !Unit<T> && !Decibels<T>) {
      fields(*this, value);
    }
  }
  template <class T>
  void hide(std::optional<T>& value) {
    if (value) hide(*value);
  }
  template <class T>
  void hide(std::vector<T>& values) {
    for (T& value : values) hide(value);
  }

  Pseudonyms& names_;
};

}  // namespace

MacAddress Pseudonyms::of(const MacAddress& station) {
  if (ids_ == StationIds::mac || station == MacAddress{}) return station;
  const auto known = known_.find(station);
  if (known != known_.end()) return known->second;
  const MacAddress pseudonym = number_or_hash(station);
  if (known_.size() >= most_known) {
    if (ids_ == StationIds::none) return pseudonym;  // numbers cannot be made again
    known_.clear();
  }
  known_.emplace(station, pseudonym);
  known_.emplace(pseudonym, pseudonym);
  return pseudonym;
}

MacAddress Pseudonyms::number_or_hash(const MacAddress& station) {
  if (ids_ == StationIds::none && numbers_ + 1 < most_numbers) {
    ++numbers_;
    return {{0x0a, 0, 0, 0, static_cast<std::uint8_t>(numbers_ >> 8),
             static_cast<std::uint8_t>(numbers_ & 0xff)}};
  }
  MacAddress pseudonym;
  hmac_sha256_ctx hmac;
  hmac_sha256_set_key(&hmac, key_.size(), key_.data());
  hmac_sha256_update(&hmac, station.octets.size(), station.octets.data());
  hmac_sha256_digest(&hmac, pseudonym.octets.size(), pseudonym.octets.data());
  pseudonym.octets[0] = static_cast<std::uint8_t>((pseudonym.octets[0] & 0xfc) | 0x02);
  return pseudonym;
}

std::string Pseudonyms::in_text(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  bool is_inside = false;  // of a longer number, which is no address
  while (!text.empty()) {
    if (const auto mac = is_inside ? std::nullopt : mac_at(text)) {
      out += to_string(of(*mac));
      text.remove_prefix(mac_letters);
    } else if (const auto named = mac_in_name_at(text)) {
      out += text.substr(0, 3);
      out += without_colons(of(*named));
      text.remove_prefix(3 + hex_digits);
    } else {
      is_inside = is_hex(text.front());
      out += text.front();
      text.remove_prefix(1);
    }
  }
  return out;
}

void Pseudonyms::hide(Event& event) {
  if (ids_ == StationIds::mac) return;
  Hider hider{*this};
  std::visit([&](auto& what) { fields(hider, what); }, event);
}

void Pseudonyms::hide(Record& record) {
  if (ids_ == StationIds::mac) return;
  Hider hider{*this};
  std::visit(
      [&]<class T>(T& what) {
        if constexpr (std::is_same_v<T, Event>) {
          hide(what);
        } else {
          fields(hider, what);
        }
      },
      record.what);
  auto* const header = std::get_if<Header>(&record.what);
  if (!header) return;
  header->config = in_text(header->config);
  header->stations = to_string(ids_);
}

}  // namespace pianissimo::journal
