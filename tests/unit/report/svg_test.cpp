#include "experiments/report/svg.hpp"

#include <gmock/gmock.h>

#include "experiments/report/axes.hpp"

namespace pianissimo::report {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

TEST(MarkupEscaped, LeavesNoMarkup) {
  EXPECT_EQ(markup_escaped(R"(<a b="c">&</a>)"), "&lt;a b=&quot;c&quot;&gt;&amp;&lt;/a&gt;");
}

TEST(MarkupEscaped, KeepsWordsOfEveryLanguage) {
  EXPECT_EQ(markup_escaped("Küche, 厨房, 🏠"), "Küche, 厨房, 🏠");
}

TEST(MarkupEscaped, ReplacesWhatXmlForbids) {
  EXPECT_EQ(markup_escaped("a\x1b[2Jb"), "a?[2Jb");
  EXPECT_EQ(markup_escaped("\xff\xc3"), "??");
  EXPECT_EQ(markup_escaped("\xc0\xaf"), "??");            // a slash in a form that is too long
  EXPECT_EQ(markup_escaped("\xed\xa0\x80"), "???");       // half of a surrogate
  EXPECT_EQ(markup_escaped("\xf5\x80\x80\x80"), "????");  // above Unicode's end
}

TEST(Coordinates, AreShort) {
  EXPECT_EQ(coordinate(12.04), "12");
  EXPECT_EQ(coordinate(12.06), "12.1");
  EXPECT_EQ(coordinate(-0.04), "0");
}

TEST(SvgText, IsADocumentWithATitle) {
  Svg svg{360, 290, "a <knee>"};
  svg.text(1, 2, "R&D", {.size = 10});
  svg.line(0, 0, 10, 5, {tone::own, "6 4", Marker::none, 2});

  const std::string text = std::move(svg).finish();

  EXPECT_THAT(text, testing::StartsWith(R"(<svg xmlns="http://www.w3.org/2000/svg")"));
  EXPECT_THAT(text, HasSubstr("<title>a &lt;knee&gt;</title>"));
  EXPECT_THAT(text, HasSubstr(">R&amp;D</text>"));
  EXPECT_THAT(text, HasSubstr(R"(d="M0 0L10 5")"));
  EXPECT_THAT(text, HasSubstr(R"(stroke-dasharray="6 4")"));
  EXPECT_THAT(text, testing::EndsWith("</svg>\n"));
}

TEST(SvgMarkers, SayWhatTheyAreWherePointedAt) {
  Svg svg{10, 10, ""};
  svg.marker(Marker::diamond, 5, 5, 4, tone::own, false, "13 dBm <");

  EXPECT_THAT(std::move(svg).finish(), HasSubstr("><title>13 dBm &lt;</title></path>"));
}

TEST(SvgMarkers, NoneIsNothing) {
  Svg svg{10, 10, ""};
  svg.marker(Marker::none, 5, 5, 4, tone::own);

  EXPECT_THAT(std::move(svg).finish(), Not(HasSubstr("<path")));
}

TEST(Ticks, AreRoundAndInside) {
  EXPECT_THAT(ticks_between(0, 100, 5), ElementsAre(0, 20, 40, 60, 80, 100));
  EXPECT_THAT(ticks_between(11.4, 20.6, 5), ElementsAre(12, 14, 16, 18, 20));
  EXPECT_THAT(ticks_between(0, 1, 10), testing::SizeIs(11));
  EXPECT_THAT(ticks_between(-7, 7, 3), ElementsAre(-5, 0, 5));
}

TEST(Ticks, OfARangeWithoutLengthAreItsOneValue) {
  EXPECT_THAT(ticks_between(3, 3, 5), ElementsAre(3));
}

TEST(Key, TakesAnotherRowWhereItMust) {
  const std::vector<KeyEntry> entries{{"a long name of a line", {}}, {"another long name", {}}};

  EXPECT_EQ(key_height(1000, entries), 16);
  EXPECT_EQ(key_height(180, entries), 32);
  EXPECT_EQ(key_height(180, {}), 0);
}

}  // namespace
}  // namespace pianissimo::report
