#include "experiments/replay/recording.hpp"

#include <algorithm>
#include <utility>

#include "experiments/report/journal.hpp"

namespace pianissimo::replay {
namespace {

using namespace std::chrono_literals;

// A run's header is stamped when its first interface is found; rotated files repeat it. So what is
// told much later than the header is not the beginning of the run.
constexpr Duration header_is_fresh = 1s;
// As many headers of a run are remembered: a new one is written with every new interface.
constexpr std::size_t headers_kept = 64;

std::set<std::uint32_t> indices_of(const journal::Header& header) {
  std::set<std::uint32_t> indices;
  for (const auto& interface : header.interfaces) indices.insert(interface.index);
  return indices;
}

bool is_one_more(const std::set<std::uint32_t>& more, const std::set<std::uint32_t>& than) {
  return more.size() == than.size() + 1 && std::ranges::includes(more, than);
}

}  // namespace

std::string to_string(const Place& place) {
  return place.file->string() + ':' + std::to_string(place.line);
}

Recording::Recording(const std::filesystem::path& newest) : files_{report::journal_files(newest)} {
  for (const auto& file : files_) readers_.emplace_back(file);
}

const Step* Recording::next() {
  while (file_ < readers_.size()) {
    const auto line = reader().next();
    if (!line) {
      if (file_ == 0 && reader().number() == 0)
        reader().fail("empty: a journal begins with a header");
      ++file_;
    } else if (take(*line)) {
      return &step_;
    }
  }
  return nullptr;
}

bool Recording::take(std::string_view line) {
  auto read = journal::from_line(line);
  if (const auto* const error = std::get_if<journal::ParseError>(&read)) {
    const bool is_torn = reader().unfinished() && is_open_;
    if (!is_torn) reader().fail(error->message);
    ++torn_lines_;
    torn_ = files_[file_].string() + ':' + std::to_string(reader().number()) + " is torn";
    return false;
  }
  step_.record = std::get<journal::Record>(std::move(read));
  step_.place = {&files_[file_], reader().number()};
  step_.begins_run = false;
  step_.gap = std::exchange(torn_, {});
  if (const auto* const header = std::get_if<journal::Header>(&step_.record.what)) {
    return take_header(*header, line);
  }
  if (!is_open_) reader().fail("no header: a journal begins with one");
  if (const auto* const event = std::get_if<Event>(&step_.record.what)) {
    take_event(*event);
  } else if (std::holds_alternative<Decision>(step_.record.what)) {
    take_first(false);
  }
  if (const auto* const lost = std::get_if<journal::Lost>(&step_.record.what)) {
    lost_lines_ += lost->lines;
    if (lost->lines > 0) step_.gap = std::to_string(lost->lines) + " lines were lost";
  }
  if (!step_.gap.empty()) is_unknown_ = true;
  return true;
}

// A new run begins with the first header, with another configuration, and with a header that the
// daemon would not have written in between: there it writes one for each new interface, and repeats
// the last one at the top of every file.
bool Recording::take_header(const journal::Header& header, std::string_view line) {
  const bool is_known = is_open_ && std::ranges::find(headers_, line) != headers_.end();
  if (is_known) {
    torn_ = std::exchange(step_.gap, {});
    return false;
  }
  const bool goes_on = is_open_ && header.config == config_ &&
                       (!has_events_ || is_one_more(indices_of(header), interfaces_) ||
                        (is_unknown_ && reader().number() > 1));
  header_at_ = step_.record.at;
  if (!goes_on) {
    is_open_ = true;
    config_ = header.config;
    headers_.clear();
    interfaces_ = indices_of(header);
    has_events_ = false;
    is_unknown_ = false;
    step_.begins_run = true;
    step_.gap.clear();
  }
  if (headers_.size() == headers_kept) headers_.erase(headers_.begin());
  headers_.emplace_back(line);
  if (!step_.gap.empty()) is_unknown_ = true;
  return true;
}

void Recording::take_event(const Event& event) {
  // What operators want of an interface is told before it is up.
  if (std::holds_alternative<HoldSet>(event) || std::holds_alternative<CeilingSet>(event) ||
      std::holds_alternative<ExternalCeilingSet>(event) ||
      std::holds_alternative<LeaveSet>(event)) {
    return;
  }
  const auto* const up = std::get_if<InterfaceUp>(&event);
  take_first(up && up->at <= header_at_ + header_is_fresh);
  if (up) interfaces_.insert(value(up->interface));
  if (const auto* const gone = std::get_if<InterfaceGone>(&event)) {
    interfaces_.erase(value(gone->interface));
  }
}

void Recording::take_first(bool is_beginning) {
  if (std::exchange(has_events_, true) || is_beginning) return;
  step_.gap = "the run began earlier, in a file that is gone";
}

std::vector<std::filesystem::path> without_older_files(
    std::span<const std::filesystem::path> journals) {
  std::vector<std::filesystem::path> newest;
  for (const auto& journal : journals) {
    const bool is_older = std::ranges::any_of(journals, [&](const auto& other) {
      const auto files = report::journal_files(other);
      return other != journal && std::ranges::find(files, journal) != files.end();
    });
    if (!is_older && std::ranges::find(newest, journal) == newest.end()) newest.push_back(journal);
  }
  return newest;
}

}  // namespace pianissimo::replay
