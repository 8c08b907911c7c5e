#include "experiments/report/page.hpp"

#include <boost/json.hpp>

#include "tests/unit/report/files.hpp"

namespace pianissimo::report {
namespace {

namespace json = boost::json;
using testing::HasSubstr;
using testing::Not;

std::string page_named(const std::string& name) {
  const Folder folder;
  std::vector<report::Run> runs;
  runs.push_back(
      run_of(folder, 2, truth_lines(100, 102, 14, 74, 45),
             header_line(99) + up_line(99) + power_line(99.5, 12) + stations_line(100, 50'000) +
                 decision_line(100.1, Reason::visit, 12, 20) + power_line(100.1, 20) +
                 decision_line(100.16, Reason::visit_over, 20, 12) + power_line(100.161, 12) +
                 decision_line(100.17, Reason::visit_passed, 12, 12)));
  runs.front().name = name;
  return page_text(make_report(std::move(runs), std::nullopt));
}

// The data that the page carries.
json::value data_in(const std::string& page) {
  const std::string open = R"(<script id="data" type="application/json">)";
  const std::size_t from = page.find(open) + open.size();
  return json::parse(page.substr(from, page.find("</script>", from) - from));
}

TEST(Page, CarriesEverythingItNeeds) {
  const std::string page = page_named("daemon");

  EXPECT_THAT(page, HasSubstr("var uPlot="));
  EXPECT_THAT(page, HasSubstr("default-src 'none'"));
  EXPECT_THAT(page, HasSubstr("Permission is hereby granted"));  // uPlot's licence
  for (const char* const outside : {"src=", "href=", "@import", "url("}) {
    EXPECT_THAT(page, Not(HasSubstr(outside))) << outside;
  }
}

TEST(Page, HasTheSeries) {
  const json::value run = data_in(page_named("daemon")).at("runs").at(0);

  const json::value& station = run.at("stations").at(0);
  EXPECT_TRUE(station.at("on_the_air").as_bool());
  EXPECT_EQ(station.at("level").at("v").at(0).as_int64(), 14);
  EXPECT_EQ(station.at("counted_by").as_string(), "nl80211");
  EXPECT_EQ(station.at("knob").as_string(), "interface 3");
  EXPECT_EQ(station.at("capacity").as_array().size(), 2U);
  EXPECT_EQ(station.at("readings").at("mcs").at(0).as_int64(), 7);
  EXPECT_EQ(run.at("decisions").as_array().size(), 3U);
  const json::value& visit = run.at("visits").at(0);
  EXPECT_NEAR(visit.at("t").to_number<double>(), 0.1, 1e-9);
  EXPECT_NEAR(visit.at("ms").to_number<double>(), 61, 1e-6);
  EXPECT_EQ(visit.at("reason").as_string(), "visit_passed");
  EXPECT_EQ(visit.at("said").as_string(), "The visit showed no loss: go on.");
}

TEST(Page, IsToldEveryReasonAndHowItIsDrawn) {
  const json::value reasons = data_in(page_named("daemon")).at("reasons");

  EXPECT_EQ(reasons.as_object().size(), all_reasons.size());
  const auto drawn = [&](std::string_view word) {
    const json::value& reason = reasons.at(word);
    return std::string{reason.at("shape").as_string()} + ' ' +
           std::string{reason.at("tone").as_string()};
  };
  EXPECT_EQ(drawn("step_down"), "down own");
  EXPECT_EQ(drawn("throughput_fell"), "up harm");
  EXPECT_EQ(drawn("signal_fell"), "up own");
  EXPECT_EQ(drawn("visit_passed"), "ring visit");
  EXPECT_EQ(drawn("visit_failed"), "full harm");
  EXPECT_EQ(drawn("idle"), "square own");
  EXPECT_EQ(drawn("change_helped"), "lozenge own");
  EXPECT_EQ(drawn("change_cleared"), "square own");
  EXPECT_EQ(drawn("change_hurt"), "diamond harm");
  EXPECT_NE(reasons.at("change_cleared").at("key"), reasons.at("idle").at("key"));
  EXPECT_EQ(reasons.at("idle").at("text").as_string(),
            "No station is active, so nothing can be measured: hold.");
}

TEST(Page, HasATableOfVerdictsThatIsBounded) {
  const Folder folder;
  std::string lines = header_line(99) + up_line(99);
  for (int i = 0; i < 150; ++i) lines += decision_line(99.5 + 100 * i, Reason::change_hurt, 20, 20);
  std::vector<report::Run> runs;
  runs.push_back(run_of(folder, 20000, truth_lines(100, 102, 14, 74, 45), lines));

  const std::string page = page_text(make_report(std::move(runs), std::nullopt));

  const json::value changes = data_in(page).at("runs").at(0).at("changes");
  EXPECT_EQ(changes.at("rows").as_array().size(), 100U);
  EXPECT_EQ(changes.at("more").as_int64(), 49);  // the first one is of before the measured part
  const auto& cells = changes.at("rows").at(0).at("cells").as_array();
  EXPECT_EQ(cells.size(), changes.at("head").as_array().size());
  EXPECT_EQ(cells.at(3).as_string(), "hurt");
  EXPECT_TRUE(changes.at("rows").at(0).at("hurt").as_bool());
  EXPECT_THAT(page, HasSubstr("What lasting changes did"));
}

// A reason that the scripts know by name is declared twice.
TEST(Page, ItsScriptsNameNoReason) {
  std::string page = page_named("daemon");
  page.erase(0, page.find("// Elements and words."));
  for (const ReasonRow& row : all_reasons) {
    // Words that have no '_' are also words of the language.
    if (row.word.find('_') == row.word.npos) continue;
    EXPECT_THAT(page, Not(HasSubstr(row.word)));
  }
}

TEST(Page, HasTheDrawings) {
  const std::string page = page_named("daemon");

  for (const char* const kind : {"power", "throughput", "time", "knee", "rates"}) {
    EXPECT_THAT(page, HasSubstr(R"(<figure class="drawing" data-kind=")" + std::string{kind}));
  }
}

TEST(Page, SaysWhatCouldNotBeMeasured) {
  const json::value data = data_in(page_named("daemon"));

  EXPECT_TRUE(data.at("baseline").is_null());
  EXPECT_THAT(std::string{data.at("runs").at(0).at("remarks").at(0).as_string()},
              HasSubstr("No baseline"));
}

TEST(Page, NamesAreNeverMarkup) {
  const std::string evil = "</script><script>alert(1)</script><!--";

  const std::string page = page_named(evil);

  EXPECT_THAT(page, Not(HasSubstr("<script>alert")));
  EXPECT_THAT(page, HasSubstr("<title>&lt;/script&gt;"));
  EXPECT_EQ(data_in(page).at("runs").at(0).at("name").as_string(), evil);
}

TEST(FillIn, ReplacesEachNameOnce) {
  const auto value = [](std::string_view name) { return '<' + std::string{name} + "{{b}}>"; };

  EXPECT_EQ(fill_in("x{{a}}y{{b}}", value), "x<a{{b}}>y<b{{b}}>");
  EXPECT_THROW(fill_in("x{{a", value), std::logic_error);
}

}  // namespace
}  // namespace pianissimo::report
