// The files that people read, held against the table of parameters.
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <fstream>
#include <optional>
#include <sstream>

#include "config/json.hpp"
#include "config/parameters.hpp"
#include "tests/unit/config/parsed.hpp"

namespace pianissimo {
namespace {

using testing::HasSubstr;

std::string contents(const std::string& name) {
  std::ifstream file{std::string{CONFIG_FOLDER} + "/" + name};
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::string default_of(const Parameter& parameter) {
  std::string out;
  append_json(out, parameter.get(Config{}));
  return out;
}

/// The line of a key in the file, from 0; none if it is not there.
std::optional<std::size_t> line_of(const YAML::Node& section, std::string_view key) {
  const std::size_t dot = std::min(key.find('.'), key.size());
  for (const auto& entry : section) {
    if (entry.first.as<std::string>() != key.substr(0, dot)) continue;
    if (dot < key.size()) return line_of(entry.second, key.substr(dot + 1));
    return static_cast<std::size_t>(entry.first.Mark().line);
  }
  return std::nullopt;
}

/// The comment that ends in the line before.
std::string comment_above(const std::vector<std::string>& lines, std::size_t line) {
  std::string out;
  while (line > 0) {
    const std::string& above = lines[--line];
    const std::size_t start = above.find_first_not_of(' ');
    if (start == above.npos || above[start] != '#') break;
    out = above.substr(start + 1) + out;
  }
  return out;
}

TEST(DefaultFile, SetsNothingButTheDefaults) {
  EXPECT_EQ(good(contents("pianissimo.yaml")), Config{});
}

TEST(DefaultFile, HasEveryKeyWithItsRangeInTheCommentAbove) {
  const std::string text = contents("pianissimo.yaml");
  const YAML::Node file = YAML::Load(text);
  std::vector<std::string> lines;
  std::istringstream stream{text};
  for (std::string line; std::getline(stream, line);) lines.push_back(line);

  for (const Parameter& parameter : parameters()) {
    const auto line = line_of(file, parameter.key);
    ASSERT_TRUE(line) << parameter.key;
    const std::string comment = comment_above(lines, *line);
    EXPECT_FALSE(comment.empty()) << parameter.key;
    if (const auto* whole = std::get_if<Whole>(&parameter.shape)) {
      EXPECT_THAT(comment,
                  HasSubstr(std::to_string(whole->min) + ".." + std::to_string(whole->max)));
      for (const std::string_view word : whole->words) {
        EXPECT_THAT(comment, HasSubstr(std::string{word}));
      }
    } else if (const auto* choice = std::get_if<Choice>(&parameter.shape)) {
      for (const std::string_view name : choice->names) {
        EXPECT_THAT(comment, HasSubstr(std::string{name}));
      }
    } else if (std::holds_alternative<Share>(parameter.shape)) {
      EXPECT_THAT(comment, HasSubstr("Above 0, up to 1"));
    }
  }
}

TEST(Readme, HasTheTableOfParameters) {
  std::string table;
  for (const Parameter& parameter : parameters()) {
    table += "| `" + std::string{parameter.key} + "` | " + std::string{parameter.why} + " | " +
             range_text(parameter.shape) + " | `" + default_of(parameter) + "` |\n";
  }

  EXPECT_THAT(contents("README.md"), HasSubstr(table));
}

}  // namespace
}  // namespace pianissimo
