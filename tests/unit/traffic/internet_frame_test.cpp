// Frames that no socket makes are held against frames of known contents, and against the rule that
// the words of what a checksum covers sum up to 0xffff.
#include "experiments/traffic/internet_frame.hpp"

#include <gmock/gmock.h>
#include <netinet/in.h>

#include "experiments/traffic/tcp_segment.hpp"

namespace pianissimo::traffic {
namespace {

using testing::ElementsAreArray;
using testing::HasSubstr;

InternetAddress address(const std::string& text) { return *internet_address(text); }

Ends ends_v4() {
  return {.source_station = {{2, 0, 0, 0, 0, 1}},
          .destination_station = {{2, 0, 0, 0, 0, 2}},
          .source = address("10.0.0.1"),
          .destination = address("10.0.0.2")};
}

Ends ends_v6() {
  Ends ends = ends_v4();
  ends.source = address("fd00::1");
  ends.destination = address("fd00::2");
  return ends;
}

TEST(InternetFrame, AnIpv4HeaderIsTheOneOfTheTextbook) {
  const std::vector<std::uint8_t> frame = internet_frame(ends_v4(), IPPROTO_UDP, 60);

  // 0x4500 + 0x002e + 0x4000 + 0x4011 + 0x0a00 + 1 + 0x0a00 + 2 = 0xd942, and its inverse is
  // 0x26bd.
  EXPECT_THAT(frame, ElementsAreArray({2,  0, 0,  0, 0, 2,    2, 0,  0,  0,    0,    1,  8, 0, 0x45,
                                       0,  0, 46, 0, 0, 0x40, 0, 64, 17, 0x26, 0xbd, 10, 0, 0, 1,
                                       10, 0, 0,  2, 0, 0,    0, 0,  0,  0,    0,    0,  0, 0, 0,
                                       0,  0, 0,  0, 0, 0,    0, 0,  0,  0,    0,    0,  0, 0, 0}));
}

TEST(InternetFrame, AnIpv6HeaderHasTheLengthOfWhatFollowsIt) {
  const std::vector<std::uint8_t> frame = internet_frame(ends_v6(), IPPROTO_TCP, 114);

  EXPECT_THAT(std::span{frame}.subspan(12, 10),
              ElementsAreArray({0x86, 0xdd, 0x60, 0, 0, 0, 0, 60, 6, 64}));
  EXPECT_THAT(std::span{frame}.subspan(22, 16), ElementsAreArray(address("fd00::1").bytes()));
  EXPECT_THAT(std::span{frame}.subspan(38, 16), ElementsAreArray(address("fd00::2").bytes()));
}

TEST(InternetFrame, AnAddressIsReadOrRefused) {
  EXPECT_THAT(address("192.0.2.1").bytes(), ElementsAreArray({192, 0, 2, 1}));
  EXPECT_TRUE(address("::1").is_ipv6);
  for (const char* const bad : {"", "host", "1.2.3", "1.2.3.4.5", "fd00::1%va", "10.0.0.1/24"}) {
    const auto refused = internet_address(bad);
    ASSERT_FALSE(refused) << bad;
    EXPECT_THAT(refused.error().message, HasSubstr("is not an IPv4 or IPv6 address"));
    EXPECT_EQ(refused.error().exit_status, ExitStatus::usage);
  }
}

TEST(InternetFrame, AnOddByteIsTheHighOneOfTheLastWord) {
  EXPECT_EQ(checksum_words(std::vector<std::uint8_t>{0x12, 0x34, 0x56}), 0x1234U + 0x5600U);
  EXPECT_EQ(folded(0x1ffff), 1U);
}

TcpSegment segment(const Ends& ends, bool has_timestamps) {
  return {.ends = ends,
          .source_port = 40'000,
          .destination_port = 9,
          .window = 500,
          .has_timestamps = has_timestamps,
          .payload_bytes = 1001};
}

TEST(TcpFrame, ItsSumIsThatOfAllWordsThatTheChecksumCovers) {
  for (const Ends& ends : {ends_v4(), ends_v6()}) {
    for (const bool has_timestamps : {false, true}) {
      const TcpFrame made = tcp_frame(segment(ends, has_timestamps));
      const std::size_t header = tcp_header_bytes(has_timestamps);
      const auto tcp = std::span{made.frame}.subspan(14 + (ends.source.is_ipv6 ? 40 : 20));
      ASSERT_EQ(tcp.size(), header + 1001);
      std::uint32_t pseudo_header = 6 + static_cast<std::uint32_t>(tcp.size());
      for (const InternetAddress& one : {ends.source, ends.destination}) {
        pseudo_header += checksum_words(one.bytes());
      }

      EXPECT_EQ(folded(made.sum), folded(pseudo_header + checksum_words(tcp)));
      EXPECT_EQ(tcp[12] >> 4, header / 4);
      EXPECT_EQ(tcp[16] << 8 | tcp[17], 0) << "the checksum is the program's";
    }
  }
}

TEST(TcpFrame, ItsPayloadIsTheStreamBesideTheSegmentsNumber) {
  const TcpFrame made = tcp_frame(segment(ends_v4(), true));

  for (std::uint32_t i = 8; i < 1001; ++i) {
    ASSERT_EQ(made.frame[14 + 20 + 32 + i], stream_byte(1001 + i, 1001)) << i;
  }
}

TEST(StreamByte, EachSegmentBeginsWithItsNumber) {
  const std::uint64_t number = 0x0102'0304'0506ULL;
  std::vector<std::uint8_t> begin;
  for (std::uint64_t i = 0; i < 10; ++i) begin.push_back(stream_byte(number * 100 + i, 100));

  EXPECT_THAT(begin, ElementsAreArray({0, 0, 1, 2, 3, 4, 5, 6, 8, 9}));
}

}  // namespace
}  // namespace pianissimo::traffic
