// A command's result as JSON: one object, for programs.
#pragma once

#include <boost/json/object.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "experiments/lab/output_file.hpp"

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace pianissimo::lab {

/// --json [FILE]: `path` becomes the file, or "-" where none is named; stays empty without it.
CLI::Option* add_json(CLI::App& command, std::string& path, const std::string& what);

/// Before the work: a file that cannot be written, or is not ours, is known then (OutputError).
class JsonResult {
 public:
  /// `command`: "import orca".
  JsonResult(const std::string& path, std::string_view command);
  JsonResult(const JsonResult&) = delete;
  JsonResult& operator=(const JsonResult&) = delete;

  /// Then people are told nothing there.
  bool is_on_output() const { return path_ == "-"; }
  /// With "command" before the figures, if it was asked for.
  void write(boost::json::object figures);

 private:
  std::string path_;
  std::string command_;
  std::string what_;    // the signature's
  std::string begins_;  // the signature's
  std::optional<OutputFile> file_;
};

}  // namespace pianissimo::lab
