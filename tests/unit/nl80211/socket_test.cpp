// The sockets on a real kernel, without a wireless stack: generic netlink's own family (nlctrl)
// answers requests and dumps just as nl80211 does.
#include "nl80211/socket.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <linux/genetlink.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <exception>

namespace pianissimo::nl80211 {
namespace {

using ::testing::Contains;
using namespace std::chrono_literals;
using Completion = CommandSocket::Completion;

Request list_families() { return {CTRL_CMD_GETFAMILY, NLM_F_DUMP, {}}; }

Request find_family(std::string name) {
  Request request{CTRL_CMD_GETFAMILY, NLM_F_ACK, {}};
  name.push_back('\0');
  return request.put(CTRL_ATTR_FAMILY_NAME, std::as_bytes(std::span{name}));
}

class Sockets : public ::testing::Test {
 protected:
  void SetUp() override {
    auto opened = NetlinkSocket::open(io_.get_executor(), NETLINK_GENERIC);
    if (!opened) GTEST_SKIP() << "no generic netlink here: " << opened.error().message();
    socket_ = std::make_unique<CommandSocket>(std::move(*opened), GENL_ID_CTRL, 200ms);
  }

  /// Starts a request; its result is there after run().
  void start(Request request, std::optional<Result<Completion>>& result) {
    asio::co_spawn(io_, socket_->request(std::move(request), take_),
                   [&result](std::exception_ptr thrown, Result<Completion> completion) {
                     if (thrown) std::rethrow_exception(thrown);
                     result = std::move(completion);
                   });
  }

  Result<Completion> ask(Request request) {
    std::optional<Result<Completion>> result;
    start(std::move(request), result);
    run();
    return result.value();
  }

  void run() {
    io_.restart();
    io_.run();
  }

  asio::io_context io_;
  std::unique_ptr<CommandSocket> socket_;
  std::vector<std::string> names_;
  boost::system::error_code refusal_;
  Conversation::Take take_ = [this](const GenericMessage& message) {
    names_.emplace_back(message.attributes.text(CTRL_ATTR_FAMILY_NAME).value_or("?"));
    return refusal_;
  };
};

TEST_F(Sockets, ADumpIsReadToItsEnd) {
  const auto completion = ask(list_families());

  ASSERT_TRUE(completion) << completion.error().message();
  EXPECT_FALSE(completion->interrupted);
  EXPECT_THAT(names_, Contains("nlctrl"));
}

TEST_F(Sockets, AnActionIsAnswered) {
  const auto completion = ask(find_family("nlctrl"));

  ASSERT_TRUE(completion) << completion.error().message();
  EXPECT_THAT(names_, ::testing::ElementsAre("nlctrl"));
}

TEST_F(Sockets, ARefusalIsAnError) {
  const auto completion = ask(find_family("no-such-family"));

  ASSERT_FALSE(completion);
  EXPECT_EQ(completion.error().code, boost::system::errc::no_such_file_or_directory);
}

TEST_F(Sockets, RequestsAtTheSameTimeTakeTurns) {
  std::array<std::optional<Result<Completion>>, 4> results;
  start(list_families(), results[0]);
  start(find_family("no-such-family"), results[1]);
  start(find_family("nlctrl"), results[2]);
  start(list_families(), results[3]);

  run();

  EXPECT_TRUE(results[0].value());
  EXPECT_FALSE(results[1].value());
  EXPECT_TRUE(results[2].value());
  EXPECT_TRUE(results[3].value());
}

TEST_F(Sockets, AReplyThatDoesNotComeIsNotWaitedForForEver) {
  Request unacknowledged = find_family("nlctrl");
  unacknowledged.flags = 0;  // the kernel replies but does not acknowledge: there is no end

  const auto completion = ask(unacknowledged);

  ASSERT_FALSE(completion);
  EXPECT_EQ(completion.error(), Error{Errc::timed_out});
}

TEST_F(Sockets, AfterATimeOutTheNextRequestIsAnswered) {
  Request unacknowledged = find_family("nlctrl");
  unacknowledged.flags = 0;
  std::optional<Result<Completion>> lost, waiting;
  start(unacknowledged, lost);
  start(find_family("nlctrl"), waiting);

  run();

  EXPECT_FALSE(lost.value());
  EXPECT_TRUE(waiting.value());
}

TEST_F(Sockets, AfterADumpThatWasGivenUpOnTheNextIsWhole) {
  refusal_ = Errc::malformed;
  EXPECT_FALSE(ask(list_families()));
  EXPECT_EQ(names_.size(), 1U);
  refusal_ = {};
  names_.clear();

  const auto completion = ask(list_families());

  ASSERT_TRUE(completion) << completion.error().message();
  EXPECT_THAT(names_, Contains("nlctrl"));
}

TEST_F(Sockets, AnEmptySocketWouldBlock) {
  auto socket = NetlinkSocket::open(io_.get_executor(), NETLINK_ROUTE);
  ASSERT_TRUE(socket);

  const auto datagram = socket->receive();

  ASSERT_FALSE(datagram);
  EXPECT_TRUE(would_block(datagram.error()));
  EXPECT_FALSE(would_block(Error::from_errno(ENOBUFS)));
}

TEST_F(Sockets, AClosedIoContextLeavesNothingBehind) {
  std::optional<Result<Completion>> never;
  Request unacknowledged = find_family("nlctrl");
  unacknowledged.flags = 0;
  start(unacknowledged, never);
  io_.poll();  // it waits now

  SUCCEED() << "the fixture goes while the request waits";
}

}  // namespace
}  // namespace pianissimo::nl80211
