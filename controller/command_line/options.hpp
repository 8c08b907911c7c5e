// A program's commands and options as its manual page and its completions need them: read from the
// declaration that the program parses with.
#pragma once

#include <map>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace pianissimo::command_line {

/// What may stand where the help says NAME, LAW, ...
using ValueLists = std::map<std::string, std::vector<std::string>>;

struct OptionText {
  std::vector<std::string> names;  ///< "-c", "--config"; empty: a positional
  std::string value;               ///< "TEXT"; empty: a flag
  bool takes_value = false;
  bool is_value_optional = false;
  bool is_required = false;
  bool is_repeated = false;
  std::string what;
  std::string default_text;
  std::vector<std::string> values;  ///< all that may stand there, if these are few
};

struct CommandText {
  std::string path;  ///< "/import/orca"; empty: the program
  std::string name;  ///< "pianissimo-lab import orca"
  std::string what;
  std::vector<std::string> examples;
  std::string footer;
  std::vector<OptionText> options;
  std::vector<OptionText> positionals;
  std::vector<CommandText> commands;
};

CommandText text_of(const CLI::App& app, const ValueLists& lists);

/// The program, then every command below it, each before those inside of it.
std::vector<const CommandText*> all_of(const CommandText& program);

}  // namespace pianissimo::command_line
