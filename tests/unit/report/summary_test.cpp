#include <boost/json.hpp>

#include "experiments/report/json_text.hpp"
#include "tests/unit/report/files.hpp"

namespace pianissimo::report {
namespace {

namespace json = boost::json;

Report report_of(bool with_baseline) {
  const Folder a;
  const Folder b;
  std::vector<report::Run> runs;
  runs.push_back(run_of(a, 2, truth_lines(100, 102, 14, 74, 45), header_line(99) + up_line(99)));
  std::optional<report::Run> baseline;
  if (with_baseline) baseline = run_of(b, 2, truth_lines(100, 102, 20, 74, 50));
  return make_report(std::move(runs), std::move(baseline));
}

TEST(Summary, HasTheFirstRunOnTop) {
  const json::value summary = json::parse(summary_text(report_of(true)));

  EXPECT_NEAR(summary.at("saved_db").to_number<double>(), 6, 1e-9);
  EXPECT_NEAR(summary.at("retained").to_number<double>(), 0.9, 1e-9);
  EXPECT_EQ(summary.at("seconds").to_number<double>(), 2);
  EXPECT_EQ(summary.at("runs").as_array().size(), 1U);
  const json::value& run = summary.at("runs").at(0);
  EXPECT_EQ(run.at("policy").as_string(), "descend");
  EXPECT_EQ(run.at("scenario").as_string(), "step");
  EXPECT_EQ(run.at("stations").at(0).at("station").as_string(), "02:00:00:00:01:00");
  EXPECT_EQ(summary.at("baseline").at("retained").to_number<double>(), 1);
}

TEST(Summary, WhatIsNotKnownIsNull) {
  const json::value summary = json::parse(summary_text(report_of(false)));

  EXPECT_TRUE(summary.at("retained").is_null());
  EXPECT_TRUE(summary.at("visit_error_ms_p99").is_null());
  EXPECT_TRUE(summary.at("baseline").is_null());
}

TEST(JsonText, WritesNumbersAsPeopleDo) {
  const json::value value{{"a", 3.6}, {"b", json::array{1, 0.1, nullptr}}, {"c", "x\"y"}};

  EXPECT_EQ(json_text(value, Layout::compact), R"({"a":3.6,"b":[1,0.1,null],"c":"x\"y"})");
  EXPECT_EQ(json_text(json::object{{"a", json::array{}}, {"b", 1}}, Layout::indented),
            "{\n  \"a\": [],\n  \"b\": 1\n}");
}

TEST(JsonText, WhatIsNoNumberIsNull) {
  EXPECT_TRUE(rounded(std::nullopt, 2).is_null());
  EXPECT_TRUE(rounded(std::nan(""), 2).is_null());
  EXPECT_EQ(json_text(rounded(-0.0001, 2), Layout::compact), "0");
  EXPECT_EQ(json_text(rounded(1.005001, 2), Layout::compact), "1.01");
}

}  // namespace
}  // namespace pianissimo::report
