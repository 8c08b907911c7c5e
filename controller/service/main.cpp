#include <CLI/CLI.hpp>
#include <sstream>

#include "config/say.hpp"
#include "controller/service/command_line.hpp"

namespace service = pianissimo::service;

int main(int argc, char** argv) {
  CLI::App app;
  auto status = service::ExitStatus::ok;
  service::declare_command_line(app, status);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    // Both name arguments as they were given.
    std::ostringstream out;
    std::ostringstream err;
    const bool is_help = app.exit(error, out, err) == 0;
    pianissimo::say_lines(stdout, out.str());
    pianissimo::say_lines(stderr, err.str());
    status = is_help ? service::ExitStatus::ok : service::ExitStatus::usage;
  }
  return static_cast<int>(status);
}
