#include "controller/journal/writer.hpp"

#include <utility>

#include "controller/journal/file.hpp"

namespace pianissimo::journal {

Writer::Writer(Options options, std::string header, LostLine lost_line)
    : options_{std::move(options)},
      lost_line_{std::move(lost_line)},
      header_{std::move(header)},
      thread_{[this] { run(); }} {}

Writer::~Writer() {
  {
    const std::lock_guard lock{mutex_};
    stopping_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

void Writer::append(std::string line) {
  {
    const std::lock_guard lock{mutex_};
    if (queued_bytes_ + line.size() > options_.queue_bytes) {
      ++lost_;
      trouble_ = options_.path + ": the disk is too slow";
      return;
    }
    queued_bytes_ += line.size();
    queue_.push_back(std::move(line));
  }
  wake_.notify_one();
}

void Writer::set_header(std::string header) {
  const std::lock_guard lock{mutex_};
  header_ = std::move(header);
}

std::uint64_t Writer::written() const {
  const std::lock_guard lock{mutex_};
  return written_;
}

std::uint64_t Writer::lost() const {
  const std::lock_guard lock{mutex_};
  return lost_;
}

std::string Writer::trouble() const {
  const std::lock_guard lock{mutex_};
  return trouble_;
}

void Writer::run() {
  RotatingFile file{options_.path, options_.budget_bytes};
  std::uint64_t told = 0;  // lost lines that the file speaks of
  std::unique_lock lock{mutex_};
  for (;;) {
    wake_.wait(lock, [&] { return stopping_ || !queue_.empty(); });
    if (queue_.empty()) return;
    const std::deque<std::string> lines = std::exchange(queue_, {});
    queued_bytes_ = 0;
    const std::string header = header_;
    for (const std::string& line : lines) {
      const std::uint64_t lost = lost_;
      lock.unlock();
      std::error_code error;
      if (lost > told) error = file.write(lost_line_(lost - told), header);
      const bool said = !error;
      if (!error) error = file.write(line, header);
      lock.lock();
      if (said) told = lost;
      if (!error) written_ += line.size() + 1;
      if (error) {
        ++lost_;
        trouble_ = options_.path + ": " + error.message();
      }
    }
  }
}

}  // namespace pianissimo::journal
