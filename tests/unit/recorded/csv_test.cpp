#include "experiments/recorded/csv.hpp"

#include <gmock/gmock.h>

#include <array>

namespace pianissimo::recorded {
namespace {

using testing::ElementsAre;

std::vector<Cell> cells(std::string_view line) {
  return std::get<std::vector<Cell>>(cells_of(line));
}

CsvError error(std::string_view line) { return std::get<CsvError>(cells_of(line)); }

TEST(CsvCells, KnowTheirColumn) {
  EXPECT_THAT(cells("a,,bc"), ElementsAre(Cell{1, "a"}, Cell{3, ""}, Cell{4, "bc"}));
}

TEST(CsvCells, AnEmptyLineIsOneEmptyCell) { EXPECT_THAT(cells(""), ElementsAre(Cell{1, ""})); }

TEST(CsvCells, ACommaAtTheEndBeginsACell) {
  EXPECT_THAT(cells("a,"), ElementsAre(Cell{1, "a"}, Cell{3, ""}));
}

TEST(CsvCells, TheCarriageReturnIsNoneOfThem) {
  EXPECT_THAT(cells("a\r"), ElementsAre(Cell{1, "a"}));
}

TEST(CsvCells, InQuotesMayHaveCommasAndQuotes) {
  EXPECT_THAT(cells(R"("['x', 'y']",5,"a ""b""")"),
              ElementsAre(Cell{1, "['x', 'y']"}, Cell{14, "5"}, Cell{16, R"(a "b")"}));
}

TEST(CsvCells, AQuoteMustBeClosed) {
  EXPECT_EQ(error(R"(1,"abc)"), (CsvError{3, "a quote that is not closed"}));
  EXPECT_EQ(error(R"(")"), (CsvError{1, "a quote that is not closed"}));
}

TEST(CsvCells, BehindAQuoteComesAComma) {
  EXPECT_EQ(error(R"("ab"c)"), (CsvError{5, "expected a comma after the quote"}));
}

constexpr std::array<Column, 3> columns{
    {{.name = "level", .low = 0, .high = 36, .is_whole = true},
     {.name = "loss", .low = 0, .high = 100},
     {.name = "heard", .low = -120, .high = 20, .is_needed = false}}};

NumberColumns after(std::string_view header) {
  NumberColumns out{columns};
  EXPECT_EQ(out.take_header(header), std::nullopt);
  return out;
}

std::string said(std::string_view header, std::string_view row) {
  const auto read = after(header).row_of(row);
  const auto& error = std::get<CsvError>(read);
  return std::to_string(error.column) + ": " + error.message;
}

TEST(NumberColumns, AreFoundByTheirNamesInAnyOrder) {
  const auto row =
      std::get<NumberColumns::Row>(after("heard,route,loss,level").row_of("-61.5,x,0.25,12.0"));

  EXPECT_THAT(row.values, ElementsAre(12, 0.25, -61.5));
  EXPECT_TRUE(row.is_complete);
}

TEST(NumberColumns, MayBeginWithAByteOrderMark) {
  const auto row = std::get<NumberColumns::Row>(after("\xef\xbb\xbflevel,loss").row_of("12,1"));

  EXPECT_THAT(row.values, ElementsAre(12, 1, std::nullopt));
}

TEST(NumberColumns, WithoutOneThatIsNeededARowIsNotComplete) {
  const NumberColumns numbers = after("level,loss,heard");

  EXPECT_FALSE(std::get<NumberColumns::Row>(numbers.row_of(",1,-60")).is_complete);
  EXPECT_FALSE(std::get<NumberColumns::Row>(numbers.row_of("12, ,-60")).is_complete);
  EXPECT_TRUE(std::get<NumberColumns::Row>(numbers.row_of("12,1,")).is_complete);
}

TEST(NumberColumns, TheHeaderMustHaveThemOnce) {
  EXPECT_EQ(NumberColumns{columns}.take_header("level,heard"),
            (CsvError{1, "the header has no loss"}));
  EXPECT_EQ(NumberColumns{columns}.take_header("level,loss,level"),
            (CsvError{12, "a second level"}));
}

TEST(NumberColumns, SayWhatIsWrongWithARowAndWhere) {
  const std::string header = "level,loss,heard";

  EXPECT_EQ(said(header, "12,x1,-60"), "4: loss: 'x1' is not a number");
  EXPECT_EQ(said(header, "12,nan,-60"), "4: loss: nan is not within 0..100");
  EXPECT_EQ(said(header, "12,100.5,-60"), "4: loss: 100.5 is not within 0..100");
  EXPECT_EQ(said(header, "12.5,1,-60"), "1: level: 12.5 is not whole");
  EXPECT_EQ(said(header, "12,1,-121"), "6: heard: -121 is not within -120..20");
  EXPECT_EQ(said(header, "12,1"), "4: it has 2 cells, and the header has 3");
  EXPECT_EQ(said(header, "12,1,2,3"), "8: it has 4 cells, and the header has 3");
  EXPECT_EQ(said(header, "12,\"1"), "4: a quote that is not closed");
}

}  // namespace
}  // namespace pianissimo::recorded
