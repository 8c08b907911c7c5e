#include "experiments/report/changes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "experiments/report/figure_table.hpp"

namespace pianissimo::report {
namespace {

// A read-back may be rounded.
constexpr Db rounding = db(1);

// Reads decisions in order of time. What a trial ends in does not tell which power was tried for:
// the doubt before it does.
class ChangeReader {
 public:
  void on(const Decision& decision) {
    if (decision.reason == Reason::change_doubted) {
      leave_open(decision.knob);
      doubts_.insert_or_assign(decision.knob, decision);
    } else if (decision.reason == Reason::change_undecided) {
      end_trial(decision);
    } else if (const auto verdict = verdict_of(decision.reason)) {
      const bool had_trial = decision.reason == Reason::change_cleared ||
                             (decision.reason == Reason::change_hurt && decision.evidence.observed);
      had_trial ? end_trial(decision) : tell(decision);
    }
  }

  std::vector<JudgedChange> finish() {
    while (!doubts_.empty()) leave_open(Knob{doubts_.begin()->first});
    std::ranges::stable_sort(changes_, {}, &JudgedChange::at);
    return std::move(changes_);
  }

 private:
  // A hold or another channel has ended the trial, or the journal ends.
  void leave_open(const Knob& knob) {
    const auto doubt = doubts_.find(knob);
    if (doubt == doubts_.end()) return;
    const Decision& told = doubt->second;
    changes_.push_back({told.at, told.knob, told.evidence.level, told.to, std::nullopt,
                        told.evidence, Followed::nothing_known, std::nullopt});
    doubts_.erase(doubt);
  }

  void end_trial(const Decision& decision) {
    const auto doubt = doubts_.find(decision.knob);
    std::optional<Dbm> judged;
    Evidence evidence = decision.evidence;
    if (doubt != doubts_.end()) {
      judged = doubt->second.to;
      if (!evidence.observed) evidence = doubt->second.evidence;
      doubts_.erase(doubt);
    }
    put(decision, judged, evidence);
  }

  void tell(const Decision& decision) {
    leave_open(decision.knob);
    put(decision, decision.to, decision.evidence);
  }

  void put(const Decision& decision, std::optional<Dbm> judged, const Evidence& evidence) {
    changes_.push_back({decision.at, decision.knob, decision.evidence.level, judged,
                        verdict_of(decision.reason), evidence, Followed::kept, std::nullopt});
  }

