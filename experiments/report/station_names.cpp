#include "experiments/report/station_names.hpp"

#include <algorithm>

#include "controller/journal/privacy_key.hpp"

namespace pianissimo::report {
namespace {

bool is_made_up(const journal::HeaderInterface& interface) {
  return interface.driver == "simulated" || interface.driver == "mac80211_hwsim";
}

}  // namespace

void StationNames::hide(journal::Record& record) {
  if (const auto* const header = std::get_if<journal::Header>(&record.what)) {
    const bool nobody_is_there =
        !header->interfaces.empty() && std::ranges::all_of(header->interfaces, is_made_up);
    const bool is_hidden = header->stations && ids_ != StationIds::none;
    keeps_ = nobody_is_there || is_hidden || ids_ == StationIds::mac;
  }
  if (!keeps_) names().hide(record);
}

MacAddress StationNames::of(const MacAddress& station) {
  return keeps_ ? station : names().of(station);
}

journal::Pseudonyms& StationNames::names() {
  if (names_) return *names_;
  journal::PseudonymsFound found = journal::pseudonyms(ids_, key_file_);
  trouble_ = std::move(found.trouble);
  return names_.emplace(std::move(found.names));
}

}  // namespace pianissimo::report
