#include "experiments/lab/output_file.hpp"

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

fs::path make_folder(const fs::path& path) {
  std::error_code error;
  fs::create_directories(path, error);
  if (!error) return path;
  throw OutputError{OutputError::Kind::cannot_write,
                    printable(path.string() + ": cannot be made: " + error.message())};
}

OutputFile::OutputFile(fs::path path, const Signature& signature)
    : path_{target_of(path)}, signature_{signature} {
  if (takes_bytes_directly(path_)) {
    stream_.open(path_, std::ios::binary);
    if (!stream_.is_open()) fail(errno);
    return;
  }
  std::error_code error;
  const fs::file_status status = fs::status(path_, error);
  if (status.type() == fs::file_type::none) fail(error.value());  // a name that is too long
  if (fs::is_directory(status)) fail(EISDIR);
  require_ours(path_, signature_);
  try {
    beside_.emplace(path_.parent_path());
  } catch (const std::system_error& wrong) {
    fail(wrong.code().value());
  }
  stream_.open(beside_->name(), std::ios::binary);
  if (!stream_.is_open()) fail(errno);
}

void OutputFile::commit() {
  errno = 0;
  stream_.close();
  if (!stream_) fail(errno);
  if (!beside_) return;
  require_ours(path_, signature_);  // it may have come while we computed
  try {
    beside_->finish(path_);
  } catch (const std::system_error& wrong) {
    fail(wrong.code().value());
  }
}

void OutputFile::fail(int error) const {
  throw OutputError{OutputError::Kind::cannot_write,
                    printable(path_.string() + ": cannot be written: " +
                              std::generic_category().message(error == 0 ? EIO : error))};
}

}  // namespace pianissimo::lab
