#include "experiments/testbed/medium/frame.hpp"

#include <gtest/gtest.h>

namespace pianissimo::testbed {
namespace {

// An ADDBA request of radio 0 to radio 1 without FCS, put together by hand.
const Bytes addba_request{0xd0, 0x00, 0x00, 0x00, 0x02, 0x00, 0x00, 0x00, 0x01, 0x00, 0x02,
                          0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x00, 0x00, 0x00, 0x00, 0x00,
                          0x10, 0x00, 0x03, 0x00, 0x05, 0x02, 0x10, 0x88, 0x13, 0x30, 0x00};

TEST(Frame, NamesItsEnds) {
  const auto frame = FrameView::parse(addba_request);
  ASSERT_TRUE(frame);
  EXPECT_EQ(frame->receiver(), station_address_of(1));
  EXPECT_EQ(frame->transmitter(), station_address_of(0));
  EXPECT_FALSE(frame->is_multicast());
  EXPECT_FALSE(frame->is_data());
}

TEST(Frame, IsRefusedWhenItHoldsNoReceiver) {
  EXPECT_FALSE(FrameView::parse(Bytes(9, 0)));
  const Bytes clear_to_send(10, 0);
  ASSERT_TRUE(FrameView::parse(clear_to_send));
  EXPECT_FALSE(FrameView::parse(clear_to_send)->transmitter());
}

TEST(Frame, NullFramesAreNotData) {
  Bytes bytes(26, 0);
  bytes[0] = 0x88;
  EXPECT_TRUE(FrameView::parse(bytes)->is_data()) << "QoS data";
  bytes[0] = 0x08;
  EXPECT_TRUE(FrameView::parse(bytes)->is_data()) << "data";
  bytes[0] = 0xc8;
  EXPECT_FALSE(FrameView::parse(bytes)->is_data()) << "QoS null";
  bytes[0] = 0x48;
  EXPECT_FALSE(FrameView::parse(bytes)->is_data()) << "null";
  bytes[0] = 0x80;
  EXPECT_FALSE(FrameView::parse(bytes)->is_data()) << "beacon";
}

TEST(Frame, RefusesABlockAckSessionInTheReceiversName) {
  const auto request = FrameView::parse(addba_request);
  ASSERT_TRUE(request->is_addba_request());

  const Bytes refusal = request->addba_refusal();

  const auto answer = FrameView::parse(refusal);
  EXPECT_EQ(answer->receiver(), station_address_of(0));
  EXPECT_EQ(answer->transmitter(), station_address_of(1));
  EXPECT_EQ(refusal.at(24), 3);     // BlockAck
  EXPECT_EQ(refusal.at(25), 1);     // ADDBA response
  EXPECT_EQ(refusal.at(26), 5);     // the request's dialog token
  EXPECT_EQ(refusal.at(27), 37);    // declined
  EXPECT_EQ(refusal.at(29), 0x02);  // the request's parameters
  EXPECT_FALSE(answer->is_addba_request());
}

TEST(Frame, RadiosHaveAddresses) {
  EXPECT_EQ(to_string(station_address_of(1)), "02:00:00:00:01:00");
  EXPECT_EQ(to_string(netlink_address_of(300)), "42:00:00:01:2c:00");
  EXPECT_EQ(radio_of(netlink_address_of(300)), 300);
  EXPECT_EQ(radio_of(station_address_of(7)), 7);
  EXPECT_EQ(radio_of({0x02, 0, 0, 0, 1, 9}), std::nullopt);
}

}  // namespace
}  // namespace pianissimo::testbed
