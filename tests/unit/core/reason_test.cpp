// What is said of decisions: to journals (words), to people (sentences).
#include "controller/core/reason.hpp"

#include <gmock/gmock.h>

#include <cctype>
#include <set>

#include "controller/core/sentence.hpp"
#include "tests/unit/core/words.hpp"

namespace pianissimo {
namespace {

using namespace test;
using testing::AnyOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;

// Every number that a decision can have.
Decision full(Reason reason) {
  return {.at = at_ms(1),
          .knob = knob_of_wlan0,
          .from = dbm(20),
          .to = Dbm::from_mbm(1750),
          .reason = reason,
          .evidence = {.station = alice,
                       .observed = Throughput::from_kbps(88'240),
                       .reference = Throughput::from_kbps(100'000),
                       .keep = 0.975,
                       .error = 16,
                       .utilisation_percent = 95,
                       .signal_change = Db::from_mb(-650),
                       .acknowledged_permille = 412,
                       .reference_permille = 990,
                       .place = dbm(-45),
                       .wait = std::chrono::milliseconds{2'500},
                       .level = dbm(12)}};
}

std::string said(Reason reason, const Evidence& evidence) {
  Decision decision = full(reason);
  decision.evidence = evidence;
  return sentence(decision);
}

class EveryReason : public testing::TestWithParam<ReasonRow> {};

TEST_P(EveryReason, IsReadFromItsWord) {
  EXPECT_EQ(reason_from_string(to_string(GetParam().reason)), GetParam().reason);
}

TEST_P(EveryReason, IsASentenceWithItsNumbersAndWithoutThem) {
  for (const std::string& text : {sentence(full(GetParam().reason)), sentence(GetParam().reason),
                                  said(GetParam().reason, Evidence{})}) {
    EXPECT_TRUE(std::isupper(text.front()) || std::isdigit(text.front())) << text;
    EXPECT_THAT(text, EndsWith("."));
    EXPECT_EQ(text.find_first_of("[]{}|_"), text.npos) << text;
    EXPECT_THAT(text, Not(AnyOf(HasSubstr("  "), HasSubstr(" ."), HasSubstr(" ,"), HasSubstr(" :"),
                                HasSubstr(".."))))
        << text;
  }
}

TEST_P(EveryReason, IsToldByItsNumbers) {
  // Only of a visit that showed nothing there is nothing to be told.
  if (GetParam().reason == Reason::visit_inconclusive) return;

  EXPECT_NE(sentence(full(GetParam().reason)), sentence(GetParam().reason));
}

INSTANTIATE_TEST_SUITE_P(Reasons, EveryReason, testing::ValuesIn(all_reasons),
                         [](const auto& chosen) { return std::string{chosen.param.word}; });

TEST(Reasons, HaveAWordAndASentenceEachOfTheirOwn) {
  std::set<std::string_view> words;
  std::set<std::string> sentences;
  for (const ReasonRow& row : all_reasons) {
    words.insert(row.word);
    sentences.insert(sentence(row.reason));
  }

  EXPECT_EQ(words.size(), all_reasons.size());
  EXPECT_EQ(sentences.size(), all_reasons.size());
}

TEST(Reasons, OfAnUnknownWordAreNone) {
  EXPECT_EQ(reason_from_string("because"), std::nullopt);
  EXPECT_EQ(reason_from_string(""), std::nullopt);
}

TEST(Sentence, HasTheNumbersOfTheDecision) {
  EXPECT_EQ(sentence(full(Reason::step_failed)),
            "12 dBm gave station 02:00:00:00:00:0a too little (88.2 of 100.0 Mbit/s), it should "
            "keep 97.5 %: back up to 17.5 dBm, tried again in 2.5 s.");
  EXPECT_EQ(sentence(full(Reason::step_inconclusive)),
            "Nobody can tell whether 12 dBm is enough for station 02:00:00:00:00:0a (88.2 of 100.0 "
            "Mbit/s): back up to 17.5 dBm, tried again in 2.5 s.");
  EXPECT_EQ(sentence(full(Reason::losses)),
            "Station 02:00:00:00:00:0a acknowledges only 41.2 % of the transmissions (it was "
            "99 %): up at once to 17.5 dBm.");
  EXPECT_EQ(sentence(full(Reason::signal_fell)),
            "The signal of station 02:00:00:00:00:0a fell by 6.5 dB: up to 17.5 dBm before "
            "anything is lost.");
  EXPECT_EQ(sentence(full(Reason::remembered)),
            "Station 02:00:00:00:00:0a is at a place that is known (power plus signal: -45 dBm): "
            "12 dBm was enough there, so 17.5 dBm.");
  EXPECT_EQ(sentence(full(Reason::knob_refused)),
            "The kernel refused 20 dBm (errno 16): what was in force stays, 17.5 dBm.");
}

TEST(Sentence, WithoutANumberIsWholeAllTheSame) {
  EXPECT_EQ(said(Reason::step_failed, {}),
            "The power just tried gave a station too little: back up to 17.5 dBm.");
  EXPECT_EQ(said(Reason::losses, {.station = bob}),
            "Station 02:00:00:00:00:0b acknowledges far fewer transmissions than before: up at "
            "once to 17.5 dBm.");
  // One number of a comparison is none.
  EXPECT_EQ(said(Reason::step_down, {.station = bob, .observed = mbps(3)}),
            "Nobody lost throughput: a step down to 17.5 dBm.");
  EXPECT_EQ(sentence(Reason::step_down), "Nobody lost throughput: a step down.");
}

TEST(Sentence, RoundsAsPeopleDo) {
  const auto hold = [](std::chrono::milliseconds wait) {
    return said(Reason::settled, {.wait = wait});
  };
  EXPECT_THAT(hold(std::chrono::milliseconds{449}), HasSubstr("in 0.4 s."));
  EXPECT_THAT(hold(std::chrono::milliseconds{450}), HasSubstr("in 0.5 s."));
  EXPECT_THAT(hold(std::chrono::milliseconds{60'000}), HasSubstr("in 60 s."));
  EXPECT_THAT(hold(std::chrono::milliseconds{119'949}), HasSubstr("in 119.9 s."));
  EXPECT_THAT(hold(std::chrono::milliseconds{119'950}), HasSubstr("in 2 min."));
  EXPECT_THAT(hold(std::chrono::milliseconds{152'900}), HasSubstr("in 2.5 min."));
  EXPECT_THAT(hold(std::chrono::milliseconds{153'000}), HasSubstr("in 2.6 min."));
  EXPECT_THAT(hold(std::chrono::milliseconds{600'000}), HasSubstr("in 10 min."));

  EXPECT_THAT(said(Reason::signal_fell, {.signal_change = Db::from_mb(4)}),
              HasSubstr("fell by 0 dB"));
  EXPECT_THAT(said(Reason::remembered, {.place = Dbm::from_mbm(-50)}), HasSubstr(": -0.5 dBm"));
}

}  // namespace
}  // namespace pianissimo
