// The simulated estimate against recordings of the kernel's own (tests/data/step-curves).
#include "experiments/sim/calibration/calibration.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

namespace pianissimo::sim {
namespace {

constexpr int repetitions = 60;

struct Both {
  Responses real;
  Responses model;
};

Both both(const CalibrationCase& what) {
  const auto read = recorded(what, STEP_CURVES);
  const auto played = simulated(what, CALIBRATION, repetitions, 1);
  for (const auto* const either : {&read, &played}) {
    if (const auto* const error = std::get_if<std::string>(either)) {
      ADD_FAILURE() << *error;
      return {};
    }
  }
  return {std::get<Responses>(read), std::get<Responses>(played)};
}

std::vector<CalibrationCase> cases(bool visits) {
  std::vector<CalibrationCase> out;
  for (const CalibrationCase& what : calibration_cases()) {
    if (what.visits == visits) out.push_back(what);
  }
  return out;
}

std::string name_of(const ::testing::TestParamInfo<CalibrationCase>& given) {
  std::string name = given.param.name;
  for (char& c : name) {
    if (c == '-') c = '_';
  }
  return name;
}

class SimulatedSteps : public ::testing::TestWithParam<CalibrationCase> {};

TEST_P(SimulatedSteps, AreLikeTheRecordedOnes) {
  const Both curves = both(GetParam());
  ASSERT_GE(curves.real.up.size(), 35U);
  ASSERT_GE(curves.model.up.size(), 50U);

  for (const bool up : {true, false}) {
    const Distance d = distance(mean(up ? curves.real.up : curves.real.down),
                                mean(up ? curves.model.up : curves.model.down));

    EXPECT_NEAR(d.from_simulated, d.from_real, 0.1 * d.from_real) << up;
    EXPECT_NEAR(d.to_simulated, d.to_real, 0.1 * d.to_real) << up;
    EXPECT_NEAR(d.settled_simulated, d.settled_real, 0.2 * d.settled_real) << up;
    EXPECT_LT(d.largest, 0.2) << up;
    EXPECT_LT(d.average, 0.05) << up;
  }
}

INSTANTIATE_TEST_SUITE_P(Calibration, SimulatedSteps, ::testing::ValuesIn(cases(false)), name_of);

class SimulatedVisits : public ::testing::TestWithParam<CalibrationCase> {};

TEST_P(SimulatedVisits, ShowAsLittleAsTheRecordedOnes) {
  const Both curves = both(GetParam());
  ASSERT_GE(curves.real.up.size(), 35U);
  const Response real = mean(curves.real.up);
  const Response model = mean(curves.model.up);
  CalibrationCase steps = GetParam();
  steps.name.replace(0, std::string{"visits"}.size(), "steps");
  const auto recorded_steps = recorded(steps, STEP_CURVES);
  ASSERT_TRUE(std::holds_alternative<Responses>(recorded_steps));
  const double at_ceiling = mean(std::get<Responses>(recorded_steps).up).back();

  for (const std::size_t ms : {0U, 60U, 100U, 150U, 200U, 300U, 500U, 1000U}) {
    EXPECT_NEAR(model.at(ms / 10), real.at(ms / 10), 0.05 * at_ceiling) << ms;
  }
  for (const Response& curve : {real, model}) {
    EXPECT_LT(curve.at(6) - curve.at(0), 0.1 * (at_ceiling - curve.at(0)));
  }
}

INSTANTIATE_TEST_SUITE_P(Calibration, SimulatedVisits, ::testing::ValuesIn(cases(true)), name_of);

TEST(Calibration, SaysWhatIsWrongWithARecording) {
  const std::string folder = ::testing::TempDir();
  std::ofstream{folder + "/odd.csv"} << "t_ms,what,value\n0,power_dbm,20\n7,colour,blue\n";
  std::ofstream{folder + "/short.csv"} << "t_ms,what,value\n0,power_dbm,20\n";

  const auto missing = recorded({.name = "nothing"}, folder);
  const auto odd = recorded({.name = "odd"}, folder);
  const auto without_readings = recorded({.name = "short"}, folder);

  EXPECT_EQ(std::get<std::string>(missing), folder + "/nothing.csv: cannot be read");
  EXPECT_EQ(std::get<std::string>(odd), folder + "/odd.csv:3: neither a power nor a reading");
  EXPECT_EQ(std::get<std::string>(without_readings), folder + "/short.csv: no readings");
}

}  // namespace
}  // namespace pianissimo::sim
