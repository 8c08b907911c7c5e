// The bytes here are put together by hand from RFC 7011 and IANA's registry of elements.
#include "controller/service/ipfix.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>

#include "tests/unit/service/flow_samples.hpp"

namespace pianissimo::service {
namespace {

using namespace std::chrono_literals;

constexpr std::int64_t wall_ms = 1'700'000'000'999;  // 0x6553f100 s and 999 ms
constexpr WallClock clock_then{Instant{5000s}, wall_ms};

/// "00 0a" and so on, with whatever white space.
std::vector<std::uint8_t> bytes_of(std::string_view hex) {
  std::vector<std::uint8_t> bytes;
  std::string digits;
  for (const char c : hex) {
    if (c == ' ' || c == '\n') continue;
    digits += c;
    if (digits.size() < 2) continue;
    bytes.push_back(static_cast<std::uint8_t>(std::stoi(digits, nullptr, 16)));
    digits.clear();
  }
  return bytes;
}

std::vector<std::uint8_t> written(const IpfixMessage& message) {
  return {message.bytes().begin(), message.bytes().end()};
}

/// 4990 s: ten seconds before clock_then.
FlowRecord record_of(std::uint16_t port) {
  return {flow_from(port, Instant{4990s}, Instant{4995s + 500ms}, 3), FlowEnd::idle};
}

FlowRecord ipv6_record() {
  FlowRecord record = record_of(1024);
  flow_key& key = record.flow.key;
  std::ranges::fill(key.source, 0);
  std::ranges::fill(key.destination, 0);
  key.source[0] = 0xfd;
  key.source[15] = 1;
  key.destination[0] = 0xfe;
  key.destination[1] = 0x80;
  key.destination[15] = 2;
  key.version = FLOW_IPV6;
  key.protocol = 6;
  key.direction = FLOW_EGRESS;
  record.end = FlowEnd::active;
  return record;
}

TEST(Ipfix, AFlowOfIPv4AtIngressIsThisMessage) {
  IpfixMessage message{wall_ms, 0x01020304};

  ASSERT_TRUE(message.add(record_of(1024), clock_then));

  // Version 10, 87 octets, export time, sequence number, observation domain; a set of template 256
  // with 71 octets; the record.
  EXPECT_EQ(written(message), bytes_of("000a 0057 6553f100 01020304 00000001"
                                       "0100 0047"
                                       "0a000007 c0000201 0400 01bb 11 00"
                                       "00000003 00000000"
                                       "020000000007 060000000001"
                                       "000000000000012c 0000000000000003"
                                       // 1,700,000,000,999 ms less 10,000 ms, and less 4,500 ms
                                       "0000018bcfe544d7 0000018bcfe55a53"
                                       "01"));
  EXPECT_EQ(message.records(), 1U);
}

TEST(Ipfix, AFlowOfIPv6AtEgressIsThisMessage) {
  IpfixMessage message{wall_ms, 0};

  ASSERT_TRUE(message.add(ipv6_record(), clock_then));

  EXPECT_EQ(written(message), bytes_of("000a 006f 6553f100 00000000 00000001"
                                       "0101 005f"
                                       "fd000000000000000000000000000001"
                                       "fe800000000000000000000000000002"
                                       "0400 01bb 06 01"
                                       "00000000 00000003"
                                       "020000000007 060000000001"
                                       "000000000000012c 0000000000000003"
                                       "0000018bcfe544d7 0000018bcfe55a53"
                                       "02"));
}

TEST(Ipfix, TheTemplatesAndTheTotalsAreThisMessage) {
  IpfixMessage message{wall_ms, 7};
  message.add_templates();
  message.add(FlowTotals{.ignored = {1, 2}, .sent = 3, .not_sent = 4, .not_sent_of = {5, 6}});

  // Each field is the element's number and its length.
  const std::string_view common =
      "0007 0002 000b 0002 0004 0001 003d 0001 000a 0004 000e 0004 0038 0006 0050 0006"
      "0001 0008 0002 0008 0098 0008 0099 0008 0088 0001";
  const std::string expected =
      "000a 00f2 6553f100 00000007 00000001"
      "0002 0084"
      "0100 000f 0008 0004 000c 0004" +
      std::string{common} + "0101 000f 001b 0010 001c 0010" + std::string{common} +
      // Options: template 258, seven fields, of which the first is the scope.
      "0003 0026"
      "0102 0007 0001 0095 0004"
      "00a4 0008 00a5 0008 002a 0008 00a6 0008 00a7 0008 00a8 0008"
      "0102 0038 00000001"
      "0000000000000001 0000000000000002 0000000000000003"
      "0000000000000004 0000000000000005 0000000000000006";
  EXPECT_EQ(written(message), bytes_of(expected));
  EXPECT_EQ(message.records(), 1U) << "templates are no data records";
}

TEST(Ipfix, RecordsOfOneKindShareASet) {
  IpfixMessage message{wall_ms, 0};
  ASSERT_TRUE(message.add(record_of(1), clock_then));
  ASSERT_TRUE(message.add(record_of(2), clock_then));
  ASSERT_TRUE(message.add(ipv6_record(), clock_then));

  const auto bytes = written(message);

  ASSERT_EQ(bytes.size(), 16U + (4 + 2 * 67) + (4 + 91));
  EXPECT_EQ(bytes[16 + 1], 0x00);  // 256, of 138 octets
  EXPECT_EQ(bytes[16 + 3], 138);
  EXPECT_EQ(bytes[16 + 138 + 1], 0x01);  // 257, of 95
  EXPECT_EQ(bytes[16 + 138 + 3], 95);
}

TEST(Ipfix, AMessageTakesWhatFitsIntoADatagramOf512Octets) {
  IpfixMessage ipv4{wall_ms, 0};
  while (ipv4.add(record_of(1), clock_then)) continue;
  IpfixMessage ipv6{wall_ms, 0};
  while (ipv6.add(ipv6_record(), clock_then)) continue;

  EXPECT_EQ(ipv4.records(), 6U);
  EXPECT_EQ(ipv4.bytes().size(), 16U + 4 + 6 * 67);
  EXPECT_EQ(ipv6.records(), 4U);
  EXPECT_LE(ipv6.bytes().size() + 40 + 8, 512U);
}

TEST(Ipfix, TimesAreTheWallClocksRoundedDown) {
  EXPECT_EQ(clock_then.ms_at(Instant{5000s}), 1'700'000'000'999U);
  EXPECT_EQ(clock_then.ms_at(Instant{5000s} - 1ns), 1'700'000'000'998U);
  EXPECT_EQ(clock_then.ms_at(Instant{4999s}), 1'699'999'999'999U);
}

}  // namespace
}  // namespace pianissimo::service
