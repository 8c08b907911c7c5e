#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <system_error>
#include <tuple>
#include <utility>

#include "config/json.hpp"
#include "config/parameters.hpp"
#include "config/suggest.hpp"
#include "config/yaml_tree.hpp"

namespace pianissimo {
namespace {

using yaml::Node;
using yaml::Place;

/// A value, or why there is none.
using Reading = std::variant<Value, std::string>;
Reading bad(std::string message) { return Reading{std::in_place_index<1>, std::move(message)}; }
Reading good(Value value) { return Reading{std::in_place_index<0>, std::move(value)}; }

const char* what(const Node& node) {
  switch (node.kind) {
    case Node::Kind::null:
      return "nothing";
    case Node::Kind::scalar:
      return "a single value";
    case Node::Kind::list:
      return "a list";
    case Node::Kind::map:
      return "a map";
  }
  return "";
}

enum class Number { none, whole, fraction };

/// JSON's numbers and no others. YAML's readers disagree about the rest: 010 is ten or eight, 1_000
/// a number or a string, 1:30 ninety.
Number number_kind(std::string_view text) {
  const auto digits = [&text] {
    const std::size_t n = std::min(text.find_first_not_of("0123456789"), text.size());
    text.remove_prefix(n);
    return n;
  };
  if (text.starts_with('-')) text.remove_prefix(1);
  const bool zero = text.starts_with('0');
  const std::size_t before_point = digits();
  if (before_point == 0 || (zero && before_point > 1)) return Number::none;
  Number kind = Number::whole;
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    if (digits() == 0) return Number::none;
    kind = Number::fraction;
  }
  if (text.starts_with('e') || text.starts_with('E')) {
    text.remove_prefix(1);
    if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
    if (digits() == 0) return Number::none;
    kind = Number::fraction;
  }
  return text.empty() ? kind : Number::none;
}

bool looks_like_number(std::string_view text) {
  return text.find_first_of("0123456789") < 2;  // also -5, +5 and .5
}

template <class N>
std::optional<N> number(std::string_view text) {
  N value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

Reading out_of_range(const Node& node, const Shape& shape) {
  return bad(shown(node.text) + " is out of range: " + range_text(shape));
}

Reading read_scalar(const Node& node, const Whole& whole) {
  const auto& words = whole.words;
  const bool is_word = std::find(words.begin(), words.end(), node.text) != words.end();
  if (is_word) return good(node.text);
  if (node.quoted) return bad(shown(node.text) + " is a string: leave the quotes off");
  switch (number_kind(node.text)) {
    case Number::whole:
      if (const auto value = number<std::int64_t>(node.text)) return good(*value);
      return out_of_range(node, whole);
    case Number::fraction: {
      const auto value = number<double>(node.text);
      if (!value || std::abs(*value) > 9e15) return out_of_range(node, whole);
      const auto truncated = static_cast<std::int64_t>(*value);
      if (static_cast<double>(truncated) == *value) return good(truncated);  // 10.0, as in JSON
      return good(*value);  // faults() says why not
    }
    case Number::none:
      break;
  }
  if (!looks_like_number(node.text)) {
    const auto wrong = faults(whole, node.text);
    return bad(wrong.front().message);
  }
  return bad(shown(node.text) + " is not a number: decimal digits only, no unit, no leading 0");
}

Reading read_scalar(const Node& node, const Share& share) {
  if (node.quoted) return bad(shown(node.text) + " is a string: leave the quotes off");
  if (number_kind(node.text) == Number::none) {
    return bad(shown(node.text) + " is not a number such as 0.9");
  }
  if (const auto value = number<double>(node.text)) return good(*value);
  return out_of_range(node, share);
}

/// YAML 1.1 took yes, on and y for true; YAML 1.2 takes them for strings.
Reading read_scalar(const Node& node, const Flag&) {
  if (node.quoted) return bad(shown(node.text) + " is a string: leave the quotes off");
  if (node.text == "true" || node.text == "false") return good(node.text == "true");
  return bad(shown(node.text) + " is neither true nor false");
}

Reading read_scalar(const Node& node, const Choice&) { return good(node.text); }
Reading read_scalar(const Node& node, const Path&) { return good(node.text); }
Reading read_scalar(const Node& node, const Classifier&) { return good(node.text); }
Reading read_scalar(const Node& node, const InterfaceList&) { return good(node.text); }
Reading read_scalar(const Node& node, const DaySpans&) { return good(node.text); }
Reading read_scalar(const Node& node, const Address&) { return good(node.text); }
Reading read_scalar(const Node& node, const Group&) { return good(node.text); }

class Reader {
 public:
  std::variant<Config, std::vector<ConfigError>> read(const Node& root) {
    if (root.kind == Node::Kind::map) {
      read_section(root, "");
    } else if (root.kind != Node::Kind::null) {
      add(root.at, "", std::string{"expected keys such as policy, found "} + what(root));
    }
    check_across();
    if (errors_.empty()) return std::move(config_);
    const auto where = [](const ConfigError& e) { return std::tie(e.line, e.column); };
    std::stable_sort(errors_.begin(), errors_.end(),
                     [&](const auto& a, const auto& b) { return where(a) < where(b); });
    return std::move(errors_);
  }

 private:
  void add(Place at, std::string_view key, std::string message) {
    errors_.push_back({at.line, at.column, std::string{key}, std::move(message)});
  }

  void read_section(const Node& map, std::string_view section) {
    const std::vector<Child> children = children_of(section);
    std::map<std::string_view, Place> seen;
    for (const auto& [key, value] : map.entries) {
      if (key.kind != Node::Kind::scalar) {
        add(key.at, section, std::string{"a key is a word, not "} + what(key));
        continue;
      }
      if (const auto [first, fresh] = seen.emplace(key.text, key.at); !fresh) {
        add(key.at, path(section, key.text),
            "duplicate key (first in line " + std::to_string(first->second.line) + ")");
        continue;
      }
      const auto child = std::find_if(children.begin(), children.end(),
                                      [&k = key](const Child& c) { return c.name == k.text; });
      if (child == children.end()) {
        add(key.at, path(section, key.text), "unknown key" + suggestion(key.text, children));
      } else if (child->parameter != nullptr) {
        read_parameter(key, value, *child->parameter);
      } else if (value.kind == Node::Kind::map) {
        read_section(value, child->path);
      } else if (value.kind != Node::Kind::null) {  // all its keys commented out: defaults
        add(value.at, child->path,
            "expected the keys " + joined(names(children_of(child->path))) + ", found " +
                what(value));
      }
    }
  }

  void read_parameter(const Node& key, const Node& value, const Parameter& parameter) {
    if (value.kind == Node::Kind::null) {
      std::string default_text;
      append_json(default_text, parameter.get(Config{}));
      add(key.at, parameter.key,
          "no value (leave the key out for the default, " + default_text + ")");
      return;
    }
    const Reading reading = read_value(value, parameter.shape);
    if (const auto* wrong = std::get_if<1>(&reading)) {
      add(value.at, parameter.key, *wrong);
      return;
    }
    const Value& read = std::get<0>(reading);
    const std::vector<Fault> wrong = faults(parameter.shape, read);
    for (const Fault& fault : wrong) {
      add(fault.item < value.items.size() ? value.items[fault.item].at : value.at, parameter.key,
          fault.message);
    }
    if (!wrong.empty()) return;
    parameter.set(config_, read);
    places_[parameter.key] = value.at;
  }

  static Reading read_value(const Node& node, const Shape& shape) {
    if (node.kind == Node::Kind::list && std::holds_alternative<InterfaceList>(shape)) {
      return read_list(node, "interface names");
    }
    if (node.kind == Node::Kind::list && std::holds_alternative<DaySpans>(shape)) {
      return read_list(node, "parts of the day");
    }
    if (node.kind != Node::Kind::scalar) {
      return bad(std::string{"found "} + what(node) + ", expected " + range_text(shape));
    }
    return std::visit([&](const auto& s) { return read_scalar(node, s); }, shape);
  }

  static Reading read_list(const Node& list, const std::string& of_what) {
    std::vector<std::string> names;
    for (const Node& item : list.items) {
      if (item.kind != Node::Kind::scalar) {
        return bad(std::string{"found "} + what(item) + " in the list, expected " + of_what);
      }
      names.push_back(item.text);
    }
    return good(std::move(names));
  }

  /// The rules between keys say nothing new when one of them is wrong by itself.
  void check_across() {
    if (!errors_.empty()) return;
    for (ConfigError& error : cross_faults(config_)) {
      const auto place = places_.find(error.key);
      add(place == places_.end() ? Place{} : place->second, error.key, std::move(error.message));
    }
  }

  static std::string path(std::string_view section, std::string_view name) {
    const std::string quoted = shown(name);
    const std::string bare = quoted.substr(1, quoted.size() - 2);
    return section.empty() ? bare : std::string{section} + "." + bare;
  }

  static std::vector<std::string_view> names(const std::vector<Child>& children) {
    std::vector<std::string_view> out;
    for (const Child& child : children) out.push_back(child.name);
    return out;
  }

  /// A slip of a key here, or a key that stands elsewhere.
  static std::string suggestion(std::string_view wrong, const std::vector<Child>& here) {
    if (const auto near = closest(wrong, names(here)); !near.empty()) return did_you_mean(near);
    for (const Parameter& parameter : parameters()) {
      for (std::size_t end = 0; end < parameter.key.size(); ++end) {
        end = std::min(parameter.key.find('.', end), parameter.key.size());
        const std::string_view candidate = parameter.key.substr(0, end);
        if (candidate.substr(candidate.rfind('.') + 1) == wrong) return did_you_mean(candidate);
      }
    }
    return {};
  }

  Config config_;
  std::map<std::string_view, Place> places_;
  std::vector<ConfigError> errors_;
};

}  // namespace

std::string to_string(const ConfigError& error, std::string_view file) {
  std::string out{file};
  if (error.line > 0) {
    out += ':' + std::to_string(error.line) + ':' + std::to_string(error.column);
  }
  if (!error.key.empty()) out += ": " + error.key;
  return out + ": " + error.message;
}

std::variant<Config, std::vector<ConfigError>> parse_config(std::string_view yaml) {
  const auto tree = yaml::read_tree(yaml);
  if (const auto* error = std::get_if<ConfigError>(&tree)) return std::vector{*error};
  return Reader{}.read(std::get<Node>(tree));
}

}  // namespace pianissimo