  std::map<Knob, Decision> doubts_;
  std::vector<JudgedChange> changes_;
};

// By what the kernel confirmed: a reload or a new start ends a revert, too.
void follow(JudgedChange& change, const Journal& journal) {
  if (change.verdict != Verdict::hurt) return;
  change.followed = Followed::not_seen;
  const auto known = journal.power.find(change.knob);
  if (!change.from || !change.evidence.wait || known == journal.power.end()) return;
  const Dbm least = *change.from - rounding;
  const Instant planned = change.at + Duration{*change.evidence.wait};
  const LevelSteps& steps = known->second;
  auto step = std::ranges::upper_bound(steps, change.at, {}, &LevelStep::at);
  if (step != steps.begin()) --step;
  const auto back =
      std::find_if(step, steps.end(), [&](const LevelStep& s) { return s.level >= least; });
  if (back == steps.end() || back->at >= planned) return;
  const auto below =
      std::find_if(back, steps.end(), [&](const LevelStep& s) { return s.level < least; });
  change.followed = Followed::taken_back;
  change.until = below == steps.end() ? planned : std::min(planned, below->at);
}

// What an operator must see comes first: hurt, open, helped, neutral; then the newest.
int rank(const JudgedChange& change) {
  constexpr std::array<int, change_words> ranks{2, 3, 0, 1};
  return ranks.at(word_index(change));
}

std::string two(Figure before, Figure after, int decimals) {
  if (!before && !after) return "-";
  return number_text(before, decimals) + " to " + number_text(after, decimals);
}

Figure mbps(const std::optional<Throughput>& value) {
  return value ? Figure{value->mbps()} : std::nullopt;
}

Figure percent(const std::optional<int>& permille) {
  return permille ? Figure{*permille / 10.0} : std::nullopt;
}

std::string level_text(const std::optional<Dbm>& level) {
  return level ? fmt::format("{:g}", level->value()) : "-";
}

std::string rates_text(const JudgedChange& change, const Run&) {
  const auto& brought = change.evidence.brought;
  if (!brought || !change.evidence.observed) return "-";
  return two(brought->rate_before.mbps(), brought->rate.mbps(), 1);
}

std::string left_text(const JudgedChange& change, const Run&) {
  const auto& brought = change.evidence.brought;
  if (!brought) return "-";
  return fmt::format("{} ({})", brought->disconnections, brought->roams);
}

std::string followed_text(const JudgedChange& change, const Run& run) {
  switch (change.followed) {
    case Followed::kept:
      return "kept";
    case Followed::not_seen:
      return "not seen to be taken back";
    case Followed::nothing_known:
      return "the trial had no end";
    case Followed::taken_back:
      break;
  }
  const bool is_over = *change.until <= run.journal->covered.end;
  return fmt::format("taken back {}until {} s", is_over ? "" : "at least to the end, planned ",
                     number_text(run.since_start(*change.until), 0));
}

constexpr std::array columns{
    ChangeColumn{"time, s",
                 [](const JudgedChange& change, const Run& run) {
                   return number_text(run.since_start(change.at), 1);
                 }},
    ChangeColumn{"radio", [](const JudgedChange& change,
                             const Run& run) { return radio_name(*run.journal, change.knob); }},
    ChangeColumn{"power, dBm",
                 [](const JudgedChange& change, const Run&) {
                   return level_text(change.from) + " to " + level_text(change.to);
                 }},
    ChangeColumn{"verdict",
                 [](const JudgedChange& change, const Run&) {
                   return std::string{change_word(word_index(change))};
                 }},
    ChangeColumn{"what followed", &followed_text},
    ChangeColumn{"station",
                 [](const JudgedChange& change, const Run&) {
                   const auto& station = change.evidence.station;
                   return station ? to_string(*station) : std::string{"-"};
                 }},
    ChangeColumn{"Mbit/s of airtime",
                 [](const JudgedChange& change, const Run&) {
                   return two(mbps(change.evidence.reference), mbps(change.evidence.observed), 1);
                 }},
    ChangeColumn{"acknowledged, %",
                 [](const JudgedChange& change, const Run&) {
                   return two(percent(change.evidence.reference_permille),
                              percent(change.evidence.acknowledged_permille), 1);
                 }},
    ChangeColumn{"bit rate, Mbit/s", &rates_text},
    ChangeColumn{"left (came back)", &left_text},
};

}  // namespace

ChangeTable changes_of(const Run& run, std::size_t most) {
  ChangeTable table;
  if (!run.journal) return table;
  ChangeReader reader;
  for (const Decision& decision : run.journal->decisions) reader.on(decision);
  table.shown = reader.finish();
  for (const JudgedChange& change : table.shown) ++table.counts.at(word_index(change));
  if (table.shown.size() > most) {
    table.more = table.shown.size() - most;
    std::ranges::stable_sort(table.shown, [](const JudgedChange& a, const JudgedChange& b) {
      return rank(a) != rank(b) ? rank(a) < rank(b) : a.at > b.at;
    });
    table.shown.resize(most);
    std::ranges::stable_sort(table.shown, {}, &JudgedChange::at);
  }
  // Each may look through all changes of the power: only of those that are shown.
  for (JudgedChange& change : table.shown) follow(change, *run.journal);
  return table;
}

std::string radio_name(const Journal& journal, const Knob& knob) {
  InterfaceIndex its = knob.interface;
  if (knob.kind == KnobKind::station) {
    const auto known = journal.stations.find(knob.station);
    if (known != journal.stations.end()) its = known->second.interface;
  }
  std::string names;
  for (const auto& [index, up] : journal.interfaces) {
    const bool is_ours = knob.kind == KnobKind::wiphy ? up.wiphy == knob.wiphy : index == its;
    if (is_ours) names += (names.empty() ? "" : ", ") + up.name;
  }
  if (!names.empty()) return names;
  return knob.kind == KnobKind::wiphy ? "wiphy " + std::to_string(value(knob.wiphy))
                                      : "interface " + std::to_string(value(its));
}

std::span<const ChangeColumn> change_columns() { return columns; }

}  // namespace pianissimo::report
