// Keeps lines on disk within a byte budget, from a thread of its own: the loop that appends never
// waits for a disk.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

namespace pianissimo::journal {

/// Writes `path`; when it holds a quarter of the budget it becomes `path`.1 (and that .2, and so
/// on; the oldest is deleted), so that all files together stay within the budget. What an earlier
/// run left is rotated away, not appended to. A line is written whole or not at all.
class Writer {
 public:
  struct Options {
    std::string path;
    std::uint64_t budget_bytes = 8'388'608;
    /// Lines waiting for the disk, in bytes; what comes on top is lost and counted.
    std::size_t queue_bytes = 1'048'576;
  };
  /// Makes the line that says how many lines were lost before it.
  using LostLine = std::function<std::string(std::uint64_t lines)>;

  /// Nothing is opened until the first line. `header` is the first line of every file.
  Writer(Options options, std::string header, LostLine lost_line);
  /// Writes what waits, then closes.
  ~Writer();
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  /// One line without its newline. Never blocks on I/O, never fails: what cannot be kept is
  /// counted.
  void append(std::string line);
  /// The first line of the files to come.
  void set_header(std::string header);
  /// Bytes on disk so far, newlines included; of headers, only those that were appended.
  std::uint64_t written() const;
  /// Lines lost so far.
  std::uint64_t lost() const;
  /// Why a line was lost last, with the path; empty while none was.
  std::string trouble() const;

 private:
  void run();

  const Options options_;
  const LostLine lost_line_;
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::string> queue_;
  std::size_t queued_bytes_ = 0;
  std::string header_;
  std::uint64_t written_ = 0;
  std::uint64_t lost_ = 0;
  std::string trouble_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace pianissimo::journal
