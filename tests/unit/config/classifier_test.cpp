// A trained classifier as a text.
#include "config/classifier.hpp"

#include <gmock/gmock.h>

#include <fstream>

namespace pianissimo {
namespace {

const std::string head =
    "pianissimo-classifier,1\nwindow_ms,500\nnode,feature,at_most,then,else,class\n";
const std::string good =
    head + "# by hand\n0,utilisation,812,1,2,\n1,,,,,light\n\n2,,,,,saturated\n";

TrafficTree read(const std::string& text) {
  const auto parsed = parse_classifier(text);
  if (const auto* const error = std::get_if<ClassifierError>(&parsed)) {
    ADD_FAILURE() << error->line << ": " << error->message;
    return {};
  }
  return std::get<TrafficTree>(parsed);
}

std::string error(const std::string& text) {
  const auto parsed = parse_classifier(text);
  const auto* const error = std::get_if<ClassifierError>(&parsed);
  return error != nullptr ? std::to_string(error->line) + ": " + error->message : "none";
}

TEST(Classifier, ReadsATable) {
  const TrafficTree tree = read(good);

  ASSERT_EQ(tree.nodes.size(), 3u);
  EXPECT_EQ(tree.nodes[0].split,
            (TreeNode::Split{
                .feature = Feature::utilisation, .at_most = 812, .then = 1, .otherwise = 2}));
  EXPECT_EQ(tree.nodes[1].kind, LoadClass::light);
  EXPECT_EQ(tree.nodes[2].kind, LoadClass::saturated);
}

TEST(Classifier, IsOneLineInAJournalAndReadsBack) {
  const std::string line = to_text(read(good));

  EXPECT_EQ(line,
            "pianissimo-classifier,1;window_ms,500;node,feature,at_most,then,else,class;"
            "0,utilisation,812,1,2,;1,,,,,light;2,,,,,saturated");
  EXPECT_EQ(read(line), read(good));
}

TEST(Classifier, TakesLinesAsWindowsEndsThem) {
  std::string text = good;
  for (std::size_t at = 0; (at = text.find('\n', at)) != text.npos; at += 2) text.insert(at, "\r");

  EXPECT_EQ(read(text), read(good));
}

TEST(Classifier, SaysWhatIsWrongAndWhere) {
  EXPECT_EQ(error(""), "0: ends before its line 'pianissimo-classifier,1'");
  EXPECT_EQ(error("pianissimo-classifier,2\n"),
            "1: expected 'pianissimo-classifier,1', found 'pianissimo-classifier,2'");
  EXPECT_EQ(error("pianissimo-classifier,1\nwindow_ms,1000\n"),
            "2: expected 'window_ms,500', found 'window_ms,1000'");
  EXPECT_EQ(error(head), "0: there is no node");
  EXPECT_EQ(error(head + "0,,,,light\n"), "4: is not a line of six cells");
  EXPECT_EQ(error(head + "0,,,,,light,\n"), "4: is not a line of six cells");
  EXPECT_EQ(error(head + "1,,,,,light\n"), "4: node: expected 0, found '1'");
  EXPECT_EQ(error(head + "0,,,,,heavy\n"), "4: class: 'heavy' is none of idle, light, saturated");
  EXPECT_EQ(error(head + "0,,7,,,light\n"),
            "4: a node without a feature is an answer: at_most, then and else stay empty");
  EXPECT_EQ(error(head + "0,packets,7,1,2,light\n"), "4: class: a node with a feature has none");
  EXPECT_THAT(error(head + "0,colour,7,1,2,\n"),
              testing::StartsWith("4: feature: 'colour' is none of packets, kbps, size, "));
}

TEST(Classifier, NumbersHaveARange) {
  const auto asks = [](const std::string& cells) {
    return error(head + "0,packets," + cells + ",\n1,,,,,light\n2,,,,,idle\n");
  };

  EXPECT_EQ(asks("-1,1,2"), "none");
  EXPECT_EQ(asks("16777216,1,2"), "none");
  EXPECT_EQ(asks("-2,1,2"), "4: at_most: '-2' is not a whole number, -1..16777216");
  EXPECT_EQ(asks("16777217,1,2"), "4: at_most: '16777217' is not a whole number, -1..16777216");
  EXPECT_EQ(asks("7.5,1,2"), "4: at_most: '7.5' is not a whole number, -1..16777216");
  EXPECT_EQ(asks("7,1,255"), "4: else: '255' is not a node, 0..254");
  EXPECT_EQ(asks("7,-1,2"), "4: then: '-1' is not a node, 0..254");
}

TEST(Classifier, FaultsOfTheTreeHaveTheirLine) {
  EXPECT_EQ(error(head + "# by hand\n0,packets,7,1,0,\n1,,,,,light\n"),
            "5: its child 0 does not stand behind it");
}

TEST(Classifier, HasALimit) {
  EXPECT_EQ(error(good + '#' + std::string(32'768, 'x')), "0: more than 32768 bytes");
}

TEST(Classifier, ComesFromAFile) {
  const std::string path = testing::TempDir() + "/classifier.csv";
  std::ofstream{path} << good;

  EXPECT_EQ(std::get<TrafficTree>(load_classifier(path)), read(good));
  const auto missing = load_classifier(path + ".none");
  EXPECT_EQ(std::get<ClassifierError>(missing).message, "No such file or directory");
}

}  // namespace
}  // namespace pianissimo
