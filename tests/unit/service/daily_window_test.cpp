// The change window goes by the clock on the wall.
#include "controller/service/daily_window.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <ctime>

namespace pianissimo::service {
namespace {

// Days of 2026 on which Berlin's clocks changed: at 01:00 UTC.
constexpr std::int64_t hour = 3'600'000;
constexpr std::int64_t march_29 = 1'774'742'400'000;    // 00:00 UTC
constexpr std::int64_t october_25 = 1'792'886'400'000;  // 00:00 UTC

class DailyWindow : public testing::Test {
 protected:
  DailyWindow() {
    const char* const was = std::getenv("TZ");
    if (was) before_ = was;
    set("CET-1CEST,M3.5.0,M10.5.0/3");  // Europe/Berlin
  }
  ~DailyWindow() override { set(before_.empty() ? nullptr : before_.c_str()); }
  static void set(const char* zone) {
    if (zone) {
      ::setenv("TZ", zone, 1);
    } else {
      ::unsetenv("TZ");
    }
    ::tzset();
  }

 private:
  std::string before_;
};

TEST_F(DailyWindow, IsAlwaysOpenWhereThereIsNone) { EXPECT_TRUE(is_open({}, 0)); }

TEST_F(DailyWindow, IsOfLocalTime) {
  EXPECT_FALSE(is_open({"02:00-05:00"}, march_29 - 24 * hour));  // 01:00
  EXPECT_TRUE(is_open({"02:00-05:00"}, march_29 - 23 * hour));   // 02:00
  EXPECT_FALSE(is_open({"02:00-05:00"}, march_29 - 20 * hour));  // 05:00
}

TEST_F(DailyWindow, IsOpenInAnyOfItsParts) {
  EXPECT_TRUE(is_open({"12:00-13:00", "00:30-01:30"}, march_29 - 24 * hour));
}

TEST_F(DailyWindow, AnHourThatSummerTimeSkipsDoesNotCome) {
  EXPECT_FALSE(is_open({"02:00-03:00"}, march_29 + hour - 1));  // 01:59:59
  EXPECT_FALSE(is_open({"02:00-03:00"}, march_29 + hour));      // 03:00
  EXPECT_TRUE(is_open({"02:00-05:00"}, march_29 + hour)) << "the rest of a longer one does";
}

TEST_F(DailyWindow, AnHourThatWinterTimeRepeatsComesTwice) {
  EXPECT_TRUE(is_open({"02:00-03:00"}, october_25));         // 02:00 CEST
  EXPECT_TRUE(is_open({"02:00-03:00"}, october_25 + hour));  // 02:00 CET
  EXPECT_FALSE(is_open({"02:00-03:00"}, october_25 + 2 * hour));
}

}  // namespace
}  // namespace pianissimo::service
