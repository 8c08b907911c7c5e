#include "experiments/campaign/plan.hpp"

#include <fmt/format.h>

#include <numeric>
#include <utility>

#include "experiments/sim/random.hpp"

namespace pianissimo::campaign {
namespace {

// Fisher and Yates.
std::vector<std::size_t> shuffled(std::size_t count, sim::Random& random) {
  std::vector<std::size_t> order(count);
  std::iota(order.begin(), order.end(), 0);
  for (std::size_t left = count; left > 1; --left) {
    const auto chosen = static_cast<std::size_t>(random.below(static_cast<int>(left)));
    std::swap(order[left - 1], order[chosen]);
  }
  return order;
}

}  // namespace

std::vector<PlannedRun> plan_of(const Campaign& campaign, std::uint64_t seed) {
  sim::Random random{seed};
  std::vector<PlannedRun> plan;
  for (std::size_t place = 0; place < campaign.places.size(); ++place) {
    for (int block = 1; block <= campaign.repetitions; ++block) {
      for (const std::size_t ap : shuffled(campaign.access_points.size(), random)) {
        for (const std::size_t law : shuffled(campaign.laws.size(), random)) {
          plan.push_back({.place = place, .access_point = ap, .law = law, .block = block});
        }
      }
    }
  }
  return plan;
}

std::string block_name(const Campaign& campaign, const PlannedRun& run) {
  return fmt::format("{}/{}/{:03}", campaign.places[run.place].name,
                     campaign.access_points[run.access_point].name, run.block);
}

std::string run_name(const Campaign& campaign, const PlannedRun& run) {
  return block_name(campaign, run) + '-' + campaign.laws[run.law].name;
}

std::string measured_text(const Campaign& campaign, std::uint64_t seed) {
  const Box& box = campaign.box;
  std::string out =
      fmt::format("seed {}, {} repetitions of {} s after {} s, keep {}, {}..{} dBm, ", seed,
                  campaign.repetitions, campaign.seconds, campaign.warm_up_s, box.keep,
                  box.floor_dbm, box.ceiling ? std::to_string(*box.ceiling) : "auto");
  const Traffic& traffic = campaign.traffic;
  out += traffic.is_udp ? fmt::format("UDP {} Mbit/s of {} bytes", traffic.mbps, traffic.bytes)
                        : "TCP";
  for (const Law& law : campaign.laws) out += "; law " + law.name;
  for (const Place& place : campaign.places) out += "; place " + place.name;
  for (const AccessPoint& ap : campaign.access_points) {
    out += fmt::format("; access point {} {}", ap.name, ap.interface);
    for (const Station& station : ap.stations) out += ", station " + station.name;
  }
  return out;
}

}  // namespace pianissimo::campaign
