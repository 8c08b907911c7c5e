#include "controller/service/command_line.hpp"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>
#include <string>

#include "config/config.hpp"
#include "controller/command_line/parse.hpp"
#include "controller/service/commands.hpp"
#include "controller/service/control_commands.hpp"
#include "controller/service/version.hpp"

namespace pianissimo::service {
namespace {

constexpr const char* exit_codes =
    "Exit codes: 0 ok, 64 usage, 65 bad data, 66 no input, 69 no nl80211, no such interface or\n"
    "another instance, 73 state cannot be written, 77 no permission, 78 bad configuration.";

void add_state_directory(CLI::App& command, std::string& directory, const std::string& what) {
  command.add_option("--state-dir", directory, what)->capture_default_str();
}

void add_run(CLI::App& app, ExitStatus& status) {
  const auto options = std::make_shared<RunOptions>();
  CLI::App* const command = app.add_subcommand("run", "Control the power until SIGINT or SIGTERM");
  command->add_option("-c,--config", options->config, "Configuration; - for standard input")
      ->capture_default_str();
  add_state_directory(*command, options->state_directory, "Where the power found is kept");
  command->add_flag("--dry-run", options->dry_run,
                    "Decide and write the journal, but set no power");
  command_line::end(*command,
                    {"pianissimo run --dry-run       # decide and write the journal, set no power",
                     "pianissimo run -c ap.yaml      # until Ctrl-C; then the power is back"},
                    exit_codes);
  command->callback([options, &status] { status = run(*options); });
}

struct StateOptions {
  std::string state_directory = default_state_directory;
  bool as_json = false;
};

struct StatusOptions : StateOptions {
  bool watches = false;
};

void add_restore(CLI::App& app, ExitStatus& status) {
  const auto options = std::make_shared<StateOptions>();
  CLI::App* const command =
      app.add_subcommand("restore", "Put back the power that a killed run had found");
  add_state_directory(*command, options->state_directory, "Where the power found is kept");
  command->add_flag("--json", options->as_json, "Print one JSON object");
  command->callback(
      [options, &status] { status = restore(options->state_directory, options->as_json); });
}

void add_probe(CLI::App& app, ExitStatus& status) {
  const auto as_json = std::make_shared<bool>(false);
  CLI::App* const command = app.add_subcommand("probe", "Say what this machine's radios can do");
  command->add_flag("--json", *as_json, "Print one JSON object");
  command->callback([as_json, &status] { status = probe(*as_json); });
}

void add_status(CLI::App& app, ExitStatus& status) {
  const auto options = std::make_shared<StatusOptions>();
  CLI::App* const command = app.add_subcommand("status", "Say what the running daemon does");
  add_state_directory(*command, options->state_directory, "Where the daemon keeps its state");
  command->add_flag("--json", options->as_json, "Print one JSON object");
  command->add_flag("--watch", options->watches,
                    "Keep running, and print each decision when it is made");
  command->callback([options, &status] {
    status = options->watches ? watch(options->state_directory, options->as_json)
                              : show_status(options->state_directory, options->as_json);
  });
}

struct CheckOptions : StateOptions {
  std::string file;
};

void add_check_config(CLI::App& app, ExitStatus& status) {
  const auto options = std::make_shared<CheckOptions>();
  CLI::App* const command = app.add_subcommand("check-config", "Check a configuration file");
  command->add_option("FILE", options->file, "The file; - for standard input")->required();
  add_state_directory(*command, options->state_directory, "Where the daemon keeps its state");
  command->add_flag("--json", options->as_json, "Print one JSON object");
  command_line::end(*command, {"pianissimo check-config /etc/pianissimo/pianissimo.yaml"},
                    exit_codes);
  command->callback([options, &status] {
    status = check_config(options->file, options->state_directory, options->as_json);
  });
}

void add_schema(CLI::App& app) {
  app.add_subcommand("schema", "Print the configuration's JSON Schema")->callback([] {
    std::fputs(schema_json().c_str(), stdout);
  });
}

}  // namespace

void declare_command_line(CLI::App& app, ExitStatus& status) {
  command_line::begin(app, "pianissimo", program_version);
  app.description(
      "Pianissimo: lowers a WiFi access point's transmit power while no station loses "
      "throughput");
  app.require_subcommand(1);
  app.footer(exit_codes);  // the commands inherit it
  add_run(app, status);
  add_restore(app, status);
  add_probe(app, status);
  add_status(app, status);
  add_check_config(app, status);
  add_schema(app);
  add_control_commands(app, status);
  command_line::end(app,
                    {"pianissimo probe                # what this machine's radios can do",
                     "pianissimo run --dry-run        # decide and journal, write no power",
                     "pianissimo status               # what the running daemon does"},
                    exit_codes);
}

}  // namespace pianissimo::service
