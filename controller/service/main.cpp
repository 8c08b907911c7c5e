#include <CLI/CLI.hpp>
#include <cstdio>
#include <sstream>
#include <string>

#include "config/config.hpp"
#include "config/say.hpp"
#include "controller/service/commands.hpp"
#include "controller/service/version.hpp"

namespace service = pianissimo::service;

int main(int argc, char** argv) {
  CLI::App app{
      "Pianissimo: lowers a WiFi access point's transmit power while no station loses "
      "throughput"};
  app.set_version_flag("--version", std::string{service::program_version});
  app.require_subcommand(1);
  app.footer(
      "Exit codes: 0 ok, 64 usage, 65 bad data, 66 no input, 69 no nl80211, no such interface or\n"
      "another instance, 73 state cannot be written, 77 no permission, 78 bad configuration.");

  service::RunOptions options;
  auto status = service::ExitStatus::ok;

  auto* const run = app.add_subcommand("run", "Drive the radios until SIGINT or SIGTERM");
  run->add_option("-c,--config", options.config, "Configuration; - for standard input")
      ->capture_default_str();
  run->add_option("--state-dir", options.state_directory, "Where the power found is kept")
      ->capture_default_str();
  run->add_flag("--dry-run", options.dry_run, "Decide and journal, but write no power");
  run->callback([&] { status = service::run(options); });

  auto* const restore = app.add_subcommand("restore", "Put back what a killed run had found");
  restore->add_option("--state-dir", options.state_directory, "Where the power found is kept")
      ->capture_default_str();
  restore->callback([&] { status = service::restore(options.state_directory); });

  bool as_json = false;
  auto* const probe = app.add_subcommand("probe", "Say what this machine's radios can do");
  probe->add_flag("--json", as_json, "One JSON object");
  probe->callback([&] { status = service::probe(as_json); });

  auto* const show = app.add_subcommand("status", "Say what the running daemon does");
  show->add_option("--state-dir", options.state_directory, "Where the daemon keeps its state")
      ->capture_default_str();
  show->add_flag("--json", as_json, "One JSON object");
  show->callback([&] { status = service::show_status(options.state_directory, as_json); });

  std::string file;
  auto* const check = app.add_subcommand("check-config", "Check a configuration file");
  check->add_option("FILE", file, "The file; - for standard input")->required();
  check->add_option("--state-dir", options.state_directory, "Where the daemon keeps its state")
      ->capture_default_str();
  check->callback([&] { status = service::check_config(file, options.state_directory); });

  auto* const schema = app.add_subcommand("schema", "Print the configuration's JSON Schema");
  schema->callback([] { std::fputs(pianissimo::schema_json().c_str(), stdout); });

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
