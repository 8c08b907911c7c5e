// Any bytes, as a datagram from the kernel: everything that reads them, and what must hold of what
// they read.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "nl80211/codec.hpp"
#include "nl80211/conversation.hpp"
#include "nl80211/elements.hpp"
#include "nl80211/request.hpp"
#include "nl80211/snapshot.hpp"

namespace {

using namespace pianissimo;
using namespace pianissimo::nl80211;

void require(bool holds) {
  if (!holds) std::abort();
}

void check_rate(const std::optional<BitRate>& rate) {
  if (!rate) return;
  require(rate->rate.bps() >= 0);
  require(rate->width.value() >= 5 && rate->width.value() <= 320);
}

void check_station(const Attributes& attributes) {
  const auto sample = decode_station(attributes);
  if (!sample) return;
  require(attributes.well_formed());
  require(!sample->tx_duration || sample->tx_duration->count() >= 0);
  require(!sample->expected_throughput || sample->expected_throughput->bps() >= 0);
  require(!sample->signal || (*sample->signal >= dbm(-128) && *sample->signal <= dbm(127)));
  check_rate(sample->tx_rate);
  check_rate(sample->rx_rate);
}

void check_interface(const Attributes& attributes, std::vector<Interface>& interfaces) {
  const auto interface = decode_interface(attributes);
  if (!interface) return;
  require(attributes.well_formed());
  require(value(interface->index) != 0);
  require(interface->name.find('\0') == std::string::npos);
  interfaces.push_back(*interface);
}

void check_wiphys(const std::vector<Wiphy>& wiphys, const std::vector<Interface>& interfaces) {
  for (const Wiphy& wiphy : wiphys) {
    require(wiphy.radios >= 1);
    require(std::ranges::count(wiphys, wiphy.index, &Wiphy::index) == 1);
    for (const Channel& channel : wiphy.channels) {
      require(!channel.disabled || !wiphy.maximum(channel.frequency));
      require(!channel.density || (*channel.density >= dbm(-10) && *channel.density <= dbm(30)));
    }
    for (const Interface& interface : interfaces) {
      const auto density = wiphy.density(interface);
      const Mhz width = sent_width(interface).value_or(Mhz{20});
      require(width.value() >= 5 && width.value() <= 320);
      require(!density || power_of(*density, width) <= dbm(56));
    }
  }
}

void check_elements(const BeaconElements& elements) {
  require(!elements.constraint ||
          (*elements.constraint >= db(0) && *elements.constraint <= db(255)));
  for (const auto& level : elements.envelope) {
    require(!level || (*level >= dbm(-64) && *level <= dbm(63)));
  }
}

/// What was read can be written, and reads the same.
void check_writing(const GenericMessage& message) {
  Request request{.command = message.command};
  const bool whole = message.attributes.for_each(
      [&](const Attribute& attribute) { request.put(attribute.type, attribute.payload); });
  std::vector<std::byte> out;
  serialize(request, 28, 1, out);

  Bytes rest{out};
  const auto again = take_message(rest);
  require(again && rest.empty() && again->type == 28 && again->sequence == 1);
  const auto generic = as_generic(*again);
  require(generic && generic->command == message.command && generic->attributes.well_formed());
  if (!whole) return;
  std::vector<Attribute> before, after;
  message.attributes.for_each([&](const Attribute& a) { before.push_back(a); });
  generic->attributes.for_each([&](const Attribute& a) { after.push_back(a); });
  require(std::ranges::equal(before, after, [](const Attribute& a, const Attribute& b) {
    return a.type == b.type && std::ranges::equal(a.payload, b.payload);
  }));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Bytes datagram = std::as_bytes(std::span{data, size});
  std::vector<Wiphy> wiphys;
  std::vector<Interface> interfaces;
  Snapshot snapshot;
  const Conversation::Take take = [&](const GenericMessage& message) {
    check_station(message.attributes);
    check_interface(message.attributes, interfaces);
    if (const auto elements = decode_own_network(message.attributes)) check_elements(*elements);
    check_writing(message);
    static_cast<void>(merge_wiphy(message.attributes, wiphys));
    static_cast<void>(decode_event(message));
    const auto domain = decode_regulatory_domain(message.attributes);
    require(!domain || domain->size() == 2);
    snapshot.see(message.attributes);
    return boost::system::error_code{};
  };

  Bytes rest = datagram;
  const auto first = take_message(rest).value_or(Message{});
  for (const auto kind : {Conversation::Kind::action, Conversation::Kind::dump}) {
    Conversation conversation{kind, 32, first.sequence, first.port};
    const auto state = conversation.feed(datagram, take);
    require(state == conversation.state());
    if (state == Conversation::State::failed)
      require(conversation.error().as_errno() > 0 && !conversation.error().message().empty());
  }
  rest = datagram;
  while (const auto message = take_message(rest)) {
    static_cast<void>(decode_link_event(*message));
    if (const auto generic = as_generic(*message)) take(*generic);
  }
  check_wiphys(wiphys, interfaces);
  check_elements(decode_elements(datagram));
  return 0;
}
