#include <string>
#include <string_view>

#include "config/classifier.hpp"
#include "config/json.hpp"
#include "config/parameters.hpp"

namespace pianissimo {
namespace {

std::string quoted(std::string_view text) {
  std::string out;
  append_json(out, text);
  return out;
}

std::string names_schema(std::span<const std::string_view> names) {
  std::string out;
  for (const std::string_view name : names) out += (out.empty() ? "" : ", ") + quoted(name);
  return "\"type\": \"string\", \"enum\": [" + out + "]";
}

// What each shape allows, as the inside of a JSON object.
std::string rules(const Whole& whole) {
  const std::string number = "\"type\": \"integer\", \"minimum\": " + std::to_string(whole.min) +
                             ", \"maximum\": " + std::to_string(whole.max);
  if (whole.words.empty()) return number;
  return "\"oneOf\": [{" + number + "}, {" + names_schema(whole.words) + "}]";
}
std::string rules(const Share&) {
  return R"("type": "number", "exclusiveMinimum": 0, "maximum": 1)";
}
std::string rules(const Choice& choice) { return names_schema(choice.names); }
std::string rules(const Flag&) { return R"("type": "boolean")"; }
std::string rules(const Path& path) {
  const std::string pattern = path.may_be_none ? "^(none|/(.*[^/])?)$" : "^/(.*[^/])?$";
  return R"("type": "string", "pattern": ")" + pattern + R"(", "minLength": 2, "maxLength": )" +
         std::to_string(max_path_bytes);
}
std::string rules(const Classifier&) {
  return R"("type": "string", "pattern": "^(rule|/(.*[^/])?|pianissimo-classifier,1;.*)$", )"
         R"("maxLength": )" +
         std::to_string(max_classifier_bytes);
}
std::string rules(const InterfaceList&) {
  return R"("oneOf": [{"type": "string", "enum": ["auto"]}, {"type": "array", "minItems": 1, )"
         R"("uniqueItems": true, "items": {"type": "string", "pattern": "^[^\\s/:]{1,15}$", )"
         R"("not": {"enum": ["auto", ".", ".."]}}}])";
}
std::string rules(const DaySpans&) {
  return R"("oneOf": [{"type": "string", "enum": ["always"]}, {"type": "array", "minItems": 1, )"
         R"("maxItems": 16, "items": {"type": "string", )"
         R"("pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]-([01][0-9]|2[0-3]):[0-5][0-9]$"}}])";
}
std::string rules(const Address&) {
  return R"("type": "string", "pattern": )"
         R"("^(none|([0-9.]+|\\[[0-9A-Fa-f:.]+\\]):[1-9][0-9]{0,4})$")";
}
std::string rules(const Group&) {
  return R"("type": "string", "pattern": "^[A-Za-z_][A-Za-z0-9_.-]{0,31}$")";
}

std::string leaf(const Parameter& parameter) {
  std::string out = "{" + std::visit([](const auto& s) { return rules(s); }, parameter.shape);
  out += ", \"default\": ";
  append_json(out, parameter.get(Config{}));
  const std::string text = std::string{parameter.why} + " Range: " + range_text(parameter.shape);
  return out + ", \"description\": " + quoted(text + ".") + "}";
}

/// The inside of a section's object. A section may stand there empty, with all keys commented out.
std::string section(std::string_view path, const std::string& indent) {
  std::string out = indent + "\"type\": [\"object\", \"null\"],\n" + indent +
                    "\"additionalProperties\": false,\n" + indent + "\"properties\": {";
  std::string separator = "\n";
  for (const Child& child : children_of(path)) {
    out += separator + indent + "  " + quoted(child.name) + ": ";
    separator = ",\n";
    if (child.parameter != nullptr) {
      out += leaf(*child.parameter);
    } else {
      out += "{\n" + section(child.path, indent + "    ") + "\n" + indent + "  }";
    }
  }
  return out + "\n" + indent + "}";
}

}  // namespace

std::string schema_json() {
  return "{\n"
         "  \"$schema\": \"http://json-schema.org/draft-07/schema#\",\n"
         "  \"title\": \"Pianissimo's configuration\",\n" +
         section("", "  ") + "\n}\n";
}

}  // namespace pianissimo
