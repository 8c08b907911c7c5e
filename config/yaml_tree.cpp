#include "config/yaml_tree.hpp"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <cstddef>
#include <exception>
#include <optional>
#include <sstream>
#include <utility>

#include "config/printable.hpp"
#include "config/utf8.hpp"

namespace pianissimo::yaml {
namespace {

// Our deepest key is descend.probe.every: three maps. yaml-cpp calls itself once per level.
constexpr std::size_t max_depth = 8;

Place place(const YAML::Mark& mark) { return {.line = mark.line + 1, .column = mark.column + 1}; }

/// Good YAML, but not for us.
struct Refused : YAML::ParserException {
  using ParserException::ParserException;
};

/// Builds the tree from yaml-cpp's events. Throws as yaml-cpp itself does; read_tree() catches.
class Builder : public YAML::EventHandler {
 public:
  Node take() { return std::move(root_); }

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (documents_++ > 0) refuse(mark, "text after the end of the first YAML document");
  }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t) override {
    add({.at = place(mark), .kind = Node::Kind::null});
  }
  void OnAnchor(const YAML::Mark& mark, const std::string&) override {
    refuse(mark, "anchors and aliases (&name, *name) are not used here");
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override { OnAnchor(mark, {}); }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t,
                const std::string& text) override {
    refuse_tag(mark, tag);
    add({.at = place(mark), .kind = Node::Kind::scalar, .text = text, .quoted = tag == "!"});
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t,
                       YAML::EmitterStyle::value) override {
    open(mark, tag, Node::Kind::list);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t,
                  YAML::EmitterStyle::value) override {
    open(mark, tag, Node::Kind::map);
  }
  void OnMapEnd() override { close(); }

 private:
  struct Open {
    Node node;
    std::optional<Node> key;  ///< of a map: read, its value is next
  };

  [[noreturn]] static void refuse(const YAML::Mark& mark, const char* why) {
    throw Refused{mark, why};
  }
  /// yaml-cpp's own tags: "?" for plain, "!" for quoted.
  static void refuse_tag(const YAML::Mark& mark, const std::string& tag) {
    if (tag != "?" && tag != "!") refuse(mark, "tags (!name) are not used here");
  }
  void open(const YAML::Mark& mark, const std::string& tag, Node::Kind kind) {
    refuse_tag(mark, tag);
    if (open_.size() == max_depth) refuse(mark, "nested too deeply");
    open_.push_back({.node = {.at = place(mark), .kind = kind}});
  }
  void close() {
    Node node = std::move(open_.back().node);
    open_.pop_back();
    add(std::move(node));
  }
  void add(Node&& node) {
    if (open_.empty()) {
      root_ = std::move(node);
      return;
    }
    Open& parent = open_.back();
    if (parent.node.kind == Node::Kind::list) {
      parent.node.items.push_back(std::move(node));
    } else if (!parent.key) {
      parent.key = std::move(node);
    } else {
      parent.node.entries.push_back({.key = *std::exchange(parent.key, {}), .value = node});
    }
  }

  std::vector<Open> open_;
  Node root_;
  int documents_ = 0;
};

ConfigError error_at(Place at, std::string message) {
  return {.line = at.line, .column = at.column, .message = std::move(message)};
}

/// yaml-cpp closes a quote by itself where the text ends in white space.
std::string_view without_white_end(std::string_view text) {
  return text.substr(0, text.find_last_not_of(" \t\r\n") + 1);
}

/// The first character that has no business in a configuration. Looked for before yaml-cpp sees the
/// text: it takes byte 4 for the end of the file and guesses at UTF-16 and UTF-32.
std::optional<ConfigError> bad_character(std::string_view text) {
  Place at{.line = 1, .column = 1};
  while (!text.empty()) {
    const std::size_t length = utf8_length(text);
    if (length == 0) return error_at(at, "not UTF-8");
    const std::string_view character = text.substr(0, length);
    const bool line_end = character == "\n" || text.starts_with("\r\n");
    if (is_control(character) && !line_end && character != "\t") {
      return error_at(at, "a control character");
    }
    // yaml-cpp skips a directive that it does not know, and with it a mistyped line.
    if (character == "%" && at.column == 1) {
      return error_at(at, "directives (%NAME) are not used here");
    }
    if (character == "\n") {
      at = {.line = at.line + 1, .column = 1};
    } else {
      at.column += static_cast<int>(length);
    }
    text.remove_prefix(length);
  }
  return std::nullopt;
}

bool indented_with_tab(std::string_view text, int line) {
  for (int i = 1; i < line; ++i) text.remove_prefix(std::min(text.find('\n') + 1, text.size()));
  const std::string_view indent = text.substr(0, text.find_first_not_of(" \t"));
  return indent.find('\t') != std::string_view::npos;
}

}  // namespace

std::variant<Node, ConfigError> read_tree(std::string_view text) {
  if (text.size() > max_config_bytes) {
    return error_at({}, "longer than " + std::to_string(max_config_bytes) + " bytes");
  }
  if (auto error = bad_character(text)) return *std::move(error);
  try {
    std::istringstream stream{std::string{without_white_end(text)}};
    YAML::Parser parser{stream};
    Builder builder;
    if (!parser.HandleNextDocument(builder)) return Node{};
    parser.HandleNextDocument(builder);  // there must be none: the builder refuses it
    return builder.take();
  } catch (const Refused& e) {
    return error_at(place(e.mark), e.msg);
  } catch (const YAML::Exception& e) {
    const Place at = e.mark.is_null() ? Place{} : place(e.mark);
    const bool tab = indented_with_tab(text, at.line);
    // yaml-cpp quotes what it stumbled over, and takes byte 4 for the end of the text.
    return error_at(
        at, "not YAML: " + printable(e.msg) + (tab ? " (indent with spaces, not tabs)" : ""));
  } catch (const std::exception& e) {
    return error_at({}, std::string{"not readable: "} + e.what());
  }
}

}  // namespace pianissimo::yaml
