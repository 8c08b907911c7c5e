// A journal's records in their order, over all its rotated files, with what a replay must know of
// them: where a run begins, and from where on the state of the core cannot be known.
#pragma once

#include <cstdint>
#include <filesystem>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "controller/journal/record.hpp"
#include "experiments/report/input.hpp"

namespace pianissimo::replay {

/// A line of a journal. The file's name lives as long as its Recording.
struct Place {
  const std::filesystem::path* file = nullptr;
  int line = 0;
};

/// "journal.jsonl.1:17"
std::string to_string(const Place& place);

/// A record and what it means for a replay.
struct Step {
  journal::Record record;
  Place place;
  /// The record is a header, and a core without any memory takes over here.
  bool begins_run = false;
  /// Not empty: from this record on the state of the core is not known, and why.
  std::string gap;
};

class Recording {
 public:
  /// The journal with all its older files (journal.jsonl.2, journal.jsonl.1, journal.jsonl). All
  /// are opened here, so that a rotation under way does no harm. Throws report::InputError.
  explicit Recording(const std::filesystem::path& newest);

  /// The next record, valid until the next call; nullptr at the end. Headers that only repeat what
  /// is known are left out. Throws report::InputError with the line of what cannot be read.
  const Step* next();

  std::uint64_t lost_lines() const { return lost_lines_; }  ///< as `lost` records say
  std::uint64_t torn_lines() const { return torn_lines_; }  ///< last lines without their end

 private:
  bool take(std::string_view line);
  bool take_header(const journal::Header& header, std::string_view line);
  void take_event(const Event& event);
  void take_first(bool is_beginning);
  report::LineReader& reader() { return readers_[file_]; }

  std::vector<std::filesystem::path> files_;
  std::vector<report::LineReader> readers_;
  std::size_t file_ = 0;
  Step step_;

  // Of the run that the records belong to.
  bool is_open_ = false;
  std::string config_;
  std::vector<std::string> headers_;  // the lines seen, so that their repetitions are known
  Instant header_at_;
  std::set<std::uint32_t> interfaces_;
  bool has_events_ = false;
  bool is_unknown_ = false;  // after a gap

  std::string torn_;  // the gap that a torn line leaves for the next record
  std::uint64_t lost_lines_ = 0;
  std::uint64_t torn_lines_ = 0;
};

/// The journals named, without those that are an older file of another one named.
std::vector<std::filesystem::path> without_older_files(
    std::span<const std::filesystem::path> journals);

}  // namespace pianissimo::replay
