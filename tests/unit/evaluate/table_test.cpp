#include "experiments/evaluate/table.hpp"

#include <gmock/gmock.h>

#include <boost/json.hpp>

namespace pianissimo::evaluate {
namespace {

using testing::HasSubstr;
using testing::Not;

std::vector<Row> rows() {
  Figures one;
  one[Figure::saved_db] = 4;
  one[Figure::retained] = 0.98;
  Figures other;
  other[Figure::saved_db] = 6;
  return {{"door", "descend", 0.97, {one, other}}};
}

TEST(Json, HasAnObjectPerRowWithTheFiguresNames) {
  const auto json = boost::json::parse(json_of(rows())).as_array();

  ASSERT_EQ(json.size(), 1U);
  const boost::json::object& row = json.front().as_object();
  EXPECT_EQ(row.at("scenario").as_string(), "door");
  EXPECT_EQ(row.at("policy").as_string(), "descend");
  EXPECT_EQ(row.at("keep").as_double(), 0.97);
  EXPECT_EQ(row.at("seeds").to_number<int>(), 2);
  EXPECT_EQ(row.at("saved_db").as_double(), 5);
  // t(0.975, 1) = 12.706, standard deviation sqrt(2).
  EXPECT_NEAR(row.at("saved_db_ci95").as_double(), 12.706, 0.001);
}

TEST(Json, SaysHowManySeedsHaveAFigureIfNotAll) {
  const auto json = boost::json::parse(json_of(rows())).as_array();
  const boost::json::object& row = json.front().as_object();

  EXPECT_EQ(row.at("retained_n").to_number<int>(), 1);
  EXPECT_FALSE(row.contains("saved_db_n"));
  EXPECT_TRUE(row.at("recovery_s").is_null());
}

TEST(Markdown, HasARowPerLawWithMeansAndIntervals) {
  const std::string text = markdown_of(rows());

  EXPECT_THAT(text,
              HasSubstr("### door\n\nkeep 0.97\n\n| law | retained, mean, % | saved, dB |\n"));
  EXPECT_THAT(text, HasSubstr("| descend | 98.0 | 5.0 ± 12.7 |\n"));
}

TEST(Markdown, LeavesOutColumnsThatAreEmptyThroughout) {
  EXPECT_THAT(markdown_of(rows()), Not(HasSubstr("recovery")));
}

}  // namespace
}  // namespace pianissimo::evaluate
