#include "experiments/lab/output_file.hpp"

#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace pianissimo::lab {

OutputFile::OutputFile(std::filesystem::path path) : path_{std::move(path)}, beside_{path_} {
  std::error_code ignored;
  const auto status = std::filesystem::status(path_, ignored);
  const bool is_direct = std::filesystem::exists(status) &&
                         !std::filesystem::is_regular_file(status) &&
                         !std::filesystem::is_directory(status);
  if (!is_direct) beside_ += ".tmp-" + std::to_string(::getpid());
  if (!std::filesystem::is_directory(status)) stream_.open(beside_, std::ios::binary);
  if (std::filesystem::is_directory(status)) errno = EISDIR;
  if (!stream_.is_open()) fail();
}

OutputFile::~OutputFile() {
  if (is_done_ || beside_ == path_) return;
  std::error_code ignored;
  std::filesystem::remove(beside_, ignored);
}

void OutputFile::commit() {
  errno = 0;
  stream_.close();
  if (!stream_) fail();
  std::error_code error;
  if (beside_ != path_) std::filesystem::rename(beside_, path_, error);
  if (error) {
    errno = error.value();
    fail();
  }
  is_done_ = true;
}

void OutputFile::fail() const {
  const int error = errno == 0 ? EIO : errno;
  throw OutputError{path_.string() +
                    ": cannot be written: " + std::generic_category().message(error)};
}

}  // namespace pianissimo::lab
