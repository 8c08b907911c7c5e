#include "experiments/lab/campaign_command.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>
#include <memory>
#include <optional>

#include "config/say.hpp"
#include "experiments/campaign/campaign.hpp"
#include "experiments/campaign/plan.hpp"
#include "experiments/lab/campaign_results.hpp"
#include "experiments/lab/campaign_run.hpp"
#include "experiments/lab/guarded.hpp"
#include "experiments/lab/long_run.hpp"
#include "experiments/lab/whole_number.hpp"

namespace pianissimo::lab {
namespace {

constexpr int wrong_usage = 64;  // EX_USAGE
constexpr int unavailable = 69;  // EX_UNAVAILABLE

struct Options {
  std::string file;
  std::string out;
  std::string place;
  std::optional<std::uint64_t> seed;
  int patience_s = 600;
  bool is_dry = false;
  bool only_restore = false;
};

void tell(const std::string& text) { say(stderr, text); }

// Besides the runs, a run needs its servers, its daemon's end and the way back.
constexpr int around_s = 10;

void show_plan(const campaign::Campaign& campaign, std::uint64_t seed,
               const std::vector<campaign::PlannedRun>& plan) {
  const auto all = static_cast<int>(plan.size());
  say(stdout, campaign.name + ": " + campaign.description);
  say(stdout, campaign::measured_text(campaign, seed));
  say(stdout, fmt::format("{} runs, about {}", all,
                          duration_text(std::chrono::seconds{
                              all * (campaign.warm_up_s + campaign.seconds + around_s)})));
  for (const campaign::Place& place : campaign.places) {
    say(stdout, fmt::format("place {}: {}", place.name, place.sentence));
  }
  for (const campaign::AccessPoint& ap : campaign.access_points) {
    say(stdout, fmt::format("access point {}: ssh {}, {}", ap.name, ap.ssh, ap.interface));
    for (const campaign::Station& station : ap.stations) {
      say(stdout,
          fmt::format("  station {}: ssh {}, {}", station.name, station.ssh, station.address));
    }
  }
  for (const campaign::Law& law : campaign.laws) {
    say(stdout, fmt::format("the daemon's configuration for {}{}:", law.name,
                            law.bit_rate.empty() ? "" : ", at bit rate " + law.bit_rate));
    say_lines(stdout,
              campaign::daemon_config(law, campaign.box, campaign.access_points.front().interface,
                                      "/tmp/pianissimo-campaign-TOKEN/run/RUN/journal.jsonl"));
  }
  for (const campaign::PlannedRun& run : plan) say(stdout, campaign::run_name(campaign, run));
}

// True: the stations are there. Asked only where a person has to carry them.
bool goes_to(const campaign::Place& place, bool asks) {
  tell(fmt::format("place {}: {}", place.name, place.sentence));
  if (!asks) return true;
  tell("Press Enter when the stations are there.");
  std::string ignored;
  return static_cast<bool>(std::getline(std::cin, ignored)) && !StopRequest::is_asked();
}

// False: the person went away.
bool run_all(const campaign::Campaign& campaign, const std::vector<campaign::PlannedRun>& plan,
             const CampaignFolder& folder, CampaignRunner& runner, bool asks) {
  std::optional<std::size_t> where;
  std::size_t number = 0;
  for (const campaign::PlannedRun& planned : plan) {
    ++number;
    const std::string name = campaign::run_name(campaign, planned);
    if (folder.has(name)) continue;
    if (where != planned.place && !goes_to(campaign.places[planned.place], asks)) return false;
    where = planned.place;
    tell(fmt::format("{} of {}: {}", number, plan.size(), name));
    runner.run(planned);
  }
  return true;
}

// The plan's runs at one place, or all of it; nullopt: said why not.
std::optional<std::vector<campaign::PlannedRun>> wanted_runs(const campaign::Campaign& campaign,
                                                             const Options& options,
                                                             std::uint64_t seed) {
  auto plan = campaign::plan_of(campaign, seed);
  if (options.place.empty()) return plan;
  const auto place = std::ranges::find(campaign.places, options.place, &campaign::Place::name);
  if (place == campaign.places.end()) {
    tell("--place: there is no " + options.place);
    return std::nullopt;
  }
  const auto wanted = static_cast<std::size_t>(place - campaign.places.begin());
  std::erase_if(plan, [&](const campaign::PlannedRun& run) { return run.place != wanted; });
  return plan;
}

int do_campaign(const campaign::Campaign& campaign, const Options& options, std::uint64_t seed,
                const std::vector<campaign::PlannedRun>& plan) {
  CampaignFolder folder{options.out.empty() ? "out/campaign/" + campaign.name : options.out,
                        campaign::measured_text(campaign, seed)};
  const bool is_open = std::ranges::any_of(plan, [&](const campaign::PlannedRun& run) {
    return !folder.has(campaign::run_name(campaign, run));
  });
  const bool asks = options.place.empty() && campaign.places.size() > 1;
  if (is_open && asks && !options.only_restore && ::isatty(STDIN_FILENO) != 1) {
    tell(
        "standard input is no terminal, so nobody can be asked to carry the stations: name the "
        "place where they are with --place");
    return wrong_usage;
  }
  const StopRequest stop;
  Ssh ssh{campaign.ssh_config};
  CampaignRunner runner{
      campaign, seed, folder, ssh, {std::chrono::seconds{options.patience_s}, tell}};
  int status = EXIT_SUCCESS;
  try {
    if (is_open && !options.only_restore) {
      runner.look();
      if (!run_all(campaign, plan, folder, runner, asks)) status = StopRequest::exit_status;
    }
  } catch (const MachineError& error) {
    tell(error.what());
    status = unavailable;
  } catch (const Stopped&) {
    status = StopRequest::exit_status;
  }
  try {
    if (!runner.put_back() && status == EXIT_SUCCESS) status = unavailable;
  } catch (const Stopped&) {
    status = StopRequest::exit_status;
  }
  if (status == StopRequest::exit_status) tell("stopped; the same command goes on");
  if (options.only_restore || folder.is_empty()) return status;
  say_lines(stdout, write_results(campaign, folder));
  tell("results are in " + folder.path().string());
  return status;
}

int run_campaign(const Options& options) {
  const auto loaded = campaign::load_campaign(options.file);
  if (const auto* const error = std::get_if<campaign::CampaignError>(&loaded)) {
    tell(error->message);
    return error->exit_status();
  }
  const auto& campaign = std::get<campaign::Campaign>(loaded);
  const std::uint64_t seed = options.seed.value_or(campaign.seed);
  const auto plan = wanted_runs(campaign, options, seed);
  if (!plan) return wrong_usage;
  if (options.is_dry) {
    show_plan(campaign, seed, *plan);
    return EXIT_SUCCESS;
  }
  return do_campaign(campaign, options, seed, *plan);
}

}  // namespace

void add_campaign(CLI::App& lab, int& status) {
  const auto options = std::make_shared<Options>();
  CLI::App* const command = lab.add_subcommand(
      "campaign", "Compare laws on real access points, over ssh, in randomised blocks");
  command->add_option("CAMPAIGN", options->file, "What is compared where: a YAML file")->required();
  command->add_option("--out", options->out,
                      "The campaign's folder (default: out/campaign/NAME); one in which it was "
                      "begun goes on where it was");
  command->add_option("--place", options->place,
                      "Only the runs at this place, where the stations are now");
  command->add_option("--seed", options->seed, "Of the order of runs, in place of the file's")
      ->check(CLI::Range(std::uint64_t{0}, std::uint64_t{4'294'967'295}));
  command
      ->add_option("--patience", options->patience_s,
                   "Seconds for which a machine may be away before the campaign gives up")
      ->check(CLI::Range(1, 86'400))
      ->capture_default_str();
  command->add_flag("--dry-run", options->is_dry,
                    "Only say what would be done: the machines, the configurations, the runs");
  command->add_flag("--only-restore", options->only_restore,
                    "Only end what is going on, and put everything back at the access points");
  command->footer(
      "Exit status: 0; 64 wrong usage; 65 bad campaign, or a folder of something else; 66 no such "
      "campaign; 69 a machine was not reached, a run failed three times, or a power is not as it "
      "was found; 73 cannot write; 130 stopped. The same command goes on.");
  command->callback(
      [options, &status] { status = guarded([&] { return run_campaign(*options); }); });
}

}  // namespace pianissimo::lab
