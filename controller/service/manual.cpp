// Writes the pages of pianissimo(1) and pianissimo.yaml(5), the completions and the configuration's
// schema into a folder, while the project is built.
#include <CLI/CLI.hpp>
#include <cstdio>

#include "config/config.hpp"
#include "config/say.hpp"
#include "controller/command_line/manual.hpp"
#include "controller/command_line/manual_page.hpp"
#include "controller/service/command_line.hpp"
#include "controller/service/version.hpp"

int main(int argc, char** argv) {
  namespace line = pianissimo::command_line;
  using pianissimo::service::program_version;
  if (argc != 2) return 64;
  const std::string folder = argv[1];
  CLI::App app;
  auto status = pianissimo::service::ExitStatus::ok;
  pianissimo::service::declare_command_line(app, status);
  try {
    line::write_manual(line::text_of(app, {}), program_version,
                       {"pianissimo.yaml(5)", "pianissimo-lab(1)"}, folder);
    line::write_text(folder + "/pianissimo.yaml.5", line::configuration_page(program_version));
    line::write_text(folder + "/pianissimo.schema.json", pianissimo::schema_json());
  } catch (const std::exception& error) {
    pianissimo::say(stderr, error.what());
    return 73;
  }
  return 0;
}
