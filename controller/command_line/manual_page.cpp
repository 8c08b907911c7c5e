#include "controller/command_line/manual_page.hpp"

#include <algorithm>
#include <cctype>

#include "config/json.hpp"
#include "config/parameters.hpp"

namespace pianissimo::command_line {
namespace {

// Text as roff takes it: no line is a request, and a hyphen can be copied to a shell.
std::string roff(std::string_view text) {
  std::string out;
  bool is_line_begin = true;
  for (const char c : text) {
    if (is_line_begin && (c == '.' || c == '\'')) out += "\\&";
    is_line_begin = c == '\n';
    if (c == '\\') {
      out += "\\e";
    } else if (c == '-') {
      out += "\\-";
    } else {
      out += c;
    }
  }
  return out;
}

std::string bold(std::string_view text) { return "\\fB" + roff(text) + "\\fR"; }
std::string italic(std::string_view text) { return "\\fI" + roff(text) + "\\fR"; }

std::string title(std::string_view name, int section, std::string_view version) {
  std::string upper{name};
  std::ranges::transform(upper, upper.begin(), [](unsigned char c) { return std::toupper(c); });
  return ".\\\" Generated when the program was built.\n.TH \"" + roff(upper) + "\" " +
         std::to_string(section) + " \"\" \"pianissimo " + roff(version) + "\"\n";
}

std::string sentence(std::string_view text) {
  return roff(text) + (text.ends_with('.') || text.empty() ? "\n" : ".\n");
}

std::string names_of(const OptionText& option) {
  std::string out;
  for (const std::string& name : option.names) out += (out.empty() ? "" : ", ") + bold(name);
  if (option.names.empty()) return italic(option.value);
  if (!option.takes_value) return out;
  return out + (option.is_value_optional ? " [" : " ") + italic(option.value) +
         (option.is_value_optional ? "]" : "");
}

std::string entry(const OptionText& option) {
  std::string out = ".TP\n" + names_of(option) + "\n" + sentence(option.what);
  if (!option.default_text.empty() && option.what.find("default") == option.what.npos) {
    out += "Default: " + roff(option.default_text) + ".\n";
  }
  std::string words;
  for (const std::string& word : option.values) words += (words.empty() ? "" : ", ") + word;
  // Some descriptions have the list themselves.
  if (!words.empty() && option.what.find(words) == option.what.npos) {
    out += "One of: " + roff(words) + ".\n";
  }
  return out;
}

std::string usage(const CommandText& command) {
  std::string out = bold(command.name);
  if (!command.options.empty()) out += " [" + italic("OPTIONS") + "]";
  for (const OptionText& positional : command.positionals) {
    const std::string text = italic(positional.value) + (positional.is_repeated ? " ..." : "");
    out += positional.is_required ? " " + text : " [" + text + "]";
  }
  return out + (command.commands.empty() ? "" : " " + italic("COMMAND")) + "\n";
}

std::string options_of(const CommandText& command) {
  std::string out;
  for (const OptionText& positional : command.positionals) out += entry(positional);
  for (const OptionText& option : command.options) out += entry(option);
  return out;
}

std::string examples_of(const CommandText& command) {
  std::string out;
  for (const std::string& example : command.examples) out += roff(example) + "\n";
  return out.empty() ? out : ".EX\n" + out + ".EE\n";
}

std::string section_of(const CommandText& command, const CommandText& program) {
  std::string out = ".SS " + bold(command.name.substr(program.name.size() + 1)) + "\n" +
                    usage(command) + ".PP\n" + sentence(command.what) + options_of(command);
  if (!command.examples.empty()) out += ".PP\n" + examples_of(command);
  if (command.footer != program.footer && !command.footer.empty()) {
    out += ".PP\n" + sentence(command.footer);
  }
  return out;
}

std::string default_of(const Parameter& parameter) {
  std::string out;
  append_json(out, parameter.get(Config{}));
  return out;
}

}  // namespace

std::string manual_page(const CommandText& program, std::string_view version,
                        const std::vector<std::string>& see_also) {
  const std::size_t colon = program.what.find(": ");
  const std::string what =
      colon == program.what.npos ? program.what : program.what.substr(colon + 2);
  std::string out = title(program.name, 1, version);
  out += ".SH NAME\n" + roff(program.name) + " \\- " + roff(what) + "\n";
  out += ".SH SYNOPSIS\n" + usage(program);
  out += ".SH DESCRIPTION\n" + sentence(program.what);
  if (!program.examples.empty()) out += ".SH EXAMPLES\n" + examples_of(program);
  out += ".SH OPTIONS\n" + options_of(program) + ".SH COMMANDS\n";
  for (const CommandText* const command : all_of(program)) {
    if (command != &program) out += section_of(*command, program);
  }
  out += ".SH EXIT STATUS\n" + sentence(program.footer) + ".SH SEE ALSO\n";
  for (const std::string& page : see_also) {
    const std::size_t section = page.find('(');
    out += bold(page.substr(0, section)) + page.substr(section) +
           (page == see_also.back() ? "\n" : ",\n");
  }
  return out;
}

std::string configuration_page(std::string_view version) {
  std::string out = title("pianissimo.yaml", 5, version);
  out += ".SH NAME\npianissimo.yaml \\- what " + bold("pianissimo") + " may do\n";
  out += ".SH DESCRIPTION\n" +
         roff(
             "YAML, read by `pianissimo run` from /etc/pianissimo/pianissimo.yaml. Every key may "
             "be left out. A key below stands inside of its sections: a.b.c is c in b in a. An "
             "unknown key and a value out of range are errors with their line; `pianissimo "
             "check-config FILE` tells them. `pianissimo schema` prints the JSON Schema, for "
             "editors.") +
         "\n.SH KEYS\n";
  for (const Parameter& parameter : parameters()) {
    out += ".TP\n" + bold(parameter.key) + "\n" + sentence(parameter.why) +
           "Range: " + roff(range_text(parameter.shape)) +
           ".\nDefault: " + roff(default_of(parameter)) + ".\n";
  }
  return out + ".SH FILES\n.TP\n" + italic("/etc/pianissimo/pianissimo.yaml") +
         "\nThe configuration; the one that is installed shows every key with its default.\n"
         ".SH SEE ALSO\n" +
         bold("pianissimo") + "(1)\n";
}

}  // namespace pianissimo::command_line
