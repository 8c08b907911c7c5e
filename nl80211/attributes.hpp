// Checked reading of netlink attributes. Nothing here trusts a length, and nothing assumes that a
// number is aligned: attributes are padded to 4 bytes, so a u64 often is not.
//
// Own code rather than libnl's nla_*: nla_get_u32(nullptr) is a segmentation fault and
// nla_data(nullptr) is 4, so each forgotten check is a crash; here an absent attribute is nullopt.
#pragma once

#include <linux/netlink.h>

#include <concepts>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string_view>

namespace pianissimo::nl80211 {

using Bytes = std::span<const std::byte>;

struct Attribute {
  int type = 0;  ///< without NLA_F_NESTED and NLA_F_NET_BYTEORDER
  Bytes payload;
};

/// Reads a T if the payload is exactly that long: a wrong size is another type, not a T.
template <class T>
requires std::integral<T> std::optional<T> read(Bytes payload) {
  if (payload.size() != sizeof(T)) return std::nullopt;
  T value;
  std::memcpy(&value, payload.data(), sizeof value);
  return value;
}

/// A list of attributes: a generic netlink message's body, or a nested attribute's payload.
class Attributes {
 public:
  constexpr Attributes() = default;
  explicit constexpr Attributes(Bytes bytes) : bytes_{bytes} {}

  /// Calls visit(Attribute) for each; false when the list ends in something that is none.
  template <class Visit>
  bool for_each(Visit&& visit) const {
    Bytes rest = bytes_;
    while (!rest.empty()) {
      nlattr head{};
      if (rest.size() < sizeof head) return false;
      std::memcpy(&head, rest.data(), sizeof head);
      if (head.nla_len < sizeof head || head.nla_len > rest.size()) return false;
      visit(Attribute{head.nla_type & NLA_TYPE_MASK,
                      rest.subspan(sizeof head, head.nla_len - sizeof head)});
      const std::size_t padded = NLA_ALIGN(std::size_t{head.nla_len});
      rest = padded < rest.size() ? rest.subspan(padded) : Bytes{};
    }
    return true;
  }

  bool well_formed() const {
    return for_each([](const Attribute&) {});
  }

  std::optional<Bytes> find(int type) const {
    std::optional<Bytes> found;
    for_each([&](const Attribute& attribute) {
      if (attribute.type == type && !found) found = attribute.payload;
    });
    return found;
  }

  bool has(int type) const { return find(type).has_value(); }

  template <class T>
  std::optional<T> get(int type) const {
    const auto payload = find(type);
    return payload ? read<T>(*payload) : std::nullopt;
  }

  /// Up to the first NUL, which the kernel writes but need not.
  std::optional<std::string_view> text(int type) const {
    const auto payload = find(type);
    if (!payload) return std::nullopt;
    const auto* first = reinterpret_cast<const char*>(payload->data());
    return std::string_view{first, strnlen(first, payload->size())};
  }

  std::optional<Attributes> nested(int type) const {
    const auto payload = find(type);
    return payload ? std::optional{Attributes{*payload}} : std::nullopt;
  }

  Bytes bytes() const { return bytes_; }

 private:
  Bytes bytes_;
};

}  // namespace pianissimo::nl80211
