// The folder of a campaign: its state, and the folders of its runs.
#pragma once

#include <filesystem>
#include <string>

#include "experiments/campaign/state.hpp"

namespace pianissimo::lab {

class CampaignFolder {
 public:
  /// Goes on with what is there, or begins. Throws OutputError where something else is, or another
  /// plan was followed.
  CampaignFolder(std::filesystem::path folder, const std::string& plan);

  const std::filesystem::path& path() const { return folder_; }
  campaign::State& state() { return state_; }
  /// Whether no run has been done.
  bool is_empty() const;
  /// Replaces the file in one step.
  void save() const;
  /// Whether the run's results are there. Its folder appears as a whole.
  bool has(const std::string& run) const;

 private:
  std::filesystem::path folder_;
  campaign::State state_;
};

}  // namespace pianissimo::lab
