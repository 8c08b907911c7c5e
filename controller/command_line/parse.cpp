#include "controller/command_line/parse.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <memory>
#include <sstream>

#include "config/say.hpp"
#include "config/suggest.hpp"

namespace pianissimo::command_line {
namespace {

#ifdef PIANISSIMO_BPF
constexpr std::string_view features = "+bpf";
#else
constexpr std::string_view features = "-bpf";
#endif

constexpr std::string_view examples_title = "Examples:\n";

// Examples first: they say most in the fewest lines (clig.dev).
class HelpText : public CLI::Formatter {
 public:
  std::string make_usage(const CLI::App* app, std::string name) const override {
    std::string out = Formatter::make_usage(app, std::move(name));
    const Ending ending = ending_of(*app);
    if (!ending.examples.empty()) out += "\n" + std::string{examples_title};
    for (const std::string& example : ending.examples) out += "  " + example + "\n";
    return out;
  }
  std::string make_footer(const CLI::App* app) const override {
    const std::string footer = ending_of(*app).footer;
    return footer.empty() ? footer : footer + "\n";
  }
};

std::string_view without_dashes(std::string_view word) {
  return word.substr(std::min(word.find_first_not_of('-'), word.size()));
}

std::string_view nearest(std::string_view word, const std::vector<std::string>& words) {
  const std::vector<std::string_view> candidates{words.begin(), words.end()};
  return closest(word, candidates);
}

std::vector<std::string> options_of(const CLI::App& command) {
  std::vector<std::string> out;
  for (const CLI::Option* const option : command.get_options()) {
    const auto& names = option->get_lnames();
    out.insert(out.end(), names.begin(), names.end());
  }
  return out;
}

std::vector<std::string> commands_of(const CLI::App& command) {
  std::vector<std::string> out;
  for (const CLI::App* const one : command.get_subcommands([](const CLI::App*) { return true; })) {
    out.push_back(one->get_name());
  }
  return out;
}

// What was probably meant by a word that `command` does not know; `name` has those above it.
std::string meant(const CLI::App& command, const std::string& name, const std::string& word) {
  if (word.starts_with('-')) {
    const std::string_view asked = std::string_view{word}.substr(0, word.find('='));
    const std::string near{nearest(without_dashes(asked), options_of(command))};
    if (near.empty()) return {};
    return shown(asked) + " is no option of " + name + did_you_mean("--" + near) + "\n";
  }
  const std::vector<std::string> commands = commands_of(command);
  const bool needs_command = !commands.empty() && command.get_subcommands().empty();
  return needs_command ? not_among(word, "command of " + name, commands) + "\n" : std::string{};
}

std::string explanation(const CLI::App& app) {
  std::string out;
  std::string name;
  for (const CLI::App* at = &app; at != nullptr;) {
    name += (name.empty() ? "" : " ") + at->get_name();
    const std::vector<std::string> unknown = at->remaining();
    for (const std::string& word : unknown) {
      if (out.empty()) out = meant(*at, name, word);
    }
    const auto next = at->get_subcommands();
    at = next.empty() ? nullptr : next.front();
  }
  return out + "Run `" + name + " --help` for more information.\n";
}

}  // namespace

void begin(CLI::App& app, std::string_view name, std::string_view version) {
  app.name(std::string{name});
  app.formatter(std::make_shared<HelpText>());
  app.set_version_flag(
      "-v,-V,--version",
      std::string{name} + ' ' + std::string{version} + "\nfeatures: " + std::string{features},
      "Print the version and the features built in");
}

void end(CLI::App& command, const std::vector<std::string>& examples, const std::string& footer) {
  std::string text;
  if (!examples.empty()) text += examples_title;
  for (const std::string& example : examples) text += "  " + example + "\n";
  command.footer(text + (examples.empty() ? "" : "\n") + footer);
}

void add_station_options(CLI::App& command, std::string& stations, std::string& key_file,
                         const std::string& note) {
  command
      .add_option(
          "--stations", stations,
          "How stations are named: hmac (pseudonyms), mac (their addresses) or none (numbers)" +
              note)
      ->check(CLI::IsMember({"hmac", "mac", "none"}))
      ->capture_default_str();
  command
      .add_option("--key-file", key_file,
                  "The key of the pseudonyms, made at first use; the daemon's: privacy.key_file")
      ->capture_default_str();
}

Ending ending_of(const CLI::App& command) {
  const std::string text = command.get_footer();
  if (!text.starts_with(examples_title)) return {.examples = {}, .footer = text};
  Ending out;
  std::istringstream lines{text.substr(examples_title.size())};
  for (std::string line; std::getline(lines, line) && !line.empty();) {
    out.examples.push_back(line.substr(2));
  }
  std::getline(lines, out.footer, '\0');
  return out;
}

bool parse(CLI::App& app, int argc, const char* const* argv) {
  std::vector<const char*> words{argv, argv + argc};
  // Package builders try every spelling. None of them may do more than answer.
  const std::string_view first = argc > 1 ? words[1] : "";
  if (first == "version" || first == "-version") words[1] = "--version";
  if (first == "help" || first == "-help") words[1] = "--help";
  app.failure_message([](const CLI::App* failed, const CLI::Error& error) {
    return std::string{error.what()} + "\n" + explanation(*failed);
  });
  try {
    app.parse(argc, words.data());
  } catch (const CLI::ParseError& error) {
    // Help comes this way too. Both name arguments as they were given.
    std::ostringstream out;
    std::ostringstream err;
    const bool is_answer = app.exit(error, out, err) == 0;
    say_lines(stdout, out.str());
    say_lines(stderr, err.str());
    return is_answer;
  }
  return true;
}

std::string not_among(std::string_view word, std::string_view kind,
                      const std::vector<std::string>& words) {
  const std::vector<std::string_view> views{words.begin(), words.end()};
  return shown(word) + " is no " + std::string{kind} + did_you_mean(nearest(word, words)) + ": " +
         joined(views);
}

CLI::Validator one_of(std::vector<std::string> words) {
  const std::string list = "{" + CLI::detail::join(words, ",") + "}";
  return {[words = std::move(words)](std::string& word) {
            const bool is_there = std::ranges::find(words, word) != words.end();
            return is_there ? std::string{} : not_among(word, "value of it", words);
          },
          list};
}

}  // namespace pianissimo::command_line
