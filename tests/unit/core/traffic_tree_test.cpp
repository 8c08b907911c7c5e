// A decision tree as a value: what it answers, and what is no tree.
#include "controller/core/traffic_tree.hpp"

#include <gmock/gmock.h>

namespace pianissimo {
namespace {

TreeNode answer(LoadClass kind) { return {.split = std::nullopt, .kind = kind}; }

TreeNode ask(Feature feature, std::int32_t at_most, std::size_t then, std::size_t otherwise) {
  return {.split = TreeNode::Split{feature, at_most, then, otherwise}, .kind = {}};
}

// Up to 9 packets: idle. Above, up to 800 permille: light. Above that: saturated.
TrafficTree three_answers() {
  return {{ask(Feature::packets, 9, 1, 2), answer(LoadClass::idle),
           ask(Feature::utilisation, 800, 3, 4), answer(LoadClass::light),
           answer(LoadClass::saturated)}};
}

Features features(std::int32_t packets, std::int32_t utilisation) {
  Features out{};
  out[static_cast<std::size_t>(Feature::packets)] = packets;
  out[static_cast<std::size_t>(Feature::utilisation)] = utilisation;
  return out;
}

std::string fault(const TrafficTree& tree) {
  const auto found = fault_of(tree);
  return found ? std::to_string(found->node) + ": " + found->why : "none";
}

// Asks so many questions before its deepest answer.
TrafficTree chain(std::size_t questions) {
  TrafficTree tree;
  for (std::size_t i = 0; i < questions; ++i) {
    tree.nodes.push_back(ask(Feature::packets, 1, 2 * i + 1, 2 * i + 2));
    tree.nodes.push_back(answer(LoadClass::idle));
  }
  tree.nodes.push_back(answer(LoadClass::light));
  return tree;
}

TEST(TrafficTree, AThresholdBelongsToTheLowerSide) {
  EXPECT_EQ(three_answers().classify(features(9, 900)), LoadClass::idle);
  EXPECT_EQ(three_answers().classify(features(10, 800)), LoadClass::light);
  EXPECT_EQ(three_answers().classify(features(10, 801)), LoadClass::saturated);
}

TEST(TrafficTree, WhatIsNotToldIsBelowAllThatIs) {
  EXPECT_EQ(three_answers().classify(features(10, not_told)), LoadClass::light);
}

TEST(TrafficTree, OneAnswerIsATree) {
  EXPECT_EQ(fault({{answer(LoadClass::light)}}), "none");
  EXPECT_EQ(TrafficTree{{answer(LoadClass::light)}}.classify({}), LoadClass::light);
}

TEST(TrafficTree, SixteenQuestionsAreTheMost) {
  EXPECT_EQ(fault(chain(16)), "none");
  EXPECT_EQ(fault(chain(17)), "32: more than 16 questions lead to an answer");
}

TEST(TrafficTree, NoNodeIsNoTree) { EXPECT_EQ(fault({}), "0: there is no node"); }

TEST(TrafficTree, TwoHundredAndFiftyFiveNodesAreTheMost) {
  EXPECT_EQ(fault(chain(128)), "255: more than 255 nodes");
}

TEST(TrafficTree, AChildThatIsNotThereIsAFault) {
  TrafficTree tree = three_answers();
  tree.nodes[2].split->otherwise = 5;

  EXPECT_EQ(fault(tree), "2: its child 5 is not there");
}

TEST(TrafficTree, NoWayLeadsRoundInACircle) {
  TrafficTree tree = three_answers();
  tree.nodes[2].split->then = 0;
  EXPECT_EQ(fault(tree), "2: its child 0 does not stand behind it");
  tree.nodes[2].split->then = 2;
  EXPECT_EQ(fault(tree), "2: its child 2 does not stand behind it");
}

TEST(TrafficTree, AChildHasOneParent) {
  TrafficTree tree = three_answers();
  tree.nodes[2].split->otherwise = 3;

  EXPECT_EQ(fault(tree), "2: its child 3 has two parents");
}

TEST(TrafficTree, EveryNodeIsReached) {
  TrafficTree tree = three_answers();
  tree.nodes.push_back(answer(LoadClass::idle));

  EXPECT_EQ(fault(tree), "5: nothing leads to it");
}

}  // namespace
}  // namespace pianissimo
