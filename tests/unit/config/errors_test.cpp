// Every kind of mistake: where it is said to be, and what is said.
#include <algorithm>

#include "config/parameters.hpp"
#include "tests/unit/config/parsed.hpp"

namespace pianissimo {
namespace {

struct Mistake {
  const char* name;
  std::string yaml;
  std::string error;
};
void PrintTo(const Mistake& mistake, std::ostream* out) { *out << mistake.yaml; }

class OneMistake : public testing::TestWithParam<Mistake> {};

TEST_P(OneMistake, IsSaidOnceWithItsPlace) {
  EXPECT_THAT(errors_of(GetParam().yaml), testing::ElementsAre(GetParam().error));
}

std::string name_of(const testing::TestParamInfo<Mistake>& info) { return info.param.name; }

const std::vector<Mistake> keys{
    {"Unknown", "dry_run: true\ncolour: red\n", "f:2:1: colour: unknown key"},
    {"Slip", "descend:\n  prob: {every: 5}\n",
     "f:2:3: descend.prob: unknown key (did you mean 'probe'?)"},
    {"DeepSlip", "descend: {probe: {evry: 5}}\n",
     "f:1:19: descend.probe.evry: unknown key (did you mean 'every'?)"},
    {"Beginning", "interval: 50\n", "f:1:1: interval: unknown key (did you mean 'interval_ms'?)"},
    {"Case", "Policy: fixed\n", "f:1:1: Policy: unknown key (did you mean 'policy'?)"},
    {"OtherSection", "floor_dbm: 2\n",
     "f:1:1: floor_dbm: unknown key (did you mean 'box.floor_dbm'?)"},
    {"SectionElsewhere", "probe: {every: 5}\n",
     "f:1:1: probe: unknown key (did you mean 'descend.probe'?)"},
    {"Merge", "<<: {policy: fixed}\n", "f:1:1: <<: unknown key"},
    {"Duplicate", "policy: fixed\n\npolicy: descend\n",
     "f:3:1: policy: duplicate key (first in line 1)"},
    {"DuplicateInside", "box:\n  floor_dbm: 1\n  floor_dbm: 1\n",
     "f:3:3: box.floor_dbm: duplicate key (first in line 2)"},
    {"NotAWord", "? [policy]\n: fixed\n", "f:1:3: a key is a word, not a list"},
    {"Nothing", ": fixed\n", "f:1:1: a key is a word, not nothing"},
    {"Escapes", "\"\\e[31m\": 1\n", "f:1:1: ?[31m: unknown key"},
};
INSTANTIATE_TEST_SUITE_P(Keys, OneMistake, testing::ValuesIn(keys), name_of);

const std::vector<Mistake> types{
    {"ListForFile", "- policy\n", "f:1:1: expected keys such as policy, found a list"},
    {"ScalarForFile", "fixed\n", "f:1:1: expected keys such as policy, found a single value"},
    {"ScalarForSection", "box: 3\n",
     "f:1:6: box: expected the keys floor_dbm, ceiling_dbm, found a single value"},
    {"ListForSection", "log: [info]\n", "f:1:6: log: expected the keys level, found a list"},
    {"MapForNumber", "interval_ms: {a: 1}\n",
     "f:1:14: interval_ms: found a map, expected 10..10000 ms"},
    {"ListForName", "policy: [fixed]\n",
     "f:1:9: policy: found a list, expected anchor, descend, fixed"},
    {"MapForInterfaces", "interfaces: {wlan0: 1}\n",
     "f:1:13: interfaces: found a map, expected auto, or a list of interface names"},
    {"MapInInterfaces", "interfaces: [{a: b}]\n",
     "f:1:13: interfaces: found a map in the list, expected interface names"},
    {"NoValue", "log:\n  level:\ndry_run: false\n",
     "f:2:3: log.level: no value (leave the key out for the default, \"info\")"},
    {"Null", "interval_ms: ~\n",
     "f:1:1: interval_ms: no value (leave the key out for the default, 50)"},
};
INSTANTIATE_TEST_SUITE_P(Types, OneMistake, testing::ValuesIn(types), name_of);

const std::vector<Mistake> numbers{
    {"Above", "interval_ms: 10001\n", "f:1:14: interval_ms: 10001 is out of range: 10..10000 ms"},
    {"Below", "box: {floor_dbm: -1}\n", "f:1:18: box.floor_dbm: -1 is out of range: 0..30 dBm"},
    {"AboveOrWord", "box: {ceiling_dbm: 37}\n",
     "f:1:20: box.ceiling_dbm: 37 is out of range: 0..36 dBm or 'auto'"},
    {"Overflow", "journal: {budget_bytes: 99999999999999999999}\n",
     "f:1:25: journal.budget_bytes: '99999999999999999999' is out of range: "
     "65536..1099511627776 bytes"},
    {"HugeExponent", "interval_ms: 1e300\n",
     "f:1:14: interval_ms: '1e300' is out of range: 10..10000 ms"},
    {"FractionOfDbm", "box: {floor_dbm: 1.5}\n",
     "f:1:18: box.floor_dbm: 1.5 is not a whole number of dBm: mac80211 takes whole dBm only"},
    {"FractionOfMs", "interval_ms: 50.5\n",
     "f:1:14: interval_ms: 50.5 is not a whole number of ms"},
    {"Hexadecimal", "interval_ms: 0x20\n",
     "f:1:14: interval_ms: '0x20' is not a number: decimal digits only, no unit, no leading 0"},
    {"Octal", "interval_ms: 050\n",
     "f:1:14: interval_ms: '050' is not a number: decimal digits only, no unit, no leading 0"},
    {"Unit", "interval_ms: 50 ms\n",
     "f:1:14: interval_ms: '50 ms' is not a number: decimal digits only, no unit, no leading 0"},
    {"Underscores", "journal: {budget_bytes: 8_388_608}\n",
     "f:1:25: journal.budget_bytes: '8_388_608' is not a number: decimal digits only, no unit, no "
     "leading 0"},
    {"Plus", "interval_ms: +50\n",
     "f:1:14: interval_ms: '+50' is not a number: decimal digits only, no unit, no leading 0"},
    {"Word", "interval_ms: often\n", "f:1:14: interval_ms: 'often' is not a whole number of ms"},
    {"WordSlip", "box: {ceiling_dbm: Auto}\n",
     "f:1:20: box.ceiling_dbm: 'Auto' is not a whole number of dBm or 'auto' (did you mean "
     "'auto'?)"},
    {"Quoted", "interval_ms: \"50\"\n",
     "f:1:14: interval_ms: '50' is a string: leave the quotes off"},
    {"ShareZero", "descend: {keep: 0}\n",
     "f:1:17: descend.keep: 0 is out of range: a share above 0, up to 1 (90 % is 0.9)"},
    {"SharePercent", "descend: {keep: 90}\n",
     "f:1:17: descend.keep: 90 is out of range: a share above 0, up to 1 (90 % is 0.9)"},
    {"ShareNan", "descend: {keep: .nan}\n",
     "f:1:17: descend.keep: '.nan' is not a number such as 0.9"},
    {"ShareInfinite", "descend: {keep: .inf}\n",
     "f:1:17: descend.keep: '.inf' is not a number such as 0.9"},
    {"ShareOverflow", "descend: {keep: 1e999}\n",
     "f:1:17: descend.keep: '1e999' is out of range: a share above 0, up to 1 (90 % is 0.9)"},
    {"ShareQuoted", "descend: {keep: '0.9'}\n",
     "f:1:17: descend.keep: '0.9' is a string: leave the quotes off"},
};
INSTANTIATE_TEST_SUITE_P(Numbers, OneMistake, testing::ValuesIn(numbers), name_of);

const std::vector<Mistake> words{
    {"PolicySlip", "policy: desend\n",
     "f:1:9: policy: 'desend' is none of anchor, descend, fixed (did you mean 'descend'?)"},
    {"PolicyUnknown", "policy: turbo\n",
     "f:1:9: policy: 'turbo' is none of anchor, descend, fixed"},
    {"LevelBeginning", "log: {level: warning}\n",
     "f:1:14: log.level: 'warning' is none of trace, debug, info, warn, error (did you mean "
     "'warn'?)"},
    {"Escapes", "policy: \"\\e[2J\"\n", "f:1:9: policy: '?[2J' is none of anchor, descend, fixed"},
    {"Long", "policy: " + std::string(100, 'x') + "\n",
     "f:1:9: policy: '" + std::string(39, 'x') + "...' is none of anchor, descend, fixed"},
    {"Yes", "dry_run: yes\n", "f:1:10: dry_run: 'yes' is neither true nor false"},
    {"CapitalTrue", "dry_run: True\n", "f:1:10: dry_run: 'True' is neither true nor false"},
    {"One", "dry_run: 1\n", "f:1:10: dry_run: '1' is neither true nor false"},
    {"QuotedTrue", "dry_run: \"true\"\n",
     "f:1:10: dry_run: 'true' is a string: leave the quotes off"},
};
INSTANTIATE_TEST_SUITE_P(Words, OneMistake, testing::ValuesIn(words), name_of);

const std::vector<Mistake> strings{
    {"NoInterfaces", "interfaces: []\n",
     "f:1:13: interfaces: an empty list: write auto for every AP interface"},
    {"OneInterface", "interfaces: wlan0\n",
     "f:1:13: interfaces: 'wlan0' is neither auto nor a list: interfaces: [wlan0]"},
    {"AutoInAList", "interfaces: [wlan0, auto]\n",
     "f:1:21: interfaces: 'auto' stands alone, not in a list: interfaces: auto"},
    {"LongInterface", "interfaces:\n  - wlan0\n  - sixteen--letters\n",
     "f:3:5: interfaces: 'sixteen--letters' is longer than 15 characters"},
    {"SlashInInterface", "interfaces: [wlan/0]\n",
     "f:1:14: interfaces: 'wlan/0' cannot be an interface: white space, '/' and ':' are not "
     "allowed"},
    {"SpaceInInterface", "interfaces: [wlan 0]\n",
     "f:1:14: interfaces: 'wlan 0' cannot be an interface: white space, '/' and ':' are not "
     "allowed"},
    {"TabInInterface", "interfaces: [\"wlan\\t0\"]\n",
     "f:1:14: interfaces: 'wlan?0' cannot be an interface: white space, '/' and ':' are not "
     "allowed"},
    {"DotInterface", "interfaces: [..]\n",
     "f:1:14: interfaces: '..' cannot be an interface: white space, '/' and ':' are not allowed"},
    {"EmptyInterface", "interfaces: ['']\n", "f:1:14: interfaces: an empty interface name"},
    {"InterfaceTwice", "interfaces: [a, b, a]\n", "f:1:20: interfaces: 'a' is listed twice"},
    {"NullInterface", "interfaces: [~]\n",
     "f:1:13: interfaces: found nothing in the list, expected interface names"},
    {"RelativePath", "journal: {path: journal.jsonl}\n",
     "f:1:17: journal.path: 'journal.jsonl' is not an absolute path (a daemon has no working "
     "directory)"},
    {"CollectorByName", "traffic: {flows: {export: localhost:4739}}\n",
     "f:1:27: traffic.flows.export: 'localhost:4739' is neither none nor an address with a port: "
     "127.0.0.1:4739"},
    {"NoDaySpan", "auto_between: ['02:00-05:00', '3-4']\n",
     "f:1:31: auto_between: '3-4' is no part of the day such as 02:00-05:00 (00:00 to 23:59, and "
     "not as long as nothing)"},
    {"NeverOpen", "auto_between: []\n",
     "f:1:15: auto_between: an empty list: write always for no change window"},
    {"DaySpanAlone", "auto_between: '02:00-05:00'\n",
     "f:1:15: auto_between: '02:00-05:00' is neither always nor a list: auto_between: "
     "[02:00-05:00]"},
    {"RecommendWithoutAProposer", "policy: descend\nmode: recommend\n",
     "f:2:7: mode: descend can only try levels, so it has nothing to recommend: policy: anchor"},
    {"RecommendForStations", "power_path: station\nmode: recommend\n",
     "f:2:7: mode: recommend approves one level for a radio or an interface, and power_path is "
     "station"},
    {"ListenByName", "http: {listen: localhost:9478}\n",
     "f:1:16: http.listen: 'localhost:9478' is neither none nor an address with a port: "
     "127.0.0.1:9478"},
    {"ListenToOthers", "http: {listen: '192.0.2.1:9478'}\n",
     "f:1:16: http.listen: '192.0.2.1:9478' can be reached by other machines, which need no "
     "password to read it: set http.allow_remote: true if that is wanted"},
    {"ControlFromOthers", "http: {listen: '192.0.2.1:9478', allow_remote: true, control: true}\n",
     "f:1:63: http.control: '192.0.2.1:9478' can be reached by other machines, and the token would "
     "cross the network in clear: listen at a loopback address, and come through a tunnel"},
    {"ListenToAll", "http: {listen: '[::]:9478'}\n",
     "f:1:16: http.listen: '[::]:9478' can be reached by other machines, which need no password "
     "to read it: set http.allow_remote: true if that is wanted"},
    {"TextfileThatNobodyReads", "metrics: {textfile: /tmp/metrics.txt}\n",
     "f:1:21: metrics.textfile: '/tmp/metrics.txt' does not end in .prom, and node_exporter reads "
     "no other file"},
    {"TextfileInTheJournalsPlace",
     "journal: {path: /tmp/j.prom}\nmetrics: {textfile: /tmp/j.prom}\n",
     "f:2:21: metrics.textfile: that is the journal's path"},
    {"RelativeTextfile", "metrics: {textfile: m.prom}\n",
     "f:1:21: metrics.textfile: 'm.prom' is not an absolute path (a daemon has no working "
     "directory)"},
    {"NoGroup", "control: {group: 'a b'}\n",
     "f:1:18: control.group: 'a b' is no name of a group: a letter, then letters, digits, '_', "
     "'-', "
     "'.'"},
    {"NoRoomForFlows", "traffic: {flows: {most: 1}}\n",
     "f:1:25: traffic.flows.most: 1 is out of range: 16..16384 flows"},
    {"NeitherRuleNorTable", "traffic: {classifier: trees.csv}\n",
     "f:1:23: traffic.classifier: 'trees.csv' is neither rule nor the absolute path of a table"},
    {"TableThatEnds", "traffic: {classifier: 'pianissimo-classifier,1;window_ms,500'}\n",
     "f:1:23: traffic.classifier: the table: ends before its line "
     "'node,feature,at_most,then,else,class'"},
    {"EmptyPath", "journal: {path: ''}\n", "f:1:17: journal.path: an empty path"},
    {"Folder", "journal: {path: /run/}\n", "f:1:17: journal.path: '/run/' is a folder, not a file"},
    {"LongPath", "journal: {path: /" + std::string(4095, 'p') + "}\n",
     "f:1:17: journal.path: a path longer than 4095 bytes"},
    {"ZeroInPath", "journal: {path: \"/a\\0b\"}\n",
     "f:1:17: journal.path: a path with a control character, or not UTF-8"},
};
INSTANTIATE_TEST_SUITE_P(Strings, OneMistake, testing::ValuesIn(strings), name_of);

const std::vector<Mistake> box{
    {"FloorAboveCeiling", "box:\n  ceiling_dbm: 10\n  floor_dbm: 11\n",
     "f:2:16: box.ceiling_dbm: 10 dBm is below the floor, 11 dBm"},
    {"CeilingBelowTheDefaultFloor", "box: {ceiling_dbm: 0}\n",
     "f:1:20: box.ceiling_dbm: 0 dBm is below the floor, 1 dBm"},
};
INSTANTIATE_TEST_SUITE_P(Box, OneMistake, testing::ValuesIn(box), name_of);

std::string nested(int depth) {
  return std::string(static_cast<std::size_t>(depth), '[') +
         std::string(static_cast<std::size_t>(depth), ']');
}

const std::vector<Mistake> text{
    {"Alias", "box: &b {floor_dbm: 1}\nlog: *b\n",
     "f:1:6: anchors and aliases (&name, *name) are not used here"},
    {"Tag", "interval_ms: !!int 50\n", "f:1:14: tags (!name) are not used here"},
    {"Directive", "dry_run: true\n%interval_ms: 20\n",
     "f:2:1: directives (%NAME) are not used here"},
    {"SecondDocument", "policy: fixed\n---\npolicy: descend\n",
     "f:2:1: text after the end of the first YAML document"},
    {"Deep", nested(9), "f:1:9: nested too deeply"},
    {"VeryDeep", nested(30'000), "f:1:9: nested too deeply"},
    {"NotUtf8", "# gr\xFC\xDF\n", "f:1:5: not UTF-8"},
    {"Utf16", std::string("\xFF\xFEp\0", 4), "f:1:1: not UTF-8"},
    {"EndOfTransmission", "policy: fixed\n# \x04\n", "f:2:3: a control character"},
    {"Zero", std::string("a\0b", 3), "f:1:2: a control character"},
    {"CarriageReturn", "policy: fixed\rdry_run: true", "f:1:14: a control character"},
    {"Long", std::string(65'537, '#'), "f: longer than 65536 bytes"},
};
INSTANTIATE_TEST_SUITE_P(Text, OneMistake, testing::ValuesIn(text), name_of);

TEST(Errors, ComeAllAtOnceInTheOrderOfTheLines) {
  EXPECT_THAT(
      errors_of("policy: turbo\n"
                "box:\n"
                "  flor_dbm: 3\n"
                "  ceiling_dbm: 99\n"
                "interfaces: []\n"),
      testing::ElementsAre("f:1:9: policy: 'turbo' is none of anchor, descend, fixed",
                           "f:3:3: box.flor_dbm: unknown key (did you mean 'floor_dbm'?)",
                           "f:4:16: box.ceiling_dbm: 99 is out of range: 0..36 dBm or 'auto'",
                           "f:5:13: interfaces: an empty list: write auto for every AP interface"));
}

TEST(Errors, OfAListSayEachItem) {
  EXPECT_THAT(errors_of("interfaces: [a/b, ok, ok]\n"),
              testing::ElementsAre(testing::StartsWith("f:1:14: interfaces: 'a/b' cannot be"),
                                   "f:1:23: interfaces: 'ok' is listed twice"));
}

// The wording is yaml-cpp's.
TEST(Errors, OfSyntaxHaveAPlace) {
  EXPECT_THAT(errors_of("policy: fixed\nbox: {floor_dbm: 1\n"),
              testing::ElementsAre(testing::StartsWith("f:2:1: not YAML: ")));
  EXPECT_THAT(errors_of("journal:\n  path: '/j\n"),
              testing::ElementsAre(testing::StartsWith("f:2:12: not YAML: ")));
  EXPECT_THAT(errors_of("policy: \"fixed\n"),
              testing::ElementsAre(testing::StartsWith("f:1:15: not YAML: ")));
  EXPECT_THAT(errors_of("policy: fixed: x\n"),
              testing::ElementsAre(testing::StartsWith("f:1:14: ")));
}

TEST(Errors, OfSyntaxCanBeShownWhateverYamlCppQuotes) {
  // It quotes byte 4, its own sign for the end of the text.
  const std::vector<std::string> errors = errors_of("[\"[\\");

  ASSERT_EQ(errors.size(), 1u);
  EXPECT_TRUE(std::ranges::all_of(errors[0], [](char c) { return c >= ' '; })) << errors[0];
}

TEST(Errors, OfATabSayThatSpacesAreWanted) {
  EXPECT_THAT(errors_of("box:\n\tfloor_dbm: 1\n"),
              testing::ElementsAre(testing::AllOf(testing::StartsWith("f:2:"),
                                                  testing::HasSubstr("spaces, not tabs"))));
}

// What once hung or crashed releases of yaml-cpp ends here.
TEST(Errors, EndOnTextsThatYamlCppHasStumbledOver) {
  for (const char* yaml : {"[:", "{:", "[[:", "> !2", ">\n!", "!\n: |\nb\n>\n|\n  !\n>", "]", "}",
                           "? ? ? :", "%", "%TAG", "&", "*", "- - - -\n:", "key: [a,\n- b"}) {
    EXPECT_FALSE(errors_of(yaml).empty()) << yaml;
  }
}

/// One value below and one above each range, or a word that is none.
std::vector<std::string> bad_values(const Shape& shape) {
  if (const auto* whole = std::get_if<Whole>(&shape)) {
    return {std::to_string(whole->min - 1), std::to_string(whole->max + 1), "1.5", "nonsense"};
  }
  if (std::holds_alternative<Share>(shape)) return {"0", "-0.1", "1.0001", "nonsense"};
  if (std::holds_alternative<Group>(shape)) return {"-g", "[]", "7"};
  return {"nonsense", "[]", "7"};
}

/// "log: {level: info}" of "log.level" and "info".
std::string yaml_of(std::string_view key, const std::string& value) {
  const std::size_t dot = key.find('.');
  if (dot == key.npos) return std::string{key} + ": " + value;
  return std::string{key.substr(0, dot)} + ": {" + yaml_of(key.substr(dot + 1), value) + "}";
}

TEST(Errors, EveryKeyRefusesWhatIsOutOfItsRange) {
  for (const Parameter& parameter : parameters()) {
    for (const std::string& value : bad_values(parameter.shape)) {
      const std::string yaml = yaml_of(parameter.key, value);

      const auto parsed = parse_config(yaml);

      const auto* errors = std::get_if<std::vector<ConfigError>>(&parsed);
      ASSERT_NE(errors, nullptr) << yaml;
      ASSERT_EQ(errors->size(), 1U) << yaml;
      EXPECT_EQ(errors->front().key, parameter.key) << yaml;
      EXPECT_EQ(errors->front().line, 1) << yaml;
    }
  }
}

}  // namespace
}  // namespace pianissimo
