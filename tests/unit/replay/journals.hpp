// Journals in a folder that goes away, and what a replay says of them.
#pragma once

#include <gmock/gmock.h>

#include "experiments/replay/replay.hpp"
#include "tests/unit/replay/recorded_run.hpp"
#include "tests/unit/report/files.hpp"

namespace pianissimo::replay {

using report::Folder;

inline Summary replayed(const std::filesystem::path& journal, const Options& options = {}) {
  return replay(std::array{journal}, options);
}

inline Options with(std::vector<std::string> settings) {
  return {.config = {}, .settings = std::move(settings), .journal = {}};
}

/// The journal that a replay writes.
inline std::string written(const std::filesystem::path& journal, Options options = {}) {
  std::string text;
  options.journal = [&](const journal::Record& record) { text += to_line(record) + '\n'; };
  replayed(journal, options);
  return text;
}

inline std::string recorded_text(std::size_t events = 300, KnobKind path = KnobKind::interface) {
  test::RecordedRun run{test::two_stations(path)};
  run.run(events);
  return run.take_text();
}

inline std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream{text};
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

inline std::string joined(const std::vector<std::string>& lines, std::size_t from = 0) {
  std::string text;
  for (std::size_t i = from; i < lines.size(); ++i) text += lines[i] + '\n';
  return text;
}

/// The index of the n-th line (from 0) that has this text.
inline std::size_t line_with(const std::vector<std::string>& lines, std::string_view text,
                             int n = 0) {
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (lines[i].find(text) != std::string::npos && n-- == 0) return i;
  }
  throw std::runtime_error{"no such line"};
}

inline std::uint64_t events_in(const std::vector<std::string>& lines) {
  return static_cast<std::uint64_t>(std::ranges::count_if(lines, [](const std::string& line) {
    const auto read = journal::from_line(line);
    return std::holds_alternative<Event>(std::get<journal::Record>(read).what);
  }));
}

inline std::vector<std::filesystem::path> golden_journals() {
  std::vector<std::filesystem::path> all;
  for (const auto& entry : std::filesystem::directory_iterator{GOLDEN_FOLDER}) {
    if (entry.path().extension() == ".jsonl") all.push_back(entry.path());
  }
  std::ranges::sort(all);
  return all;
}

}  // namespace pianissimo::replay
