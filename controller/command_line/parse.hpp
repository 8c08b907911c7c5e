// How both programs take their arguments: with every common spelling of asking for the version, and
// with the nearest word where one is misspelt.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace CLI {
class App;
class Validator;
}  // namespace CLI

namespace pianissimo::command_line {

/// To be called before commands are added, which inherit it: the program's name, its version with
/// the features built in (-v, -V, --version), and help that begins with examples.
void begin(CLI::App& app, std::string_view name, std::string_view version);

/// What stands at the end of a command's help, and the examples that stand at its beginning: a line
/// each, "pianissimo run --dry-run   # what it does".
void end(CLI::App& command, const std::vector<std::string>& examples, const std::string& footer);

/// `--stations` and `--key-file`: who stations are in what a command writes. `note`: what else
/// there is to say of the first.
void add_station_options(CLI::App& command, std::string& stations, std::string& key_file,
                         const std::string& note = {});

/// What end() was told; `examples` has a line each, without indentation.
struct Ending {
  std::vector<std::string> examples;
  std::string footer;
};
Ending ending_of(const CLI::App& command);

/// Parses, and runs what was asked for. False: it was not understood, and that has been said on
/// standard error. Help and the version go to standard output.
bool parse(CLI::App& app, int argc, const char* const* argv);

/// A check of an option's value: one of these words, or else what was probably meant.
CLI::Validator one_of(std::vector<std::string> words);

/// Why a word is none of these: "'parff' is no law (did you mean 'parf'?): fixed-max, anchor".
std::string not_among(std::string_view word, std::string_view kind,
                      const std::vector<std::string>& words);

}  // namespace pianissimo::command_line
