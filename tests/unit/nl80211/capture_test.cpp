// What a real kernel said (tests/data/nl80211/README.md), decoded.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "nl80211/codec.hpp"
#include "nl80211/conversation.hpp"
#include "nl80211/snapshot.hpp"
#include "tests/unit/nl80211/wire.hpp"

namespace pianissimo::nl80211 {
namespace {

using wire::Buffer;
using namespace std::chrono_literals;

Buffer captured(const std::string& name) {
  std::ifstream file{std::string{NL80211_DATA} + "/" + name, std::ios::binary};
  EXPECT_TRUE(file) << name;
  Buffer bytes;
  for (auto c = std::istreambuf_iterator<char>{file}; c != std::istreambuf_iterator<char>{}; ++c)
    bytes.push_back(static_cast<std::byte>(*c));
  return bytes;
}

/// Has the recorded conversation once more; its numbers are those of its first message.
Conversation replay(Conversation::Kind kind, const Buffer& bytes, const Conversation::Take& take) {
  constexpr std::uint16_t family = 32;
  Bytes rest{bytes};
  const auto first = take_message(rest).value();
  Conversation conversation{kind, family, first.sequence, first.port};
  conversation.feed(Bytes{bytes}, take);
  return conversation;
}

boost::system::error_code nothing_said(const GenericMessage&) { return Errc::malformed; }

TEST(Captured, Stations) {
  std::vector<StationSample> stations;
  Snapshot snapshot;
  const auto conversation =
      replay(Conversation::Kind::dump, captured("stations.nl"), [&](const GenericMessage& message) {
        snapshot.see(message.attributes);
        stations.push_back(decode_station(message.attributes).value());
        return boost::system::error_code{};
      });

  EXPECT_EQ(conversation.state(), Conversation::State::done);
  EXPECT_FALSE(conversation.interrupted());
  EXPECT_TRUE(snapshot.consistent());
  ASSERT_EQ(stations.size(), 2U);
  const StationSample& fresh = stations[0];
  EXPECT_EQ(to_string(fresh.station), "02:00:00:00:01:00");
  EXPECT_EQ(fresh.expected_throughput, std::nullopt) << "mac80211 leaves out a zero";
  EXPECT_EQ(fresh.tx_bytes, 7330U);
  EXPECT_EQ(fresh.rx_bytes, 7974U);
  EXPECT_EQ(fresh.tx_packets, 64U);
  EXPECT_EQ(fresh.rx_packets, 73U);
  EXPECT_EQ(fresh.tx_retries, 0U);
  EXPECT_EQ(fresh.tx_failed, 0U);
  EXPECT_EQ(fresh.tx_duration, 0us);
  EXPECT_EQ(fresh.signal, dbm(-27));
  EXPECT_EQ(fresh.signal_avg, dbm(-27));
  EXPECT_EQ(fresh.connected, 4s);
  EXPECT_EQ(fresh.tx_rate, (BitRate{.rate = Throughput::from_kbps(6500),
                                    .format = RateFormat::vht,
                                    .mcs = 0,
                                    .nss = 1,
                                    .width = Mhz{20}}));
  const StationSample& known = stations[1];
  EXPECT_EQ(to_string(known.station), "02:00:00:00:02:00");
  EXPECT_EQ(known.expected_throughput, Throughput::from_kbps(9937));
  EXPECT_EQ(known.tx_rate->rate, Throughput::from_kbps(13000));
}

TEST(Captured, Interfaces) {
  for (const auto& [file, kind] : {std::pair{"interfaces.nl", Conversation::Kind::dump},
                                   std::pair{"interface.nl", Conversation::Kind::action}}) {
    std::vector<Interface> interfaces;
    const auto conversation = replay(kind, captured(file), [&](const GenericMessage& message) {
      interfaces.push_back(decode_interface(message.attributes).value());
      return boost::system::error_code{};
    });

    EXPECT_EQ(conversation.state(), Conversation::State::done) << file;
    ASSERT_EQ(interfaces.size(), 1U) << file;
    const Interface& wlan0 = interfaces[0];
    EXPECT_EQ(wlan0.index, InterfaceIndex{2});
    EXPECT_EQ(wlan0.name, "wlan0");
    EXPECT_TRUE(wlan0.is_access_point());
    EXPECT_EQ(to_string(wlan0.mac), "02:00:00:00:00:00");
    EXPECT_EQ(wlan0.power, dbm(23));
    EXPECT_EQ(wlan0.frequency, Mhz{5180});
    EXPECT_EQ(wlan0.width, Mhz{80});
  }
}

TEST(Captured, Wiphys) {
  std::vector<Wiphy> wiphys;
  int messages = 0;
  const auto conversation =
      replay(Conversation::Kind::dump, captured("wiphys.nl"), [&](const GenericMessage& message) {
        ++messages;
        merge_wiphy(message.attributes, wiphys).value();
        return boost::system::error_code{};
      });

  EXPECT_EQ(conversation.state(), Conversation::State::done);
  EXPECT_GT(messages, 100) << "a split dump";
  ASSERT_EQ(wiphys.size(), 1U);
  EXPECT_EQ(wiphys[0].name, "phy0");
  EXPECT_EQ(wiphys[0].channels.size(), 139U);
  EXPECT_EQ(wiphys[0].maximum(Mhz{2412}), dbm(30));
  EXPECT_EQ(wiphys[0].maximum(Mhz{5180}), dbm(23));
  EXPECT_EQ(wiphys[0].radios, 1U);
  EXPECT_TRUE(wiphys[0].has_interface_power());
  EXPECT_FALSE(wiphys[0].has_station_power());
}

TEST(Captured, RegulatoryDomain) {
  std::string alpha2;
  const auto conversation = replay(Conversation::Kind::action, captured("regulatory.nl"),
                                   [&](const GenericMessage& message) {
                                     alpha2 = decode_regulatory_domain(message.attributes).value();
                                     return boost::system::error_code{};
                                   });

  EXPECT_EQ(conversation.state(), Conversation::State::done);
  EXPECT_EQ(alpha2, "US");
}

TEST(Captured, Refusals) {
  const auto error = [](const char* file) {
    return replay(Conversation::Kind::action, captured(file), nothing_said).error();
  };

  EXPECT_EQ(error("no_interface.nl"), Error::from_errno(ENODEV));
  EXPECT_EQ(error("too_fine.nl"), Error::from_errno(EOPNOTSUPP));
  EXPECT_EQ(error("with_words.nl"),
            Error::from_errno(ERANGE, "Attribute failed policy validation"));
}

}  // namespace
}  // namespace pianissimo::nl80211
