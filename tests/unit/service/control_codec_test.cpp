// What is said through the control socket, to the letter: others write clients for it.
#include "controller/service/control_codec.hpp"

#include <gmock/gmock.h>

namespace pianissimo::control {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

std::string why_not(std::string_view line) {
  const auto parsed = parse_request(line);
  const auto* const why = std::get_if<std::string>(&parsed);
  return why ? *why : "";
}

struct Said {
  Request request;
  const char* line;
};

class EveryRequest : public testing::TestWithParam<Said> {};

TEST_P(EveryRequest, IsWrittenSo) { EXPECT_EQ(to_line(GetParam().request), GetParam().line); }

TEST_P(EveryRequest, IsReadFromThat) {
  EXPECT_EQ(parse_request(GetParam().line),
            (std::variant<Request, std::string>{GetParam().request}));
}

INSTANTIATE_TEST_SUITE_P(
    Requests, EveryRequest,
    testing::Values(
        Said{Status{}, R"({"v":1,"do":"status"})"}, Said{Watch{}, R"({"v":1,"do":"watch"})"},
        Said{Hold{}, R"({"v":1,"do":"hold"})"},
        Said{Hold{"wlan0", 1800s}, R"({"v":1,"do":"hold","interface":"wlan0","for_s":1800})"},
        Said{Resume{"wlan0"}, R"({"v":1,"do":"resume","interface":"wlan0"})"},
        Said{Ceiling{"wlan0", dbm(12)}, R"({"v":1,"do":"ceiling","interface":"wlan0","dbm":12})"},
        Said{Ceiling{}, R"({"v":1,"do":"ceiling","dbm":"auto"})"},
        Said{Approve{}, R"({"v":1,"do":"approve"})"},
        Said{Approve{"wlan0", Approve::What::list},
             R"({"v":1,"do":"approve","interface":"wlan0","what":"list"})"},
        Said{Approve{"wlan0", Approve::What::withdraw},
             R"({"v":1,"do":"approve","interface":"wlan0","what":"withdraw"})"},
        Said{Reload{}, R"({"v":1,"do":"reload"})"}, Said{Journal{}, R"({"v":1,"do":"journal"})"},
        Said{Explain{"02:00:00:00:00:0a", 3},
             R"({"v":1,"do":"explain","of":"02:00:00:00:00:0a","last":3})"}));

TEST(ControlCodec, AnswersSo) {
  EXPECT_EQ(answer({}), R"({"v":1,"ok":true})");
  EXPECT_EQ(answer({{"bytes", 7}}), R"({"v":1,"ok":true,"bytes":7})");
  EXPECT_EQ(refusal("a \"reason\""), R"({"v":1,"ok":false,"error":"a \"reason\""})");
}

struct Wrong {
  const char* line;
  const char* why;
};

class NoRequest : public testing::TestWithParam<Wrong> {};

TEST_P(NoRequest, IsRefusedWithAReason) {
  EXPECT_THAT(why_not(GetParam().line), HasSubstr(GetParam().why)) << GetParam().line;
}

INSTANTIATE_TEST_SUITE_P(
    Lines, NoRequest,
    testing::Values(
        Wrong{"", "not JSON"}, Wrong{"hold", "not JSON"}, Wrong{"[1]", "not a JSON object"},
        Wrong{"{}", "v is missing"}, Wrong{R"({"v":2,"do":"status"})", "v is no whole number"},
        Wrong{R"({"v":1})", "do is missing"}, Wrong{R"({"v":1,"do":"dance"})", "unknown request"},
        Wrong{R"({"v":1,"do":7})", "do is no text"},
        Wrong{R"({"v":1,"do":"status","x":1})", "'x': unknown key"},
        Wrong{R"({"v":1,"do":"resume","for_s":1})", "unknown key"},
        Wrong{R"({"v":1,"do":"hold","interface":"a-name-of-16-xxx"})", "1..15 printable bytes"},
        Wrong{R"({"v":1,"do":"hold","interface":"a\u001b[2J"})", "printable"},
        Wrong{R"({"v":1,"do":"hold","interface":""})", "1..15"},
        Wrong{R"({"v":1,"do":"hold","for_s":0})", "within 1..604800"},
        Wrong{R"({"v":1,"do":"hold","for_s":1e3})", "no whole number"},
        Wrong{R"({"v":1,"do":"approve","what":"all"})", "none of apply, list, withdraw"},
        Wrong{R"({"v":1,"do":"approve","dbm":3})", "unknown key"},
        Wrong{R"({"v":1,"do":"ceiling"})", "dbm is missing"},
        Wrong{R"({"v":1,"do":"ceiling","dbm":37})", "within 0..36"},
        Wrong{R"({"v":1,"do":"ceiling","dbm":-1})", "within 0..36"},
        Wrong{R"({"v":1,"do":"ceiling","dbm":12.5})", "no whole number"},
        Wrong{R"({"v":1,"do":"ceiling","dbm":99999999999999999999})", "no whole number"},
        Wrong{R"({"v":1,"do":"explain","last":101})", "within 1..100"},
        Wrong{R"({"v":1,"do":[[[[[1]]]]]})", "not JSON"}));

TEST(ControlCodec, RefusesALineThatIsTooLong) {
  const std::string line = R"({"v":1,"do":"status"})" + std::string(most_line_bytes, ' ');

  EXPECT_THAT(why_not(line), HasSubstr("4096"));
}

}  // namespace
}  // namespace pianissimo::control
