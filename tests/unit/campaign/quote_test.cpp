#include <gmock/gmock.h>

#include <cstdio>

#include "experiments/campaign/quote.hpp"

namespace pianissimo::campaign {
namespace {

// What a real shell makes of the words: each on a line of its own, in brackets.
std::string as_a_shell_reads(const std::vector<std::string>& words) {
  const std::string command = "printf '[%s]\\n' " + quoted(words);
  std::FILE* const shell = ::popen(command.c_str(), "r");
  std::string out;
  for (int c = std::fgetc(shell); c != EOF; c = std::fgetc(shell)) out += static_cast<char>(c);
  ::pclose(shell);
  return out;
}

TEST(QuotedWords, AreTheSameWordsBehindAShell) {
  const std::vector<std::string> words{
      "plain", "two words", "it's", "'",     "''", "$(echo run)", "`echo run`",
      "$HOME", "a;b|c&d>e", "\\",   "\\'",   "\"", "*",           "new\nline",
      "-n",    "~",         "#x",   "{a,b}", "",   "\x1b[2J",     "\xc3\xa9"};

  std::string wanted;
  for (const std::string& word : words) wanted += '[' + word + "]\n";

  EXPECT_EQ(as_a_shell_reads(words), wanted);
}

TEST(Names, AreWordsOfAPath) {
  EXPECT_TRUE(is_name("table"));
  EXPECT_TRUE(is_name("room-2.a_b"));
  for (const char* const bad : {"", ".", "..", "a/b", "-x", "_x", "a b", "a\nb", "ä"}) {
    EXPECT_FALSE(is_name(bad)) << bad;
  }
  EXPECT_TRUE(is_name(std::string(32, 'x')));
  EXPECT_FALSE(is_name(std::string(33, 'x')));
}

TEST(SshDestinations, AreNeverOptions) {
  EXPECT_TRUE(is_ssh_destination("root@192.168.1.1"));
  EXPECT_TRUE(is_ssh_destination("attic"));
  EXPECT_TRUE(is_ssh_destination("root@fd00::1"));
  for (const char* const bad : {"", "-oProxyCommand=x", "a b", "root@", "@host", "a@b@c", "a;b"}) {
    EXPECT_FALSE(is_ssh_destination(bad)) << bad;
  }
}

TEST(Addresses, AreFourNumbers) {
  EXPECT_TRUE(is_address("192.168.1.20"));
  for (const char* const bad : {"", "192.168.1", "192.168.1.256", "localhost", "1.2.3.4 x"}) {
    EXPECT_FALSE(is_address(bad)) << bad;
  }
}

TEST(Interfaces, HaveFifteenCharactersAtMost) {
  EXPECT_TRUE(is_interface("phy1-ap0"));
  EXPECT_TRUE(is_interface("wlan0.sta1_2345"));
  EXPECT_FALSE(is_interface("wlan0.sta1_23456"));
  EXPECT_FALSE(is_interface("-wlan0"));
}

}  // namespace
}  // namespace pianissimo::campaign
