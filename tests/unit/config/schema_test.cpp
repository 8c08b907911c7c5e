// The JSON Schema, read with yaml-cpp: JSON is YAML.
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <set>

#include "config/parameters.hpp"
#include "tests/unit/config/parsed.hpp"

namespace pianissimo {
namespace {

YAML::Node schema() { return YAML::Load(schema_json()); }

/// The schema of one key, through the sections' "properties".
YAML::Node schema_of(std::string_view key) {
  YAML::Node node = schema();
  while (!key.empty()) {
    const std::size_t dot = std::min(key.find('.'), key.size());
    // reset(), since assignment to a YAML::Node would change the tree.
    node.reset(node["properties"][std::string{key.substr(0, dot)}]);
    key.remove_prefix(std::min(dot + 1, key.size()));
  }
  return node;
}

void collect_keys(const YAML::Node& node, const std::string& prefix, std::set<std::string>& keys) {
  for (const auto& property : node["properties"]) {
    const std::string key = prefix + property.first.as<std::string>();
    if (property.second["properties"]) {
      collect_keys(property.second, key + ".", keys);
    } else {
      keys.insert(key);
    }
  }
}

TEST(Schema, IsDraft07) {
  EXPECT_EQ(schema()["$schema"].as<std::string>(), "http://json-schema.org/draft-07/schema#");
}

TEST(Schema, ListsTheKeysOfTheTableAndNoOthers) {
  std::set<std::string> expected;
  for (const Parameter& parameter : parameters()) expected.emplace(parameter.key);
  std::set<std::string> keys;

  collect_keys(schema(), "", keys);

  EXPECT_EQ(keys, expected);
}

TEST(Schema, TakesNoOtherKeysInAnySection) {
  for (const char* section : {"", "box", "anchor", "anchor.retry", "anchor.visit", "anchor.parts",
                              "descend", "descend.probe", "fixed", "traffic", "traffic.flows",
                              "http", "metrics", "journal", "log"}) {
    EXPECT_FALSE(schema_of(section)["additionalProperties"].as<bool>()) << section;
  }
}

TEST(Schema, SaysRangesAndDefaults) {
  const YAML::Node floor = schema_of("box.floor_dbm");
  EXPECT_EQ(floor["type"].as<std::string>(), "integer");
  EXPECT_EQ(floor["minimum"].as<int>(), 0);
  EXPECT_EQ(floor["maximum"].as<int>(), 30);
  EXPECT_EQ(floor["default"].as<int>(), 1);

  const YAML::Node keep = schema_of("descend.probe.keep");
  EXPECT_EQ(keep["type"].as<std::string>(), "number");
  EXPECT_EQ(keep["exclusiveMinimum"].as<int>(), 0);
  EXPECT_EQ(keep["maximum"].as<int>(), 1);
  EXPECT_EQ(keep["default"].as<double>(), 0.9);

  EXPECT_EQ(schema_of("dry_run")["type"].as<std::string>(), "boolean");
  EXPECT_EQ(schema_of("journal.budget_bytes")["default"].as<long>(), 8388608);
}

TEST(Schema, SaysNamesAndWords) {
  EXPECT_EQ(schema_of("descend.idle")["enum"].as<std::vector<std::string>>(),
            (std::vector<std::string>{"hold", "ceiling", "floor"}));
  const YAML::Node level = schema_of("fixed.level");
  EXPECT_EQ(level["oneOf"][0]["type"].as<std::string>(), "integer");
  EXPECT_EQ(level["oneOf"][1]["enum"].as<std::vector<std::string>>(),
            (std::vector<std::string>{"max", "min"}));
  EXPECT_EQ(level["default"].as<std::string>(), "max");
}

TEST(Schema, TakesAutoOrAListOfInterfaces) {
  const YAML::Node interfaces = schema_of("interfaces");
  EXPECT_EQ(interfaces["oneOf"][0]["enum"][0].as<std::string>(), "auto");
  EXPECT_EQ(interfaces["oneOf"][1]["type"].as<std::string>(), "array");
  EXPECT_EQ(interfaces["oneOf"][1]["minItems"].as<int>(), 1);
  EXPECT_TRUE(interfaces["oneOf"][1]["uniqueItems"].as<bool>());
}

TEST(Schema, DescribesEveryKeyWithItsRange) {
  for (const Parameter& parameter : parameters()) {
    EXPECT_THAT(schema_of(parameter.key)["description"].as<std::string>(),
                testing::AllOf(testing::StartsWith(std::string{parameter.why}),
                               testing::HasSubstr(range_text(parameter.shape))));
  }
}

}  // namespace
}  // namespace pianissimo
