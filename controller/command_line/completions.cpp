#include "controller/command_line/completions.hpp"

#include <algorithm>

namespace pianissimo::command_line {
namespace {

constexpr const char* made = "# Generated when the program was built.\n";

std::string joined(const std::vector<std::string>& words, const std::string& between) {
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : between) + word;
  return out;
}

// As one word of any of these shells.
std::string quoted(const std::string& text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'') {
      out += "'\\''";
    } else {
      out += c;
    }
  }
  return out + "'";
}

// The name of a shell's function.
std::string identifier(std::string name) {
  std::ranges::replace(name, '-', '_');
  return "_" + name;
}

std::string last_word(const CommandText& command) {
  return command.path.substr(command.path.rfind('/') + 1);
}

std::vector<std::string> paths_of(const CommandText& program) {
  std::vector<std::string> out;
  for (const CommandText* const command : all_of(program)) {
    if (command != &program) out.push_back(command->path);
  }
  return out;
}

// Commands, and the values of a positional that has a list.
std::vector<std::string> words_of(const CommandText& command) {
  std::vector<std::string> out;
  for (const CommandText& below : command.commands) out.push_back(last_word(below));
  for (const OptionText& positional : command.positionals) {
    out.insert(out.end(), positional.values.begin(), positional.values.end());
  }
  return out;
}

std::vector<std::string> options_of(const CommandText& command) {
  std::vector<std::string> out;
  for (const OptionText& option : command.options) {
    out.insert(out.end(), option.names.begin(), option.names.end());
  }
  return out;
}

// The pattern of a case: "'/evaluate --keep'|'/evaluate -k'".
std::string pattern(const CommandText& command, const OptionText& option) {
  std::vector<std::string> out;
  for (const std::string& name : option.names) out.push_back(quoted(command.path + " " + name));
  return joined(out, "|");
}

// For each option with a value: `line` of its list, which is empty where files serve.
template <class Line>
std::string value_cases(const CommandText& program, const std::string& indent, Line line) {
  std::string out;
  for (const CommandText* const command : all_of(program)) {
    for (const OptionText& option : command->options) {
      if (!option.takes_value || option.is_value_optional) continue;
      out += indent + pattern(*command, option) + ") " + line(option.values) + " ;;\n";
    }
  }
  return out;
}

// A description on one line that ends before it becomes long.
std::string brief(const std::string& text) {
  const std::size_t end = std::min(text.find_first_of(";\n"), text.find(". "));
  return text.substr(0, end);
}

}  // namespace

std::string bash_completion(const CommandText& program) {
  const std::string function = identifier(program.name);
  std::string out = std::string{"# bash completion for "} + program.name + "\n" + made + function +
                    "() {\n"
                    "  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]}\n"
                    "  local at= words= options= prefix= i\n"
                    "  [ \"$word\" = = ] && word=\n"
                    "  [ \"$before\" = = ] && before=${COMP_WORDS[COMP_CWORD-2]}\n"
                    "  for ((i = 1; i < COMP_CWORD; ++i)); do\n"
                    "    case \"$at/${COMP_WORDS[i]}\" in\n"
                    "      " +
                    joined(paths_of(program), "|") +
                    ") at=$at/${COMP_WORDS[i]} ;;\n"
                    "    esac\n"
                    "  done\n"
                    "  COMPREPLY=()\n"
                    "  case \"$at $before\" in\n";
  out += value_cases(program, "    ", [](const std::vector<std::string>& values) {
    return values.empty() ? std::string{"return"} : "words=" + quoted(joined(values, " "));
  });
  out +=
      "    *)\n"
      "      case \"$at\" in\n";
  for (const CommandText* const command : all_of(program)) {
    out += "        " + (command->path.empty() ? std::string{"''"} : command->path) +
           ") words=" + quoted(joined(words_of(*command), " ")) +
           "\n          options=" + quoted(joined(options_of(*command), " ")) + " ;;\n";
  }
  return out +
         "      esac\n"
         "      [[ $word == -* ]] && words=$options ;;\n"
         "  esac\n"
         "  [[ $word == *,* ]] && prefix=${word%,*},\n"
         "  mapfile -t COMPREPLY < <(compgen -P \"$prefix\" -W \"$words\" -- \"${word##*,}\")\n"
         "}\n"
         "complete -o bashdefault -o default -F " +
         function + " " + program.name + "\n";
}

