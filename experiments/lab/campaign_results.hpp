// What a campaign ends with: tables, and a page of every block.
#pragma once

#include <string>

#include "experiments/campaign/campaign.hpp"
#include "experiments/lab/campaign_folder.hpp"

namespace pianissimo::lab {

/// Writes campaign.csv, campaign.md, runs.csv and PLACE/ACCESS-POINT/BLOCK.html of the runs that
/// are done, and gives campaign.md back. Throws OutputError and report::InputError.
std::string write_results(const campaign::Campaign& campaign, const CampaignFolder& folder);

}  // namespace pianissimo::lab
