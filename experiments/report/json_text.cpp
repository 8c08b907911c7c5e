#include "experiments/report/json_text.hpp"

#include <array>
#include <boost/json.hpp>
#include <charconv>
#include <cmath>

namespace pianissimo::report {
namespace {

namespace json = boost::json;

class TextWriter {
 public:
  explicit TextWriter(Layout layout) : indented_{layout == Layout::indented} {}

  void write(const json::value& value) {
    if (const auto* const object = value.if_object()) {
      write_all('{', *object, '}', [&](const json::key_value_pair& member) {
        text_ += json::serialize(json::string{member.key()});
        text_ += indented_ ? ": " : ":";
        write(member.value());
      });
    } else if (const auto* const array = value.if_array()) {
      write_all('[', *array, ']', [&](const json::value& item) { write(item); });
    } else if (const auto* const number = value.if_double()) {
      write_number(*number);
    } else {
      text_ += json::serialize(value);
    }
  }
  std::string take() { return std::move(text_); }

 private:
  template <class Items, class Write>
  void write_all(char open, const Items& items, char close, Write write_item) {
    text_ += open;
    ++depth_;
    bool first = true;
    for (const auto& item : items) {
      if (!first) text_ += ',';
      first = false;
      new_line();
      write_item(item);
    }
    --depth_;
    if (!first) new_line();
    text_ += close;
  }
  void new_line() {
    if (indented_) text_.append("\n").append(2 * depth_, ' ');
  }
  void write_number(double number) {
    if (!std::isfinite(number)) {
      text_ += "null";
      return;
    }
    std::array<char, 32> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    text_.append(digits.data(), end);
  }

  bool indented_;
  std::size_t depth_ = 0;
  std::string text_;
};

}  // namespace

std::string json_text(const json::value& value, Layout layout) {
  TextWriter writer{layout};
  writer.write(value);
  return writer.take();
}

json::value rounded(std::optional<double> value, int decimals) {
  if (!value || !std::isfinite(*value)) return nullptr;
  const double unit = std::pow(10, decimals);
  const double number = std::round(*value * unit) / unit;
  return number == 0 ? json::value(0) : json::value(number);
}

}  // namespace pianissimo::report
