// The protocol's codec; the sockets are tested by the virtual machine.
#include "experiments/testbed/medium/hwsim.hpp"

#include <gtest/gtest.h>
#include <linux/netlink.h>

namespace pianissimo::testbed {
namespace {

// Attributes of HWSIM_CMD_FRAME, numbered as in drivers/net/wireless/mac80211_hwsim.h.
Request frame_message() {
  const std::array<std::uint8_t, 8> info{0x19, 2, 0x07, 3, 0xff, 0, 0xff, 0};
  const std::array<std::uint8_t, 12> flags{0x19, 0x80, 0x03, 0x07, 0x00, 0x01, 0xff};
  Request request{27, 2};
  request.put(2, netlink_address_of(3));
  request.put(3, std::span<const std::uint8_t>{Bytes(40, 0xab)});
  request.put(4, std::uint32_t{9});
  request.put(19, std::uint32_t{5180});
  request.put(7, std::span<const std::uint8_t>{info});
  request.put(21, std::span<const std::uint8_t>{flags});
  request.put(8, std::uint64_t{77});
  return request;
}

TEST(Hwsim, ReadsAFrame) {
  Request request = frame_message();
  const auto message = Message::parse(request.finish(5));
  ASSERT_TRUE(message);
  EXPECT_EQ(message->type, 27);
  EXPECT_EQ(message->command, 2);
  EXPECT_EQ(message->sequence, 5U);

  const auto frame = parse_frame(Attributes{message->attributes});

  ASSERT_TRUE(frame);
  EXPECT_EQ(frame->radio, 3);
  EXPECT_EQ(frame->cookie, 77U);
  EXPECT_EQ(frame->frequency_mhz, 5180U);
  EXPECT_NE(frame->flags & OutgoingFrame::aggregated, 0U);
  EXPECT_EQ(frame->bytes, Bytes(40, 0xab));
  EXPECT_EQ(frame->chain[0], (Stage{0x19, 2, 0x380}));
  EXPECT_EQ(frame->chain[1], (Stage{7, 3, 0x100}));
  EXPECT_EQ(frame->chain[2].index, -1);
}

TEST(Hwsim, WhatIsNotWholeIsNoMessageAndNoFrame) {
  Request request = frame_message();
  const Bytes bytes = request.finish(5);
  for (std::size_t n = 0; n < bytes.size(); ++n) {
    EXPECT_FALSE(Message::parse(std::span{bytes}.first(n)));
    if (n < 20) continue;
    // Attributes cut off anywhere: no crash, and no frame without its cookie, which comes last.
    EXPECT_FALSE(parse_frame(Attributes{std::span{bytes}.subspan(20, n - 20)}));
  }
}

TEST(Netlink, AnErrorIsReadAsItsNumber) {
  Bytes bytes(NLMSG_HDRLEN + sizeof(nlmsgerr));
  nlmsghdr header{};
  header.nlmsg_len = static_cast<std::uint32_t>(bytes.size());
  header.nlmsg_type = NLMSG_ERROR;
  header.nlmsg_seq = 9;
  const nlmsgerr error{.error = -22, .msg = {}};
  std::memcpy(bytes.data(), &header, sizeof header);
  std::memcpy(bytes.data() + NLMSG_HDRLEN, &error, sizeof error);

  const auto message = Message::parse(bytes);

  ASSERT_TRUE(message);
  EXPECT_EQ(message->error, 22);
  EXPECT_EQ(message->sequence, 9U);
}

TEST(Netlink, AbsentAndShortAttributesHaveNoValue) {
  Request request{27, 2};
  request.put(1, std::uint8_t{5});
  const Bytes bytes = request.finish(1);
  const Attributes attributes{std::span{bytes}.subspan(20)};
  EXPECT_EQ(attributes.get<std::uint8_t>(1), 5);
  EXPECT_EQ(attributes.get<std::uint32_t>(1), std::nullopt);
  EXPECT_EQ(attributes.get<std::uint32_t>(2), std::nullopt);
}

}  // namespace
}  // namespace pianissimo::testbed
