#include "experiments/lab/output_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

#include "config/printable.hpp"

namespace pianissimo::lab {
namespace {

namespace fs = std::filesystem;

// Enough for what tells our files: more of an end than a PDF's last comment has.
constexpr std::size_t head_bytes = 65'536;
constexpr std::streamoff tail_bytes = 4'096;

// What stands at the begin and at the end of a file; empty if it is empty.
std::string ends_of(std::ifstream& in) {
  std::string text(head_bytes, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(in.gcount()));
  in.clear();
  in.seekg(0, std::ios::end);
  const std::streamoff size = in.tellg();
  const auto read = static_cast<std::streamoff>(text.size());
  if (size <= read) return text;
  in.seekg(std::max(read, size - tail_bytes));
  std::string tail(static_cast<std::size_t>(tail_bytes), '\0');
  in.read(tail.data(), tail_bytes);
  return text.append(tail, 0, static_cast<std::size_t>(in.gcount()));
}

fs::path target_of(const fs::path& path) {
  std::error_code error;
  fs::path target = fs::is_symlink(path, error) ? fs::canonical(path, error) : path;
  return error ? path : target;
}

bool takes_bytes_directly(const fs::path& path) {
  std::error_code ignored;
  const fs::file_status status = fs::status(path, ignored);
  return fs::is_character_file(status) || fs::is_fifo(status);
}

}  // namespace

void require_ours(const fs::path& path, const Signature& signature) {
  const auto leave = [&](const std::string& why) {
    throw OutputError{OutputError::Kind::not_ours,
                      printable(path.string() + ": left alone: " + why)};
  };
  std::error_code ignored;
  const fs::file_status status = fs::status(path, ignored);
  if (!fs::exists(status) || fs::is_directory(status)) return;
  if (!fs::is_regular_file(status)) leave("it is not a regular file");
  std::ifstream in{path, std::ios::binary};
  if (!in) leave("it cannot be read, and so may be something else");
  const std::string text = ends_of(in);
  if (text.empty()) return;
  const bool is_ours = text.starts_with(signature.begins) &&
                       std::ranges::all_of(signature.holds, [&](std::string_view part) {
                         return text.find(part) != text.npos;
                       });
  if (is_ours) return;
  leave("it is not " + std::string{signature.what} +
        "; name another file, or remove this one first");
}

OutputFile::OutputFile(fs::path path, const Signature& signature)
    : path_{target_of(path)}, beside_{path_}, signature_{signature} {
  if (takes_bytes_directly(path_)) {
    stream_.open(path_, std::ios::binary);
    if (!stream_.is_open()) fail();
    return;
  }
  std::error_code ignored;
  errno = EISDIR;
  if (fs::is_directory(path_, ignored)) fail();
  require_ours(path_, signature_);
  beside_ += ".tmp-" + std::to_string(::getpid());
  // What has that name already was not made by us.
  const int fd = ::open(beside_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (fd < 0) {
    is_done_ = true;
    fail();
  }
  ::close(fd);
  stream_.open(beside_, std::ios::binary);
  if (!stream_.is_open()) fail();
}

OutputFile::~OutputFile() {
  if (is_done_ || beside_ == path_) return;
  std::error_code ignored;
  fs::remove(beside_, ignored);
}

void OutputFile::commit() {
  errno = 0;
  stream_.close();
  if (!stream_) fail();
  std::error_code error;
  if (beside_ != path_) {
    require_ours(path_, signature_);  // it may have come while we computed
    fs::rename(beside_, path_, error);
  }
  if (error) {
    errno = error.value();
    fail();
  }
  is_done_ = true;
}

void OutputFile::fail() const {
  const int error = errno == 0 ? EIO : errno;
  throw OutputError{
      OutputError::Kind::cannot_write,
      printable(path_.string() + ": cannot be written: " + std::generic_category().message(error))};
}

}  // namespace pianissimo::lab
