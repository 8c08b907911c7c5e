// Writes the page of pianissimo-lab(1) and the completions into a folder, while the project is
// built.
#include "controller/command_line/manual.hpp"

#include <CLI/CLI.hpp>
#include <cstdio>

#include "config/say.hpp"
#include "experiments/lab/command_line.hpp"

int main(int argc, char** argv) {
  namespace line = pianissimo::command_line;
  if (argc != 2) return 64;
  CLI::App lab;
  int status = 0;
  pianissimo::lab::declare_command_line(lab, status);
  try {
    line::write_manual(line::text_of(lab, pianissimo::lab::value_lists()), PIANISSIMO_VERSION,
                       {"pianissimo(1)", "pianissimo.yaml(5)"}, argv[1]);
  } catch (const std::exception& error) {
    pianissimo::say(stderr, error.what());
    return 73;
  }
  return 0;
}
