// What values are good: the ranges of the table, and the rules between parameters.
#include <algorithm>
#include <array>
#include <charconv>
#include <set>
#include <utility>

#include "config/classifier.hpp"
#include "config/parameters.hpp"
#include "config/suggest.hpp"
#include "config/utf8.hpp"

namespace pianissimo {
namespace {

template <class... F>
struct Overloaded : F... {
  using F::operator()...;
};
template <class... F>
Overloaded(F...) -> Overloaded<F...>;

constexpr std::size_t max_interface_bytes = 15;  // IFNAMSIZ counts the final 0

bool has_control(std::string_view text) {
  while (!text.empty()) {
    const std::size_t length = utf8_length(text);
    if (length == 0 || is_control(text.substr(0, length))) return true;
    text.remove_prefix(length);
  }
  return false;
}

std::string quoted_words(std::span<const std::string_view> words) {
  std::string out;
  for (const std::string_view word : words) out += " or '" + std::string{word} + "'";
  return out;
}

/// Why Linux would not have it (dev_valid_name()), or we would not.
std::string wrong_with_interface(std::string_view name) {
  if (name.empty()) return "an empty interface name";
  const std::string start = shown(name);
  if (name == "auto") return "'auto' stands alone, not in a list: interfaces: auto";
  if (name.size() > max_interface_bytes) return start + " is longer than 15 characters";
  // Linux also refuses byte 0xA0, white space in Latin-1, wherever in UTF-8 it stands.
  const auto forbidden = [](char c) { return c == ' ' || c == '/' || c == ':' || c == '\xA0'; };
  if (name == "." || name == ".." || std::any_of(name.begin(), name.end(), forbidden) ||
      has_control(name)) {
    return start + " cannot be an interface: white space, '/' and ':' are not allowed";
  }
  return {};
}

std::vector<Fault> wrong_interfaces(const std::vector<std::string>& names) {
  if (names.empty()) return {{.message = "an empty list: write auto for every AP interface"}};
  std::vector<Fault> out;
  std::set<std::string_view> seen;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (std::string wrong = wrong_with_interface(names[i]); !wrong.empty()) {
      out.push_back({.item = i, .message = std::move(wrong)});
    } else if (!seen.insert(names[i]).second) {
      out.push_back({.item = i, .message = shown(names[i]) + " is listed twice"});
    }
  }
  return out;
}

std::string wrong_path(std::string_view path, const Path& shape = {}) {
  if (shape.may_be_none && path == "none") return {};
  if (path.empty()) return "an empty path";
  if (path.size() > max_path_bytes) return "a path longer than 4095 bytes";
  if (has_control(path)) return "a path with a control character, or not UTF-8";
  if (!path.starts_with('/')) {
    return shown(path) + " is not an absolute path (a daemon has no working directory)";
  }
  if (path.ends_with('/')) return shown(path) + " is a folder, not a file";
  return {};
}

std::string wrong_classifier(std::string_view text) {
  if (text == rule_word) return {};
  if (text.starts_with(classifier_mark)) {
    const auto parsed = parse_classifier(text);
    const auto* const error = std::get_if<ClassifierError>(&parsed);
    if (error == nullptr) return {};
    const std::string where = error->line > 0 ? "line " + std::to_string(error->line) + " of " : "";
    return where + "the table: " + error->message;
  }
  if (text.starts_with('/')) return wrong_path(text);
  return shown(text) + " is neither rule nor the absolute path of a table";
}

std::string number(double value) {
  std::array<char, 32> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
  return {text.data(), end};
}

std::string wrong_whole(const Whole& whole, const Value& value) {
  if (const auto* n = std::get_if<std::int64_t>(&value)) {
    if (whole.min <= *n && *n <= whole.max) return {};
    return std::to_string(*n) + " is out of range: " + range_text(whole);
  }
  if (const auto* d = std::get_if<double>(&value)) {
    return number(*d) + " is not a whole number of " + std::string{whole.unit} +
           (whole.unit == "dBm" ? ": mac80211 takes whole dBm only" : "");
  }
  const auto& word = std::get<std::string>(value);
  if (std::find(whole.words.begin(), whole.words.end(), word) != whole.words.end()) return {};
  return shown(word) + " is not a whole number of " + std::string{whole.unit} +
         quoted_words(whole.words) + did_you_mean(closest(word, whole.words));
}

std::string wrong_share(const Value& value) {
  const double share = std::get<double>(value);
  if (share > 0 && share <= 1) return {};
  return number(share) + " is out of range: " + range_text(Share{});
}

std::string wrong_choice(const Choice& choice, const Value& value) {
  const auto& name = std::get<std::string>(value);
  if (std::find(choice.names.begin(), choice.names.end(), name) != choice.names.end()) return {};
  return shown(name) + " is none of " + joined(choice.names) +
         did_you_mean(closest(name, choice.names));
}

std::vector<Fault> wrong_spans(const std::vector<std::string>& spans) {
  constexpr std::size_t most = 16;
  if (spans.empty()) return {{.message = "an empty list: write always for no change window"}};
  std::vector<Fault> out;
  if (spans.size() > most)
    out.push_back({.item = most, .message = "more than 16 parts of the day"});
  for (std::size_t i = 0; i < spans.size(); ++i) {
    if (parse_day_span(spans[i])) continue;
    out.push_back({.item = i,
                   .message = shown(spans[i]) +
                              " is no part of the day such as 02:00-05:00 (00:00 to 23:59, and not "
                              "as long as nothing)"});
  }
  return out;
}

std::string wrong_address(std::string_view text, const Address& shape) {
  if (text == "none" || parse_endpoint(text)) return {};
  return shown(text) + " is neither none nor an address with a port: " + std::string{shape.example};
}

std::string wrong_group(std::string_view name) {
  const auto is_letter = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  };
  const auto is_good = [&](char c) {
    return is_letter(c) || (c >= '0' && c <= '9') || c == '-' || c == '.';
  };
  const bool is_name = !name.empty() && name.size() <= 32 && is_letter(name.front()) &&
                       std::all_of(name.begin(), name.end(), is_good);
  if (is_name) return {};
  return shown(name) + " is no name of a group: a letter, then letters, digits, '_', '-', '.'";
}

