// The quick reader of lines as to_line() writes them says what the JSON parser says.
#include <gmock/gmock.h>

#include <random>

#include "controller/journal/record.hpp"
#include "tests/unit/journal/samples.hpp"

namespace pianissimo::journal {
namespace {

using test::Sample;
using test::samples;

// White space is not as to_line() writes it, so this goes to the parser.
std::string for_the_parser(const std::string& line) { return line + ' '; }

// Boost.JSON 1.81 may miss a number such as 9E81 by its last bit, the quick reader does not.
Record about(Record record) {
  auto* const decision = std::get_if<Decision>(&record.what);
  if (decision && decision->evidence.keep) {
    decision->evidence.keep = static_cast<float>(*decision->evidence.keep);
  }
  return record;
}

class EveryLine : public testing::TestWithParam<Sample> {};

TEST_P(EveryLine, IsReadAsTheParserReadsIt) {
  const std::string line = to_line(GetParam().record);

  const auto quick = from_line(line);
  const auto parsed = from_line(for_the_parser(line));

  ASSERT_TRUE(std::holds_alternative<Record>(quick));
  ASSERT_TRUE(std::holds_alternative<Record>(parsed));
  EXPECT_EQ(std::get<Record>(quick), std::get<Record>(parsed));
}

TEST_P(EveryLine, IsReadOrRefusedAsTheParserDoesWithAnyByteChanged) {
  static constexpr std::string_view bytes = "\"\\{}[]:,.-+0123456789eEtrufalsn \t\x01\x7f\xc3";
  const std::string line = to_line(GetParam().record);
  std::mt19937 random{20'240'901};
  for (std::size_t at = 0; at < line.size(); ++at) {
    for (int round = 0; round < 8; ++round) {
      std::string changed = line;
      const char byte = bytes[random() % bytes.size()];
      switch (random() % 3) {
        case 0:
          changed[at] = byte;
          break;
        case 1:
          changed.insert(at, 1, byte);
          break;
        default:
          changed.erase(at, 1 + random() % 3);
      }

      const auto quick = from_line(changed);
      const auto parsed = from_line(for_the_parser(changed));

      ASSERT_EQ(quick.index(), parsed.index()) << changed;
      if (const auto* const record = std::get_if<Record>(&quick)) {
        ASSERT_EQ(to_line(about(*record)), to_line(about(std::get<Record>(parsed)))) << changed;
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Types, EveryLine, testing::ValuesIn(samples()),
                         [](const auto& chosen) { return chosen.param.type; });

}  // namespace
}  // namespace pianissimo::journal
