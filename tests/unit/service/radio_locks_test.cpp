#include "controller/service/radio_locks.hpp"

#include <gmock/gmock.h>
#include <unistd.h>

#include "tests/unit/service/daemon_fixture.hpp"

namespace pianissimo::service {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

// No radio of this machine has such a number, and no other test has this one's.
const WiphyIndex radio{0x4000'0000u + static_cast<std::uint32_t>(::getpid())};

TEST(SocketLocks, OneRadioHasOneDriver) {
  SocketLocks one;
  SocketLocks other;

  EXPECT_EQ(one.take(radio), std::nullopt);
  EXPECT_EQ(one.take(radio), std::nullopt);
  const auto why = other.take(radio);

  ASSERT_TRUE(why);
  EXPECT_THAT(*why, HasSubstr("another pianissimo drives this radio (pid " +
                              std::to_string(::getpid()) + " of user "));
}

TEST(SocketLocks, AreGivenBackWithTheirOwner) {
  { SocketLocks{}.take(radio); }

  EXPECT_EQ(SocketLocks{}.take(radio), std::nullopt);
}

TEST(SocketLocks, OneRadioIsNotAnother) {
  SocketLocks one;
  SocketLocks other;
  ASSERT_EQ(one.take(radio), std::nullopt);

  EXPECT_EQ(other.take(WiphyIndex{value(radio) + 0x1000'0000u}), std::nullopt);
}

// By its name anybody can see which radio a process drives: ss -xl.
TEST(SocketLocks, AreNamedByTheRadio) {
  SocketLocks locks;
  ASSERT_EQ(locks.take(radio), std::nullopt);

  std::ifstream sockets{"/proc/net/unix"};
  const std::string all{std::istreambuf_iterator<char>{sockets}, {}};
  EXPECT_THAT(all, HasSubstr(" @pianissimo/phy" + std::to_string(value(radio)) + "\n"));
}

class TakenRadio final : public RadioLocks {
 public:
  std::optional<std::string> take(WiphyIndex wiphy) override {
    if (wiphy == taken) return "taken by a test";
    return std::nullopt;
  }
  WiphyIndex taken{0};
};

class RadioLocksTest : public DaemonTest {
 protected:
  RadioLocksTest() { locks = &radios; }
  TakenRadio radios;
};

TEST_F(RadioLocksTest, ASecondDaemonDoesNotStart) {
  start();

  EXPECT_EQ(exit, ExitStatus::unavailable);
  EXPECT_TRUE(kernel->sent.empty());
  EXPECT_THAT(log_text.str(), HasSubstr("wlan0: taken by a test"));
}

TEST_F(RadioLocksTest, AKilledRunsPowerIsNotPutBackOnAnothersRadio) {
  kernel->interfaces.clear();
  config.interfaces = {};
  ASSERT_EQ(StateFile{directory}.save({{"wlan0", {.power = dbm(20)}}}), std::nullopt);

  start();

  EXPECT_EQ(exit, ExitStatus::unavailable);
  EXPECT_TRUE(std::filesystem::exists(directory / "found.json"));
  EXPECT_THAT(log_text.str(), HasSubstr("taken by a test"));
}

TEST_F(RadioLocksTest, ADryRunNeedsNoRadio) {
  config.dry_run = true;

  start();

  EXPECT_EQ(exit, std::nullopt);
}

TEST_F(RadioLocksTest, ARadioThatComesLaterAndIsAnothersIsLeftAlone) {
  radios.taken = WiphyIndex{1};
  config.interfaces = {};
  start();
  ApInterface other = wlan0();
  other.index = InterfaceIndex{4};
  other.wiphy = WiphyIndex{1};
  other.name = "wlan1";
  kernel->interfaces.push_back(other);
  kernel->happen(InterfacesChanged{});
  time.advance(5s);

  EXPECT_EQ(exit, std::nullopt);
  EXPECT_THAT(log_text.str(), HasSubstr("wlan1: not driven: taken by a test"));
}

}  // namespace
}  // namespace pianissimo::service
