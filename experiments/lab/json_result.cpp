#include "experiments/lab/json_result.hpp"

#include <CLI/CLI.hpp>
#include <iostream>

#include "experiments/report/json_text.hpp"

namespace pianissimo::lab {

CLI::Option* add_json(CLI::App& command, std::string& path, const std::string& what) {
  return command
      .add_option("--json", path, what + " as JSON, to a file; - or none: standard output")
      ->type_name("FILE")
      ->expected(0, 1)
      ->default_str("-");
}

JsonResult::JsonResult(const std::string& path, std::string_view command)
    : path_{path},
      command_{command},
      what_{"a result of pianissimo-lab " + command_},
      begins_{"{\n  \"command\": \"" + command_ + '"'} {
  if (!path_.empty() && !is_on_output()) {
    file_.emplace(path_, Signature{.what = what_, .begins = begins_});
  }
}

void JsonResult::write(boost::json::object figures) {
  if (path_.empty()) return;
  boost::json::object all{{"command", command_}};
  for (auto& [key, value] : figures) all[key] = std::move(value);
  const std::string text = report::json_text(all, report::Layout::indented) + '\n';
  if (!file_) {
    std::cout << text << std::flush;
    return;
  }
  file_->stream() << text;
  file_->commit();
}

}  // namespace pianissimo::lab
