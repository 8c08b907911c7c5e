#include "experiments/policies/registry.hpp"

#include <algorithm>
#include <array>

#include "controller/policy/anchor.hpp"
#include "controller/policy/descend.hpp"
#include "controller/policy/fixed.hpp"
#include "experiments/policies/blues.hpp"
#include "experiments/policies/parf.hpp"
#include "experiments/policies/rrm.hpp"

namespace pianissimo::policies {
namespace {

constexpr std::array<Law, 7> all{{
    {"fixed-max", "the ceiling, always", false,
     [](double) -> PolicyFactory {
       return [] { return make_fixed({.level = FixedParams::Edge::max}); };
     }},
    {"fixed-min", "the floor, always", false,
     [](double) -> PolicyFactory {
       return [] { return make_fixed({.level = FixedParams::Edge::min}); };
     }},
    {"anchor", "the law that hurts nobody", true,
     [](double keep) -> PolicyFactory { return [keep] { return make_anchor({.keep = keep}); }; }},
    {"descend", "the original algorithm (GSoC 2024)", true,
     [](double keep) -> PolicyFactory {
       return [keep] { return make_descend({.keep = keep, .probe_keep = keep}); };
     }},
    {"blues", "Minstrel-Blues' three powers", false,
     [](double) -> PolicyFactory { return [] { return make_blues(); }; }},
    {"parf", "PARF as in ns-3", false,
     [](double) -> PolicyFactory { return [] { return make_parf(); }; }},
    {"rrm", "TIP OpenWiFi RRM's measure_ap_client", false,
     [](double) -> PolicyFactory { return [] { return make_rrm(); }; }},
}};

}  // namespace

std::span<const Law> laws() { return all; }

const Law* find_law(std::string_view name) {
  const auto* const found = std::ranges::find(all, name, &Law::name);
  return found == all.end() ? nullptr : found;
}

}  // namespace pianissimo::policies
