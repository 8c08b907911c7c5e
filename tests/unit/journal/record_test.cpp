// What is written is what is read, and it looks as the format says.
#include "controller/journal/record.hpp"

#include <gmock/gmock.h>

#include <limits>

#include "tests/unit/core/words.hpp"
#include "tests/unit/journal/samples.hpp"

namespace pianissimo::journal {
namespace {

using namespace test;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

Record read(std::string_view line) {
  auto result = from_line(line);
  if (const auto* const error = std::get_if<ParseError>(&result)) {
    ADD_FAILURE() << error->message << " in " << line;
    return {};
  }
  return std::get<Record>(std::move(result));
}

Record of(Event event) { return {time_of(event), 0, std::move(event)}; }

class EveryRecord : public testing::TestWithParam<Sample> {};

TEST_P(EveryRecord, IsReadAsItWasWritten) {
  const Record& record = GetParam().record;

  EXPECT_EQ(read(to_line(record)), record);
}

TEST_P(EveryRecord, IsOneLine) { EXPECT_THAT(to_line(GetParam().record), Not(HasSubstr("\n"))); }

TEST_P(EveryRecord, SaysItsTimeAndItsType) {
  EXPECT_THAT(to_line(GetParam().record),
              StartsWith(R"({"t_ns":1234567890123,"wall_ms":1700000000123,"type":")" +
                         GetParam().type + "\""));
}

INSTANTIATE_TEST_SUITE_P(Types, EveryRecord, testing::ValuesIn(samples()),
                         [](const auto& chosen) { return chosen.param.type; });

TEST(Record, EveryTypeOfEventHasASample) {
  EXPECT_EQ(samples().size(), std::variant_size_v<Event> + 4);
}

// Every word of the format, spelt out: a renamed enumerator must not rename what is in old files.
TEST(Record, ReasonsAreTheirWords) {
  const std::vector<std::pair<Reason, std::string>> words{
      {Reason::start, "start"},
      {Reason::station_joined, "station_joined"},
      {Reason::box_changed, "box_changed"},
      {Reason::limited, "limited"},
      {Reason::single_level, "single_level"},
      {Reason::step_down, "step_down"},
      {Reason::throughput_fell, "throughput_fell"},
      {Reason::floor_reached, "floor_reached"},
      {Reason::visit, "visit"},
      {Reason::visit_over, "visit_over"},
      {Reason::visit_passed, "visit_passed"},
      {Reason::visit_failed, "visit_failed"},
      {Reason::visit_inconclusive, "visit_inconclusive"},
      {Reason::idle, "idle"},
      {Reason::no_estimate, "no_estimate"},
      {Reason::fixed, "fixed"},
      {Reason::knob_refused, "knob_refused"},
      {Reason::knob_clamped, "knob_clamped"},
      {Reason::settled, "settled"},
      {Reason::descend_fast, "descend_fast"},
      {Reason::step_failed, "step_failed"},
      {Reason::step_inconclusive, "step_inconclusive"},
      {Reason::losses, "losses"},
      {Reason::signal_fell, "signal_fell"},
      {Reason::retries_misleading, "retries_misleading"},
      {Reason::remembered, "remembered"},
      {Reason::newcomer, "newcomer"},
      {Reason::power_makes_no_difference, "power_makes_no_difference"},
      {Reason::knob_dead, "knob_dead"},
      {Reason::knob_retest, "knob_retest"},
      {Reason::rate_limited, "rate_limited"},
      {Reason::held, "held"},
      {Reason::resumed, "resumed"},
      {Reason::operator_ceiling, "operator_ceiling"},
      {Reason::change_helped, "change_helped"},
      {Reason::change_neutral, "change_neutral"},
      {Reason::change_doubted, "change_doubted"},
      {Reason::change_cleared, "change_cleared"},
      {Reason::change_undecided, "change_undecided"},
      {Reason::change_hurt, "change_hurt"},
      {Reason::revert_over, "revert_over"},
      {Reason::external_ceiling, "external_ceiling"},
      {Reason::window_closed, "window_closed"},
      {Reason::window_open, "window_open"},
      {Reason::approval_needed, "approval_needed"},
      {Reason::proposed, "proposed"},
      {Reason::proposal_over, "proposal_over"},
      {Reason::approved, "approved"}};
  EXPECT_EQ(words.size(), all_reasons.size());
  for (const auto& [reason, word] : words) {
    Record record = sample_of("decision");
    std::get<Decision>(record.what).reason = reason;

    EXPECT_THAT(to_line(record), HasSubstr("\"reason\":\"" + word + "\""));
    EXPECT_EQ(read(to_line(record)), record);
  }
}

TEST(Record, AnswersAreTheirWords) {
  const std::vector<std::pair<PowerAnswer, std::string>> words{
      {PowerAnswer::accepted, "accepted"},
      {PowerAnswer::busy, "busy"},
      {PowerAnswer::gone, "gone"},
      {PowerAnswer::not_permitted, "not_permitted"},
      {PowerAnswer::unsupported, "unsupported"}};
  for (const auto& [answer, word] : words) {
    const Record record = of(PowerResult{.at = at_ms(1), .answer = answer});

    EXPECT_THAT(to_line(record), HasSubstr("\"answer\":\"" + word + "\""));
    EXPECT_EQ(read(to_line(record)), record);
  }
}

TEST(Record, RateFormatsAreTheirWords) {
  const std::vector<std::pair<RateFormat, std::string>> words{{RateFormat::legacy, "legacy"},
                                                              {RateFormat::ht, "ht"},
                                                              {RateFormat::vht, "vht"},
                                                              {RateFormat::he, "he"},
                                                              {RateFormat::eht, "eht"}};
  for (const auto& [format, word] : words) {
    StationSample sample{.station = alice, .tx_rate = BitRate{.format = format}};
    const Record record = of(StationReport{at_ms(1), wlan0, {sample}});

    EXPECT_THAT(to_line(record), HasSubstr("\"format\":\"" + word + "\""));
    EXPECT_EQ(read(to_line(record)), record);
  }
}

// A knob has the fields of its kind and no others.
TEST(Record, AKnobIsWrittenWithWhatItsKindUses) {
  const auto line_of = [](const Knob& knob) {
    return to_line(of(PowerResult{.at = at_ms(1), .knob = knob}));
  };

  EXPECT_THAT(line_of({.kind = KnobKind::wiphy, .wiphy = WiphyIndex{2}}),
              HasSubstr(R"("knob":{"kind":"wiphy","wiphy":2})"));
  EXPECT_THAT(line_of(knob_of_wlan0),
              HasSubstr(R"("knob":{"kind":"interface","wiphy":0,"interface":3})"));
  EXPECT_THAT(
      line_of({KnobKind::station, phy0, wlan0, alice}),
      HasSubstr(
          R"("knob":{"kind":"station","wiphy":0,"interface":3,"station":"02:00:00:00:00:0a"})"));
}

TEST(Record, WhatIsAbsentIsNotWritten) {
  const std::string line = to_line(of(StationReport{at_ms(1), wlan0, {{.station = alice}}}));

  EXPECT_THAT(line, HasSubstr(R"("stations":[{"station":"02:00:00:00:00:0a"}])"));
}

TEST(Record, AbsentIsNotZero) {
  StationSample zero{.station = alice, .expected_throughput = Throughput{}, .tx_bytes = 0};
  zero.signal = dbm(0);
  const Record record = of(StationReport{at_ms(1), wlan0, {zero, {.station = bob}}});

  EXPECT_EQ(read(to_line(record)), record);
}

TEST(Record, LevelsAreInDbmAndWholeOnesHaveNoFraction) {
  const Record record = of(PowerResult{.at = at_ms(1), .asked = dbm(17)});

  EXPECT_THAT(to_line(record), HasSubstr(R"("asked_dbm":17,)"));
}

TEST(Record, EveryLevelSurvives) {
  for (std::int32_t mbm = -12'000; mbm <= 4'000; ++mbm) {
    const Record record = of(PowerResult{.at = at_ms(1), .asked = Dbm::from_mbm(mbm)});
    ASSERT_EQ(read(to_line(record)), record);
  }
}

TEST(Record, EveryChangeOfASignalSurvives) {
  for (std::int32_t mb = -6'000; mb <= 6'000; ++mb) {
    Record record = sample_of("decision");
    std::get<Decision>(record.what).evidence.signal_change = Db::from_mb(mb);
    ASSERT_EQ(read(to_line(record)), record);
  }
}

// As every journal was written before evidence had more than these.
TEST(Record, EvidenceOfOldJournalsIsRead) {
  const Record record =
      read(R"({"t_ns":1,"wall_ms":2,"type":"decision","knob":{"kind":"wiphy","wiphy":0},)"
           R"("reason":"step_down","from_dbm":20,"to_dbm":19,"evidence":{)"
           R"("station":"02:00:00:00:00:0a","observed_bps":1,"reference_bps":2,"keep":9E-1,)"
           R"("utilisation_percent":42}})");

  EXPECT_EQ(std::get<Decision>(record.what).evidence,
            (Evidence{.station = alice,
                      .observed = Throughput::from_bps(1),
                      .reference = Throughput::from_bps(2),
                      .keep = 0.9,
                      .utilisation_percent = 42}));
}

// A replay compares bit for bit. (With 16 and 17 digits Boost.JSON 1.81 may miss by the last bit.)
TEST(Record, EveryShareOfFourDigitsSurvivesExactly) {
  for (int i = 0; i <= 10'000; ++i) {
    Record record = sample_of("decision");
    std::get<Decision>(record.what).evidence.keep = i / 10'000.0;
    ASSERT_EQ(read(to_line(record)), record);
  }
}

TEST(Record, TheGreatestCountersSurvive) {
  for (const std::uint64_t bytes :
       {std::uint64_t{0}, std::uint64_t{std::numeric_limits<std::int64_t>::max()},
        std::uint64_t{std::numeric_limits<std::int64_t>::max()} + 1,
        std::numeric_limits<std::uint64_t>::max()}) {
    const Record record =
        of(StationReport{at_ms(1), wlan0, {{.station = alice, .tx_bytes = bytes}}});
    EXPECT_EQ(read(to_line(record)), record);
  }
}

TEST(Record, ATimeBeforeTheEpochOfTheWallClockIsOne) {
  Record record = sample_of("wake");
  record.wall_ms = -5;

  EXPECT_EQ(read(to_line(record)), record);
}

TEST(Header, HoldsTheConfigurationAsJsonAndNotAsText) {
  EXPECT_THAT(to_line(sample_of("header")), HasSubstr(R"("config":{"policy":{"name":"descend"}})"));
}

TEST(Header, OfAConfigurationThatIsNotJsonIsStillAHeader) {
  Record record = sample_of("header");
  std::get<Header>(record.what).config = "{";

  EXPECT_EQ(std::get<Header>(read(to_line(record)).what).config, "");
}

}  // namespace
}  // namespace pianissimo::journal
