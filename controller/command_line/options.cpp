#include "controller/command_line/options.hpp"

#include <CLI/CLI.hpp>

#include "controller/command_line/parse.hpp"

namespace pianissimo::command_line {
namespace {

// "TEXT:{a,b}" -> a, b: as one_of() and CLI::IsMember describe themselves.
std::vector<std::string> members(const std::string& type) {
  const std::size_t begin = type.find('{');
  const std::size_t end = type.find('}', begin);
  if (begin == type.npos || end == type.npos) return {};
  return CLI::detail::split(type.substr(begin + 1, end - begin - 1), ',');
}

OptionText text_of(const CLI::Option& option, const ValueLists& lists) {
  OptionText out;
  for (const std::string& name : option.get_snames()) out.names.push_back("-" + name);
  for (const std::string& name : option.get_lnames()) out.names.push_back("--" + name);
  out.takes_value = option.get_items_expected_max() > 0;
  out.is_value_optional = option.get_items_expected_min() == 0;
  out.is_required = option.get_required();
  out.is_repeated = option.get_items_expected_max() > 1;
  out.what = option.get_description();
  if (!out.takes_value) return out;
  const std::string type = option.get_type_name();
  out.values = members(type);
  if (const auto known = lists.find(type); known != lists.end()) out.values = known->second;
  out.value = option.get_positional() ? option.get_name(true) : type;
  if (!members(type).empty()) out.value = "NAME";
  if (!out.is_value_optional) out.default_text = option.get_default_str();
  return out;
}

CommandText text_of(const CLI::App& app, const ValueLists& lists, const CommandText* above) {
  CommandText out;
  if (above != nullptr) out.path = above->path + "/" + app.get_name();
  out.name = (above != nullptr ? above->name + " " : "") + app.get_name();
  out.what = app.get_description();
  Ending ending = ending_of(app);
  out.examples = std::move(ending.examples);
  out.footer = std::move(ending.footer);
  for (const CLI::Option* const option : app.get_options()) {
    if (option->get_group().empty()) continue;  // hidden
    (option->get_positional() ? out.positionals : out.options).push_back(text_of(*option, lists));
  }
  for (const CLI::App* const command :
       app.get_subcommands([](const CLI::App* one) { return !one->get_group().empty(); })) {
    out.commands.push_back(text_of(*command, lists, &out));
  }
  return out;
}

void add_all(const CommandText& command, std::vector<const CommandText*>& to) {
  to.push_back(&command);
  for (const CommandText& below : command.commands) add_all(below, to);
}

}  // namespace

CommandText text_of(const CLI::App& app, const ValueLists& lists) {
  return text_of(app, lists, nullptr);
}

std::vector<const CommandText*> all_of(const CommandText& program) {
  std::vector<const CommandText*> out;
  add_all(program, out);
  return out;
}

}  // namespace pianissimo::command_line
