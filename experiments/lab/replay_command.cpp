#include "experiments/lab/replay_command.hpp"

#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>
#include <optional>

#include "config/say.hpp"
#include "experiments/lab/json_result.hpp"
#include "experiments/lab/output_file.hpp"
#include "experiments/replay/replay.hpp"

namespace pianissimo::lab {
namespace {

constexpr int bad_config = 78;  // sysexits(3): EX_CONFIG

// A journal of a daemon is no output of ours, however much it looks like one.
constexpr Signature replayed_journal{"a journal of pianissimo-lab replay",
                                     R"({"t_ns":)",
                                     {R"("type":"header")", replay::version_mark}};
constexpr Signature replay_summary{"a summary of pianissimo-lab replay",
                                   "{\n  \"runs\": ",
                                   {"\n  \"events_not_exact\": ", "\n  \"decisions_replayed\": "}};

struct Options {
  std::vector<std::filesystem::path> journals;
  std::string config;
  std::vector<std::string> settings;
  std::string json;
  std::string journal;
};

// The configuration named; what is wrong with it goes to standard error.
std::optional<Config> load(const std::string& path, int& status) {
  auto loaded = load_config(path);
  if (const auto* const failed = std::get_if<LoadError>(&loaded)) {
    const std::string name = path == "-" ? "(standard input)" : path;
    for (const ConfigError& error : failed->errors) say(stderr, to_string(error, name));
    status = failed->exit_status();
    return std::nullopt;
  }
  return std::get<Config>(std::move(loaded));
}

int run_replay(const Options& options) {
  replay::Options how{.config = {}, .settings = options.settings, .journal = {}};
  if (!options.config.empty()) {
    int status = EXIT_SUCCESS;
    how.config = load(options.config, status);
    if (!how.config) return status;
  }
  std::optional<OutputFile> journal;
  if (!options.journal.empty()) {
    journal.emplace(options.journal, replayed_journal);
    how.journal = [&](const journal::Record& record) {
      journal->stream() << journal::to_line(record) << '\n';
    };
  }
  const replay::Summary summary = replay::replay(options.journals, how);
  if (journal) journal->commit();
  if (options.json == "-") {
    std::cout << summary_json(summary);
    return summary.exit_status();
  }
  if (!options.json.empty()) {
    OutputFile json{options.json, replay_summary};
    json.stream() << summary_json(summary);
    json.commit();
  }
  say_lines(stdout, summary_text(summary));
  return summary.exit_status();
}

}  // namespace

void add_replay(CLI::App& lab, int& status) {
  const auto options = std::make_shared<Options>();
  CLI::App* const command =
      lab.add_subcommand("replay", "Repeat the decisions of a journal, and compare them");
  command->add_option("JOURNAL", options->journals, "A journal (its newest file)")->required();
  command->add_option("-c,--config", options->config,
                      "Another configuration: what would it have decided?");
  command
      ->add_option("--set", options->settings,
                   "One key of the configuration (descend.keep=0.95); may be given again")
      ->take_all();
  add_json(*command, options->json, "The summary");
  command->add_option("-o,--output", options->journal, "The journal as it would have been");
  command->footer(
      "Exit status: 0 the decisions are the recorded ones; 65 they are not, or bad data; 69 none "
      "differs, but part of the recording cannot be compared; 66 no such input; 73 cannot write; "
      "78 bad configuration.");
  command->callback([options, &status] {
    try {
      status = run_replay(*options);
    } catch (const report::InputError& error) {
      say(stderr, error.what());
      status = error.exit_status();
    } catch (const replay::SettingsError& error) {
      say(stderr, error.what());
      status = bad_config;
    } catch (const OutputError& error) {
      say(stderr, error.what());
      status = error.exit_status();
    }
  });
}

}  // namespace pianissimo::lab
