#include "experiments/lab/campaign_results.hpp"

#include <algorithm>
#include <optional>
#include <vector>

#include "experiments/campaign/outcome.hpp"
#include "experiments/campaign/plan.hpp"
#include "experiments/lab/output_file.hpp"
#include "experiments/report/report.hpp"

namespace pianissimo::lab {
namespace {

namespace fs = std::filesystem;

constexpr Signature campaign_table{
    "a table of pianissimo-lab campaign", campaign::campaign_csv_mark, {}};
constexpr Signature runs_table{"a table of pianissimo-lab campaign", campaign::runs_csv_mark, {}};
constexpr Signature markdown{"tables of pianissimo-lab campaign", "### ", {"| law | blocks |"}};
constexpr Signature page{"a page of pianissimo-lab report",
                         "<!doctype html>",
                         {R"(<meta name="generator" content="pianissimo-lab report">)"}};

void write_file(const fs::path& path, const std::string& text, const Signature& signature) {
  OutputFile file{path, signature};
  file.stream() << text;
  file.commit();
}

// The runs of a block that are done, in the order of the laws.
std::vector<report::Run> runs_of(const campaign::Campaign& campaign, const CampaignFolder& folder,
                                 campaign::PlannedRun planned) {
  std::vector<report::Run> runs;
  for (planned.law = 0; planned.law < campaign.laws.size(); ++planned.law) {
    const std::string name = campaign::run_name(campaign, planned);
    if (folder.has(name)) runs.push_back(report::load_run(folder.path() / name));
  }
  return runs;
}

// The page compares; the block's full power is what the others are judged against.
void write_page(const fs::path& path, std::vector<report::Run> runs) {
  std::optional<report::Run> yardstick;
  std::erase_if(runs, [&](report::Run& run) {
    if (run.info.label != campaign::yardstick) return false;
    yardstick = std::move(run);
    return true;
  });
  if (runs.empty() || !yardstick) return;
  write_file(path, report::page_text(report::make_report(std::move(runs), std::move(yardstick))),
             page);
}

}  // namespace

std::string write_results(const campaign::Campaign& campaign, const CampaignFolder& folder) {
  std::vector<campaign::Outcome> outcomes;
  campaign::PlannedRun block;
  for (block.place = 0; block.place < campaign.places.size(); ++block.place) {
    for (block.access_point = 0; block.access_point < campaign.access_points.size();
         ++block.access_point) {
      for (block.block = 1; block.block <= campaign.repetitions; ++block.block) {
        auto runs = runs_of(campaign, folder, block);
        const auto full = std::ranges::find(runs, campaign::yardstick, [](const report::Run& run) {
          return std::string_view{run.info.label};
        });
        for (const report::Run& run : runs) {
          outcomes.push_back(
              {.place = campaign.places[block.place].name,
               .access_point = campaign.access_points[block.access_point].name,
               .law = run.info.label,
               .block = block.block,
               .figures = campaign::figures_of(run, full == runs.end() ? nullptr : &*full)});
        }
        write_page(folder.path() / (campaign::block_name(campaign, block) + ".html"),
                   std::move(runs));
      }
    }
  }
  const auto rows = campaign::rows_of(outcomes);
  const std::string tables = campaign::campaign_markdown(rows);
  write_file(folder.path() / "runs.csv", campaign::runs_csv(outcomes), runs_table);
  write_file(folder.path() / "campaign.csv", campaign::campaign_csv(rows), campaign_table);
  write_file(folder.path() / "campaign.md", tables, markdown);
  return tables;
}

}  // namespace pianissimo::lab