std::vector<Fault> one(std::string message) {
  if (message.empty()) return {};
  return {{.message = std::move(message)}};
}

}  // namespace

std::string range_text(const Shape& shape) {
  return std::visit(
      Overloaded{
          [](const Whole& w) {
            return std::to_string(w.min) + ".." + std::to_string(w.max) + " " +
                   std::string{w.unit} + quoted_words(w.words);
          },
          [](const Share&) { return std::string{"a share above 0, up to 1 (90 % is 0.9)"}; },
          [](const Choice& c) { return joined(c.names); },
          [](const Flag&) { return std::string{"true, false"}; },
          [](const Path& p) {
            return std::string{p.may_be_none ? "none, or an absolute path" : "an absolute path"};
          },
          [](const Classifier&) { return std::string{"rule, or the absolute path of a table"}; },
          [](const InterfaceList&) { return std::string{"auto, or a list of interface names"}; },
          [](const DaySpans&) {
            return std::string{"always, or a list of local times (02:00-05:00)"};
          },
          [](const Address& a) {
            const std::string example{a.example};
            return "none, or an address and a port (" + example + ", [::1]" +
                   example.substr(example.rfind(':')) + ")";
          },
          [](const Group&) { return std::string{"the name of a group"}; }},
      shape);
}

std::vector<Fault> faults(const Shape& shape, const Value& value) {
  return std::visit(
      Overloaded{
          [&](const Whole& whole) { return one(wrong_whole(whole, value)); },
          [&](const Share&) { return one(wrong_share(value)); },
          [&](const Choice& choice) { return one(wrong_choice(choice, value)); },
          [&](const Flag&) { return std::vector<Fault>{}; },
          [&](const Path& path) { return one(wrong_path(std::get<std::string>(value), path)); },
          [&](const Classifier&) { return one(wrong_classifier(std::get<std::string>(value))); },
          [&](const InterfaceList&) {
            const auto* names = std::get_if<std::vector<std::string>>(&value);
            if (names != nullptr) return wrong_interfaces(*names);
            const auto& word = std::get<std::string>(value);
            if (word == "auto") return std::vector<Fault>{};
            return one(shown(word) + " is neither auto nor a list: interfaces: [wlan0]");
          },
          [&](const DaySpans&) {
            const auto* spans = std::get_if<std::vector<std::string>>(&value);
            if (spans != nullptr) return wrong_spans(*spans);
            const auto& word = std::get<std::string>(value);
            if (word == "always") return std::vector<Fault>{};
            return one(shown(word) + " is neither always nor a list: auto_between: [02:00-05:00]");
          },
          [&](const Address& address) {
            return one(wrong_address(std::get<std::string>(value), address));
          },
          [&](const Group&) { return one(wrong_group(std::get<std::string>(value))); }},
      shape);
}

std::vector<ConfigError> cross_faults(const Config& config) {
  std::vector<ConfigError> errors;
  const BoxParams& box = config.box;
  if (box.ceiling && *box.ceiling < box.floor) {
    errors.push_back({.key = "box.ceiling_dbm",
                      .message = number(box.ceiling->value()) + " dBm is below the floor, " +
                                 number(box.floor.value()) + " dBm"});
  }
  if (config.mode == Mode::recommend && config.policy == PolicyName::descend) {
    errors.push_back({.key = "mode",
                      .message = "descend can only try levels, so it has nothing to recommend: "
                                 "policy: anchor"});
  }
  if (config.mode == Mode::recommend && config.power_path == PowerPath::station) {
    errors.push_back({.key = "mode",
                      .message = "recommend approves one level for a radio or an interface, and "
                                 "power_path is station"});
  }
  const auto listen = parse_endpoint(config.http.listen);
  if (listen && !is_loopback(*listen) && !config.http.allow_remote) {
    errors.push_back({.key = "http.listen",
                      .message = shown(config.http.listen) +
                                 " can be reached by other machines, which need no password to "
                                 "read it: set http.allow_remote: true if that is wanted"});
  }
  if (listen && !is_loopback(*listen) && config.http.control) {
    errors.push_back({.key = "http.control",
                      .message = shown(config.http.listen) +
                                 " can be reached by other machines, and the token would cross the "
                                 "network in clear: listen at a loopback address, and come through "
                                 "a tunnel"});
  }
  const std::string& textfile = config.metrics.textfile;
  if (!textfile.empty() && !textfile.ends_with(".prom")) {
    errors.push_back({.key = "metrics.textfile",
                      .message = shown(textfile) +
                                 " does not end in .prom, and node_exporter reads no other file"});
  } else if (!textfile.empty() && textfile == config.journal.path) {
    errors.push_back({.key = "metrics.textfile", .message = "that is the journal's path"});
  }
  return errors;
}

std::vector<ConfigError> validate(const Config& config) {
  std::vector<ConfigError> errors;
  for (const Parameter& parameter : parameters()) {
    for (Fault& fault : faults(parameter.shape, parameter.get(config))) {
      errors.push_back({.key = std::string{parameter.key}, .message = std::move(fault.message)});
    }
  }
  for (ConfigError& error : cross_faults(config)) errors.push_back(std::move(error));
  return errors;
}

}  // namespace pianissimo
