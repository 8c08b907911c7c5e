#include <CLI/CLI.hpp>

#include "controller/command_line/parse.hpp"
#include "controller/service/command_line.hpp"

namespace service = pianissimo::service;

int main(int argc, char** argv) {
  CLI::App app;
  auto status = service::ExitStatus::ok;
  service::declare_command_line(app, status);
  if (!pianissimo::command_line::parse(app, argc, argv)) status = service::ExitStatus::usage;
  return static_cast<int>(status);
}
