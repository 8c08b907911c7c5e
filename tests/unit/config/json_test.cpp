// The configuration as JSON: what the journal's header holds.
#include "config/json.hpp"

#include "tests/unit/config/parsed.hpp"

namespace pianissimo {
namespace {

// The keys and values of the default file, in its order.
constexpr const char* defaults =
    R"({"interfaces":"auto","policy":"anchor","box":{"floor_dbm":1,"ceiling_dbm":"auto"},)"
    R"("power_path":"auto","interval_ms":50,"anchor":{"keep":0.97,"step_dwell_ms":400,)"
    R"("climb_ms":1200,"retry":{"first_ms":20000,"longest_ms":600000},"say_ms":60000,)"
    R"("visit":{"every_ms":60000,"dwell_ms":600},"parts":{"coarse_steps":true,)"
    R"("watchman":true,"emergency":true,"feed_forward":true,"places":true,"visits":true,)"
    R"("memory":true,"effect_test":true}},"descend":{"keep":0.9,"probe":{"every":10,)"
    R"("dwell_ms":60,"keep":0.9},"watch_dwell_ms":140,"step_dwell_ms":140,"idle":"hold"},)"
    R"("fixed":{"level":"max"},"verdict":{"enabled":true,"lasting_s":60,"revert_for_s":14400},)"
    R"("traffic":{"source":"auto","attach":"auto",)"
    R"("classifier":"rule","active_bytes":1500,"flows":{"export":"none","active_s":60,)"
    R"("idle_s":15,"most":4096,"templates_s":60}},"trace_power":true,)"
    R"("http":{"listen":"none","allow_remote":false,"control":false},)"
    R"("metrics":{"textfile":"none","stations":false},)"
    R"("control":{"socket":true,"group":"root"},)"
    R"("journal":{"path":"/run/pianissimo/journal.jsonl","budget_bytes":8388608},)"
    R"("privacy":{"stations":"hmac","key_file":"/var/lib/pianissimo/salt"},)"
    R"("log":{"level":"info"},"mode":"auto","recommend":{"expires_s":86400},)"
    R"("auto_between":"always","ceiling_file":"none","dry_run":false})";

std::string json(const Value& value) {
  std::string out;
  append_json(out, value);
  return out;
}

TEST(Json, OfTheDefaultsNamesEveryKey) { EXPECT_EQ(to_json(Config{}), defaults); }

TEST(Json, ReadsBackToTheSameConfig) {
  const Config config = good(
      "interfaces: [wlan0, \"w\\\"l'n\"]\nbox: {floor_dbm: 2, ceiling_dbm: 20}\n"
      "descend: {keep: 0.1, probe: {keep: 1e-9}}\nfixed: {level: 0}\n"
      "journal: {path: \"/tmp/\\\\ \\\" # gr\\u00fc\\u00df: \\U0001F3B9\"}\ndry_run: true\n"
      "auto_between: ['02:00-05:00', '22:30-01:00']\nceiling_file: /run/c\nmode: recommend\n");

  EXPECT_EQ(good(to_json(config)), config);
}

TEST(Json, EscapesWhatCouldBreakALineOrATerminal) {
  EXPECT_EQ(json(std::string{"a\"b\\c"}), R"("a\"b\\c")");
  EXPECT_EQ(json(std::string{"\n\t\x1B\x7F"}), R"("\u000a\u0009\u001b\u007f")");
  EXPECT_EQ(json(std::string{"\xC2\x9B"}), R"("\u009b")");
  EXPECT_EQ(json(std::string("\0", 1)), R"("\u0000")");
}

TEST(Json, KeepsUtf8AndReplacesWhatIsNot) {
  EXPECT_EQ(json(std::string{"\xC3\xBC\xF0\x9F\x8E\xB9"}), "\"\xC3\xBC\xF0\x9F\x8E\xB9\"");
  EXPECT_EQ(json(std::string{"a\xFFz"}), "\"a\xEF\xBF\xBDz\"");
  EXPECT_EQ(json(std::string{"\xC3"}), "\"\xEF\xBF\xBD\"");
  EXPECT_EQ(json(std::string{"\xED\xA0\x80"}), "\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\"");
  EXPECT_EQ(json(std::string{"\xC0\x80"}), "\"\xEF\xBF\xBD\xEF\xBF\xBD\"");
}

TEST(Json, WritesTheShortestNumberThatReadsBack) {
  EXPECT_EQ(json(0.9), "0.9");
  EXPECT_EQ(json(1.0), "1");
  EXPECT_EQ(json(std::int64_t{-5}), "-5");
}

TEST(Hash, IsFnv1aOfTheJson) {
  std::uint64_t expected = 14695981039346656037U;
  for (const char* c = defaults; *c != '\0'; ++c) {
    expected ^= static_cast<unsigned char>(*c);
    expected *= 1099511628211U;
  }

  const std::string hash = config_hash(Config{});

  ASSERT_EQ(hash.size(), 16U);
  EXPECT_EQ(std::stoull(hash, nullptr, 16), expected);
}

TEST(Hash, DiffersWhenOneKeyDiffers) {
  EXPECT_NE(config_hash(good("dry_run: true")), config_hash(Config{}));
  EXPECT_EQ(config_hash(good("dry_run: false")), config_hash(Config{}));
}

}  // namespace
}  // namespace pianissimo
