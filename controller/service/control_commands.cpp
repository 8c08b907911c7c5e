#include "controller/service/control_commands.hpp"

#include <CLI/CLI.hpp>
#include <map>
#include <memory>
#include <string>

#include "controller/command_line/parse.hpp"
#include "controller/service/commands.hpp"

namespace pianissimo::service {
namespace {

// What is typed, for as long as the commands are there.
struct Typed {
  std::string state_directory = default_state_directory;
  control::Hold hold;
  long hold_seconds = 0;
  control::Resume resume;
  control::Ceiling ceiling;
  std::string level;
  control::Approve approve;
  bool lists = false;
  bool withdraws = false;
  control::Explain explain;
};

CLI::App* add(CLI::App& app, const std::shared_ptr<Typed>& typed, const char* name,
              const char* what) {
  CLI::App* const command = app.add_subcommand(name, what);
  command->add_option("--state-dir", typed->state_directory, "Where the daemon keeps its state")
      ->capture_default_str();
  return command;
}

void add_interface(CLI::App* command, std::string& to) {
  command->add_option("INTERFACE", to, "Only this interface (default: all that are driven)");
}

void add_hold(CLI::App& app, const std::shared_ptr<Typed>& typed, ExitStatus& status) {
  CLI::App* const hold = add(app, typed, "hold", "Keep the power where it is");
  add_interface(hold, typed->hold.interface);
  hold->add_option("--for", typed->hold_seconds,
                   "For how long: 90s, 30m, 2h (default: until resume)")
      ->transform(
          CLI::AsNumberWithUnit(std::map<std::string, long>{{"s", 1}, {"m", 60}, {"h", 3600}}))
      ->check(CLI::Range(1L, 604'800L));
  hold->callback([typed, &status] {
    if (typed->hold_seconds > 0) typed->hold.length = std::chrono::seconds{typed->hold_seconds};
    status = service::hold(typed->state_directory, typed->hold);
  });
}

void add_approve(CLI::App& app, const std::shared_ptr<Typed>& typed, ExitStatus& status) {
  CLI::App* const command =
      add(app, typed, "approve", "Let the power go down as far as is proposed (mode: recommend)");
  add_interface(command, typed->approve.interface);
  auto* const lists =
      command->add_flag("--list", typed->lists, "Say what is proposed, and change nothing");
  command->add_flag("--withdraw", typed->withdraws, "Take an approval back: up to the ceiling")
      ->excludes(lists);
  command->callback([typed, &status] {
    if (typed->lists) typed->approve.what = control::Approve::What::list;
    if (typed->withdraws) typed->approve.what = control::Approve::What::withdraw;
    status = approve(typed->state_directory, typed->approve);
  });
}

void add_export(CLI::App& journal, const std::shared_ptr<Typed>& typed, ExitStatus& status) {
  const auto options = std::make_shared<ExportOptions>();
  CLI::App* const command = add(journal, typed, "export", "Write the journal's files as one");
  command->add_option("--out", options->out,
                      "The file to make, which must be new (default: standard output)");
  command_line::add_station_options(*command, options->stations, options->key_file);
  command->callback([typed, options, &status] {
    options->state_directory = typed->state_directory;
    status = export_journal(*options);
  });
}

}  // namespace

void add_control_commands(CLI::App& app, ExitStatus& status) {
  const auto typed = std::make_shared<Typed>();
  add_hold(app, typed, status);

  CLI::App* const again =
      add(app, typed, "resume", "End a hold: the daemon changes the power again");
  add_interface(again, typed->resume.interface);
  again->callback([typed, &status] { status = resume(typed->state_directory, typed->resume); });

  CLI::App* const ceiling =
      add(app, typed, "ceiling", "Lower the highest power that is allowed, while the daemon runs");
  ceiling->add_option("DBM", typed->level, "0..36 dBm; auto: this ceiling ends")
      ->required()
      ->check(CLI::Range(0, 36) | CLI::IsMember({"auto"}));
  add_interface(ceiling, typed->ceiling.interface);
  ceiling->callback([typed, &status] {
    if (typed->level != "auto") typed->ceiling.level = dbm(std::stoi(typed->level));
    status = set_ceiling(typed->state_directory, typed->ceiling);
  });

  add_approve(app, typed, status);

  CLI::App* const reload =
      add(app, typed, "reload", "Make the daemon read its configuration again");
  reload->callback([typed, &status] { status = ask_for_reload(typed->state_directory); });

  CLI::App* const why = add(app, typed, "explain", "Say what was decided last, and why");
  why->add_option("OF", typed->explain.of, "An interface, a radio (phy0) or a station's address");
  why->add_option("--last", typed->explain.last, "How many decisions")
      ->check(CLI::Range(1, 100))
      ->capture_default_str();
  why->callback([typed, &status] { status = explain(typed->state_directory, typed->explain); });

  CLI::App* const journal = app.add_subcommand("journal", "Read the journal of the running daemon");
  journal->require_subcommand(1);
  add_export(*journal, typed, status);
}

}  // namespace pianissimo::service
