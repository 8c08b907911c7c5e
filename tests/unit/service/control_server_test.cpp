// Who asks badly, too much or not at all is bounded, and keeps the daemon from nothing.
#include <gmock/gmock.h>
#include <sys/stat.h>

#include "tests/unit/service/control_fixture.hpp"

namespace pianissimo::service {
namespace {

using namespace std::chrono_literals;
using testing::EndsWith;
using testing::HasSubstr;

const std::string status_asked = R"({"v":1,"do":"status"})";

TEST_F(ControlTest, AnswersGarbageAndGoesOn) {
  start();
  TestClient& client = connect();

  EXPECT_THAT(ask(client, "\x01\xff{{{"), HasSubstr(R"({"v":1,"ok":false,"error":"not JSON)"));
  EXPECT_THAT(ask(client, status_asked), HasSubstr(R"("ok":true)"));
}

TEST_F(ControlTest, AnswersLinesThatComeInPiecesAndTogether) {
  start();
  TestClient& client = connect();

  client.send(status_asked.substr(0, 7));
  time.settle();
  client.send(status_asked.substr(7) + '\n' + "x\n");
  time.settle();

  EXPECT_THAT(client.read(), testing::AllOf(HasSubstr(R"("ok":true)"), HasSubstr("not JSON")));
}

TEST_F(ControlTest, ALineThatIsTooLongEndsTheConnection) {
  start();
  TestClient& client = connect();

  client.send(std::string(10'000, 'x'));
  time.settle();

  EXPECT_THAT(client.read(), HasSubstr("a line of more than 4096 bytes"));
  client.read();
  EXPECT_TRUE(client.is_closed);
  EXPECT_EQ(server.clients(), 0u);
}

TEST_F(ControlTest, TheSeventeenthIsToldThatItIsBusy) {
  start();
  for (int i = 0; i < 16; ++i) connect();

  TestClient& last = connect();

  EXPECT_THAT(last.read(), HasSubstr("busy"));
  EXPECT_TRUE(last.is_closed);
  EXPECT_EQ(server.clients(), 16u);
}

TEST_F(ControlTest, WhoIsSilentIsClosedAndMakesRoom) {
  start();
  TestClient& silent = connect();
  TestClient& half = connect();
  half.send("{");

  time.advance(29s);
  EXPECT_EQ(server.clients(), 2u);
  time.advance(3s);

  silent.read();
  EXPECT_TRUE(silent.is_closed);
  EXPECT_EQ(server.clients(), 0u);
}

TEST_F(ControlTest, WhoWatchesMayBeSilent) {
  start();
  TestClient& watcher = connect();
  ask(watcher, R"({"v":1,"do":"watch"})");

  for (int i = 0; i < 20; ++i) {
    time.advance(5s);
    watcher.read();
  }

  EXPECT_FALSE(watcher.is_closed);
}

TEST_F(ControlTest, WhoWatchesTooSlowlyIsToldWhatIsMissingOrIsClosed) {
  start();
  TestClient& watcher = connect();
  ask(watcher, R"({"v":1,"do":"watch"})");
  const std::string line(1'000, 'x');

  for (int i = 0; i < 2'000; ++i) server.show(line);
  time.settle();
  std::string seen = watcher.read();
  time.settle();
  seen += watcher.read();
  server.show("after");
  time.settle();
  seen += watcher.read();

  EXPECT_LT(seen.size(), 1'000'000u);
  EXPECT_THAT(seen, HasSubstr(R"({"v":1,"lost":)"));
  EXPECT_THAT(seen, EndsWith("after\n"));
}

TEST_F(ControlTest, WhoWatchesAndTakesNothingIsClosed) {
  start();
  TestClient& watcher = connect();
  ask(watcher, R"({"v":1,"do":"watch"})");

  for (int i = 0; i < 60; ++i) {
    for (int k = 0; k < 50; ++k) server.show(std::string(1'000, 'x'));
    time.advance(1s);
  }

  EXPECT_EQ(server.clients(), 0u);
}

TEST_F(ControlTest, WhoAsksTooOftenIsClosed) {
  start();
  TestClient& client = connect();
  std::string all;

  for (int i = 0; i < 25; ++i) all += ask(client, "x");

  EXPECT_THAT(all, HasSubstr("more than 20 requests in a second"));
  EXPECT_TRUE(client.is_closed);
}

TEST_F(ControlTest, WhoComesAndGoesLeavesNothing) {
  start();

  for (int i = 0; i < 100; ++i) {
    connect();
    clients.clear();
  }
  time.advance(1s);

  EXPECT_EQ(server.clients(), 0u);
  EXPECT_THAT(ask(status_asked), HasSubstr(R"("ok":true)"));
}

TEST_F(ControlTest, TheSocketIsForOwnerAndGroupAndGoesWithTheDaemon) {
  config.control.group = "root";
  start();

  struct stat status {};
  ASSERT_EQ(::stat(path().c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, ::geteuid() == 0 ? 0660u : 0600u);
  stop();
  EXPECT_FALSE(std::filesystem::exists(path()));
  EXPECT_EQ(exit, ExitStatus::ok);
}

TEST_F(ControlTest, ThereIsNoSocketWhereNoneIsWanted) {
  config.control.socket = false;

  start();

  EXPECT_FALSE(std::filesystem::exists(path()));
}

TEST_F(ControlTest, AReloadMayTakeTheSocketAwayAndGiveItBack) {
  start();
  Config without = config;
  without.control.socket = false;

  reload(without);
  EXPECT_FALSE(std::filesystem::exists(path()));
  reload(config);

  EXPECT_THAT(ask(status_asked), HasSubstr(R"("ok":true)"));
}

TEST_F(ControlTest, AFileInItsPlaceStaysAndTheDaemonRunsWithout) {
  std::ofstream{path()} << "precious";

  start();

  EXPECT_THAT(log_text.str(), HasSubstr("is there and is no socket: left alone"));
  EXPECT_EQ(std::filesystem::file_size(path()), 8u);
  std::filesystem::remove(path());
}

}  // namespace
}  // namespace pianissimo::service
