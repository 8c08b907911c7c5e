// One run of a campaign on real machines, from its beginning to its folder on this one.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "experiments/campaign/campaign.hpp"
#include "experiments/campaign/plan.hpp"
#include "experiments/lab/campaign_folder.hpp"
#include "experiments/lab/campaign_machine.hpp"

namespace pianissimo::lab {

class CampaignRunner {
 public:
  CampaignRunner(const campaign::Campaign& campaign, std::uint64_t seed, CampaignFolder& folder,
                 Ssh& ssh, const Patience& patience);

  /// Looks at every machine, and notes the powers found. Throws MachineError about what is missing.
  void look();
  /// Does the run and fetches it; again if it is lost on the way. Throws MachineError if it cannot
  /// be done, and Stopped; everything is put back at the access point then, if it can be reached.
  void run(const campaign::PlannedRun& planned);
  /// Ends what is going on at every access point, and says what power it has then. False: one was
  /// not reached, or has another power than was found.
  bool put_back();

 private:
  struct Names {
    std::string run;  ///< table/attic/003-anchor
    std::string id;   ///< table.attic.003-anchor, its folder on the router
  };
  Machine& machine(const std::string& destination);
  Machine& access_point(const campaign::PlannedRun& planned);
  std::string once(const campaign::PlannedRun& planned, const Names& names, bool is_first);
  void begin(const campaign::PlannedRun& planned, const Names& names);
  void begin_capture(const Names& names);
  std::string follow(Machine& machine, const Names& names, const std::string& boot);
  void fetch(const campaign::PlannedRun& planned, const Names& names);
  void fetch_capture(const Names& names, const std::filesystem::path& to);
  void fetch_files(Machine& from, const std::string& id, const std::filesystem::path& to);
  void describe(const campaign::PlannedRun& planned, const std::filesystem::path& part) const;
  bool put_back(const campaign::AccessPoint& ap);
  void lose(const Names& names, const std::string& why);

  const campaign::Campaign& campaign_;
  std::uint64_t seed_;
  CampaignFolder& folder_;
  Ssh& ssh_;
  Patience patience_;
  std::map<std::string, std::unique_ptr<Machine>> machines_;  // by ssh's destination
};

}  // namespace pianissimo::lab
