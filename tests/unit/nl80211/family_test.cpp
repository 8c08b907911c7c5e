// The families of a real kernel, without a wireless stack: generic netlink's own one is always
// there.
#include "nl80211/family.hpp"

#include <gtest/gtest.h>
#include <linux/filter.h>
#include <linux/genetlink.h>
#include <sys/socket.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include "nl80211/radio.hpp"

namespace pianissimo::nl80211 {
namespace {

using namespace std::chrono_literals;

class Families : public ::testing::Test {
 protected:
  void SetUp() override {
    auto opened = NetlinkSocket::open(io_.get_executor(), NETLINK_GENERIC);
    if (!opened) GTEST_SKIP() << "no generic netlink here: " << opened.error().message();
    socket_.emplace(std::move(*opened));
  }

  asio::io_context io_;
  std::optional<NetlinkSocket> socket_;
};

TEST_F(Families, AreResolvedWithTheirGroups) {
  const auto family = resolve("nlctrl", {"notify"});

  ASSERT_TRUE(family) << family.error().message();
  EXPECT_EQ(family->id, GENL_ID_CTRL);
  EXPECT_EQ(family->groups.size(), 1U);
}

TEST_F(Families, AFamilyThatIsNotThereIsNamedAsSuch) {
  EXPECT_EQ(resolve("no-such-family", {}).error(), Error{Errc::no_family});
  EXPECT_EQ(resolve("nlctrl", {"no-such-group"}).error().as_errno(), ENOENT);
}

// A socket that lets nothing in: the kernel's answer never comes.
TEST_F(Families, AKernelThatDoesNotAnswerIsNotOneWithoutTheFamily) {
  sock_filter nothing = BPF_STMT(BPF_RET | BPF_K, 0);
  const sock_fprog program{.len = 1, .filter = &nothing};
  ASSERT_EQ(::setsockopt(socket_->descriptor().native_handle(), SOL_SOCKET, SO_ATTACH_FILTER,
                         &program, sizeof program),
            0);
  CommandSocket control{std::move(*socket_), GENL_ID_CTRL, 50ms};

  auto found = asio::co_spawn(io_, resolve(control, "nlctrl", {}), asio::use_future);
  io_.run();

  EXPECT_EQ(found.get().error(), Error{Errc::timed_out});
}

TEST_F(Families, WithoutAWirelessStackOpeningSaysSo) {
  if (resolve("nl80211", {})) GTEST_SKIP() << "this machine has nl80211";

  const auto opened = Nl80211::open(io_.get_executor(), [] { return Instant{}; });

  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error(), Error{Errc::no_family});
}

}  // namespace
}  // namespace pianissimo::nl80211
