#include "controller/service/log.hpp"

#include <gmock/gmock.h>

namespace pianissimo::service {
namespace {

// Names of interfaces may have anything in them but blanks, slashes and colons.
TEST(Log, HasNothingThatATerminalObeys) {
  testing::internal::CaptureStderr();
  const auto log = make_log(LogLevel::info);

  log->warn("{}: is up", "wlan\x1b[2J\u202E0");

  log->flush();
  EXPECT_THAT(testing::internal::GetCapturedStderr(), testing::EndsWith(" wlan?[2J?0: is up\n"));
}

}  // namespace
}  // namespace pianissimo::service
