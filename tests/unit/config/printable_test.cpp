#include "config/printable.hpp"

#include <gmock/gmock.h>

namespace pianissimo {
namespace {

TEST(Printable, LeavesTextAsItIs) {
  EXPECT_EQ(printable("wlan0: 20 dBm, na\u00efve \u2192 \U0001F4E1"),
            "wlan0: 20 dBm, na\u00efve \u2192 \U0001F4E1");
}

TEST(Printable, HasNoControlCharacters) {
  EXPECT_EQ(printable("\x1b[2J"), "?[2J");
  EXPECT_EQ(printable("a\nb\rc\td\x7f"), "a?b?c?d?");
  EXPECT_EQ(printable(std::string_view{"a\0b", 3}), "a?b");
}

// U+009B is CSI, as ESC [ is: terminals obey it.
TEST(Printable, HasNoControlCharactersOfTheSecondKind) {
  EXPECT_EQ(printable("\xc2\x9b"
                      "2J"),
            "?2J");
}

TEST(Printable, HasNoBytesThatAreNotUtf8) {
  EXPECT_EQ(printable("\x9b"
                      "2J\xff"),
            "?2J?");
  EXPECT_EQ(printable("\xe2\x86"), "??");
}

// They turn the order of what stands around them: "gnp.exe" could look like "exe.png".
TEST(Printable, HasNoCharactersThatTurnTheOrderOfOthers) {
  for (const std::string_view mark : {"\u202A", "\u202B", "\u202C", "\u202D", "\u202E", "\u2066",
                                      "\u2067", "\u2068", "\u2069", "\u200E", "\u200F", "\u061C"}) {
    EXPECT_EQ(printable("a" + std::string{mark} + "b"), "a?b");
  }
}

TEST(Printable, HasNoCharactersThatAreNotToBeSeen) {
  for (const std::string_view mark :
       {"\u00AD", "\u200B", "\u200C", "\u200D", "\u2028", "\u2029", "\u2060", "\u2064", "\u206F",
        "\u180E", "\u3164", "\uFEFF", "\uFFF9", "\U000E0001", "\U000E007F"}) {
    EXPECT_EQ(printable("a" + std::string{mark} + "b"), "a?b");
  }
}

TEST(Printable, LeavesTheNeighboursOfThose) {
  constexpr std::string_view text = "\u00AC\u00AE\u061B\u200A\u2010\u2027\u202F\u2070\uFFFD\uFEFC";
  EXPECT_EQ(printable(text), text);
}

TEST(Printable, KeepsLineEndsWhereTheLinesAreOurs) {
  EXPECT_EQ(printable_lines("a\x1b\nb\u202E\n\nc"), "a?\nb?\n\nc");
  EXPECT_EQ(printable_lines("a\n"), "a\n");
  EXPECT_EQ(printable_lines(""), "");
}

}  // namespace
}  // namespace pianissimo
