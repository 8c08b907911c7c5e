#include "experiments/lab/campaign_folder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <random>

#include "config/printable.hpp"
#include "experiments/lab/output_file.hpp"
#include "experiments/report/input.hpp"

namespace pianissimo::lab {
namespace {

namespace fs = std::filesystem;

constexpr Signature state_file{
    "a state of pianissimo-lab campaign", campaign::state_mark, {"\"plan\": ", "\"token\": "}};

std::string new_token() {
  std::random_device device;
  return fmt::format("{:08x}{:08x}", device(), device());
}

[[noreturn]] void leave_alone(const fs::path& path, const std::string& why) {
  throw OutputError{OutputError::Kind::not_ours, printable(path.string() + ": left alone: " + why)};
}

}  // namespace

CampaignFolder::CampaignFolder(fs::path folder, const std::string& plan)
    : folder_{std::move(folder)} {
  const fs::path file = folder_ / "state.json";
  if (!fs::exists(file)) {
    if (fs::exists(folder_) && !fs::is_empty(folder_)) {
      leave_alone(folder_, "no campaign was here; name another folder with --out");
    }
    state_ = {.plan = plan, .token = new_token(), .found = {}, .runs = {}};
    return;
  }
  auto read = campaign::parse_state(report::read_text(file));
  if (const auto* const error = std::get_if<campaign::StateError>(&read)) {
    leave_alone(file, error->message);
  }
  state_ = std::get<campaign::State>(std::move(read));
  if (state_.plan == plan) return;
  leave_alone(folder_, fmt::format("another campaign is here; name another folder with --out\n"
                                   "  there: {}\n  asked: {}",
                                   state_.plan, plan));
}

void CampaignFolder::save() const {
  make_folder(folder_);
  OutputFile file{folder_ / "state.json", state_file};
  file.stream() << campaign::state_text(state_);
  file.commit();
}

bool CampaignFolder::is_empty() const {
  return std::ranges::none_of(state_.runs, [&](const auto& run) { return has(run.first); });
}

bool CampaignFolder::has(const std::string& run) const {
  return fs::exists(folder_ / run / "run.json");
}

}  // namespace pianissimo::lab
