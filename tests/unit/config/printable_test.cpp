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

}  // namespace
}  // namespace pianissimo
