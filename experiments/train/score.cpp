#include "experiments/train/score.hpp"

#include <fmt/format.h>

namespace pianissimo::train {
namespace {

double share(std::uint64_t part, std::uint64_t all) {
  return all == 0 ? 0 : static_cast<double>(part) / static_cast<double>(all);
}

std::string cells(const ClassScore& score) {
  return fmt::format("{:.3f} | {:.3f} | {:.3f}", score.precision, score.recall, score.f1);
}

}  // namespace

ClassScore Score::of(LoadClass kind) const {
  std::uint64_t are = 0;
  std::uint64_t said = 0;
  for (const LoadClass other : load_classes) {
    are += count(kind, other);
    said += count(other, kind);
  }
  ClassScore out{.windows = are,
                 .precision = share(count(kind, kind), said),
                 .recall = share(count(kind, kind), are)};
  const double sum = out.precision + out.recall;
  out.f1 = sum > 0 ? 2 * out.precision * out.recall / sum : 0;
  return out;
}

double Score::macro_f1() const {
  double sum = 0;
  int classes = 0;
  for (const LoadClass kind : load_classes) {
    const ClassScore score = of(kind);
    if (score.windows == 0) continue;
    sum += score.f1;
    ++classes;
  }
  return classes == 0 ? 0 : sum / classes;
}

double Score::accuracy() const {
  std::uint64_t right = 0;
  std::uint64_t all = 0;
  for (const LoadClass kind : load_classes) {
    right += count(kind, kind);
    all += of(kind).windows;
  }
  return share(right, all);
}

std::string score_table(const Score& tree, const Score& rule) {
  std::string out =
      "| class | windows | tree: precision | recall | F1 | rule: precision | recall | F1 |\n"
      "|---|--:|--:|--:|--:|--:|--:|--:|\n";
  for (const LoadClass kind : load_classes) {
    out += fmt::format("| {} | {} | {} | {} |\n", to_string(kind), tree.of(kind).windows,
                       cells(tree.of(kind)), cells(rule.of(kind)));
  }
  return out +
         fmt::format("| macro | | | | {:.3f} | | | {:.3f} |\n", tree.macro_f1(), rule.macro_f1()) +
         fmt::format("| right | | | {:.3f} | | | {:.3f} | |\n", tree.accuracy(), rule.accuracy());
}

}  // namespace pianissimo::train