std::string zsh_completion(const CommandText& program) {
  const std::string function = identifier(program.name);
  std::string out = "#compdef " + program.name + "\n" + made + function +
                    "() {\n"
                    "  local at= i\n"
                    "  local -a list options\n"
                    "  for ((i = 2; i < CURRENT; ++i)); do\n"
                    "    case \"$at/$words[i]\" in\n"
                    "      (" +
                    joined(paths_of(program), "|") +
                    ") at=$at/$words[i] ;;\n"
                    "    esac\n"
                    "  done\n"
                    "  case \"$at $words[CURRENT-1]\" in\n";
  out += value_cases(program, "    (", [](const std::vector<std::string>& values) {
    return values.empty() ? std::string{"_files; return"}
                          : "_values -s , value " + joined(values, " ") + "; return";
  });
  out += "  esac\n  case \"$at\" in\n";
  for (const CommandText* const command : all_of(program)) {
    out += "    (" + (command->path.empty() ? std::string{"''"} : command->path) + ")\n";
    for (const CommandText& below : command->commands) {
      out += "      list+=(" + quoted(last_word(below) + ":" + brief(below.what)) + ")\n";
    }
    for (const OptionText& positional : command->positionals) {
      for (const std::string& value : positional.values)
        out += "      list+=(" + quoted(value) + ")\n";
    }
    for (const OptionText& option : command->options) {
      for (const std::string& name : option.names) {
        out += "      options+=(" + quoted(name + ":" + brief(option.what)) + ")\n";
      }
    }
    out += "      ;;\n";
  }
  return out +
         "  esac\n"
         "  if [[ $PREFIX == -* ]]; then\n"
         "    _describe option options\n"
         "  else\n"
         "    (( $#list )) && _describe argument list || _files\n"
         "  fi\n"
         "}\n" +
         function + " \"$@\"\n";
}

std::string fish_completion(const CommandText& program) {
  const std::string function = "_" + identifier(program.name) + "_at";
  std::string out = std::string{"# fish completion for "} + program.name + "\n" + made +
                    "function " + function +
                    "\n"
                    "  set -l at ''\n"
                    "  for word in (commandline -opc)[2..-1]\n"
                    "    switch $at/$word\n"
                    "      case " +
                    joined(paths_of(program), " ") +
                    "\n"
                    "        set at $at/$word\n"
                    "    end\n"
                    "  end\n"
                    "  test \"$at\" = \"$argv[1]\"\n"
                    "end\n";
  for (const CommandText* const command : all_of(program)) {
    const std::string here =
        "complete -c " + program.name + " -n " + quoted(function + " \"" + command->path + "\"");
    for (const CommandText& below : command->commands) {
      out += here + " -f -a " + last_word(below) + " -d " + quoted(brief(below.what)) + "\n";
    }
    for (const OptionText& positional : command->positionals) {
      if (positional.values.empty()) continue;
      out += here + " -a " + quoted(joined(positional.values, " ")) + "\n";
    }
    for (const OptionText& option : command->options) {
      out += here;
      for (const std::string& name : option.names) {
        out += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
      }
      if (!option.values.empty()) {
        out += " -x -a " + quoted(joined(option.values, " "));
      } else if (option.takes_value && !option.is_value_optional) {
        out += " -r";
      }
      out += " -d " + quoted(brief(option.what)) + "\n";
    }
  }
  return out;
}

}  // namespace pianissimo::command_line
