#include "controller/journal/privacy_key.hpp"

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <system_error>

namespace pianissimo::journal {
namespace {

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_{fd} {}
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }

 private:
  int fd_;
};

std::string words_of(int error) { return std::system_category().message(error); }

// The key; nullopt with `error` 0: there is no file.
std::optional<PrivacyKey> read_key(const std::string& path, std::string& wrong) {
  const Descriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)};
  if (file.get() < 0) {
    if (errno != ENOENT) wrong = words_of(errno);
    return std::nullopt;
  }
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) {
    wrong = words_of(errno);
  } else if (!S_ISREG(status.st_mode)) {
    wrong = "is no regular file";
  } else if (status.st_uid != ::geteuid() && status.st_uid != 0) {
    wrong = "belongs to another user";
  } else if ((status.st_mode & 077) != 0) {
    wrong = "others can read it: chmod 600, or better remove it, so that a new one is made";
  }
  if (!wrong.empty()) return std::nullopt;
  std::array<std::uint8_t, sizeof(PrivacyKey) + 1> bytes{};
  if (::read(file.get(), bytes.data(), bytes.size()) != static_cast<ssize_t>(sizeof(PrivacyKey))) {
    wrong = "is no key: it has to have 32 bytes";
    return std::nullopt;
  }
  PrivacyKey key{};
  std::memcpy(key.data(), bytes.data(), key.size());
  return key;
}

// 0, or why not (errno). The file is there as a whole or not at all.
int make_key(const std::string& path, const PrivacyKey& key) {
  std::error_code error;
  std::filesystem::create_directories(std::filesystem::path{path}.parent_path(), error);
  if (error) return error.value();
  const std::string fresh = path + ".new";
  ::unlink(fresh.c_str());
  const Descriptor file{
      ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600)};
  if (file.get() < 0) return errno;
  int number = 0;
  const ssize_t written = ::write(file.get(), key.data(), key.size());
  if (written != static_cast<ssize_t>(key.size())) {
    number = written < 0 ? errno : ENOSPC;
  } else if (::fsync(file.get()) != 0 || ::link(fresh.c_str(), path.c_str()) != 0) {
    number = errno;  // EEXIST: another one was faster, and its key holds
  }
  ::unlink(fresh.c_str());
  return number;
}

bool keeps_in_ram(const struct statfs& system) {
  // A signed word of 32 or 64 bits, by the processor; RAMFS_MAGIC has the highest of 32.
  const auto type = static_cast<std::uint32_t>(system.f_type);
  return type == TMPFS_MAGIC || type == RAMFS_MAGIC;
}

}  // namespace

PrivacyKey fresh_key() {
  PrivacyKey key{};
  // 32 bytes come whole: only more than 256 may be cut short by a signal.
  if (::getrandom(key.data(), key.size(), 0) != static_cast<ssize_t>(key.size())) {
    throw std::system_error{errno, std::system_category(), "no random bytes"};
  }
  return key;
}

KeyFound privacy_key(const std::string& path) {
  std::string wrong;
  if (const auto key = read_key(path, wrong)) return {*key, {}};
  const PrivacyKey fresh = fresh_key();
  if (wrong.empty()) {
    const int error = make_key(path, fresh);
    if (error == 0) return {fresh, {}};
    if (error == EEXIST) {
      if (const auto key = read_key(path, wrong)) return {*key, {}};
    }
    if (wrong.empty()) wrong = "cannot be made: " + words_of(error);
  }
  return {fresh, path + ": " + wrong};
}

PseudonymsFound pseudonyms(StationIds ids, const std::string& key_file) {
  KeyFound found = ids == StationIds::hmac ? privacy_key(key_file) : KeyFound{fresh_key(), {}};
  return {Pseudonyms{ids, found.key}, std::move(found.trouble)};
}

bool is_in_ram(const std::string& path) {
  struct stat status {};
  std::filesystem::path place{path};
  if (::stat(path.c_str(), &status) == 0) {
    if (!S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode)) return false;
  } else {
    std::error_code ignored;
    do {
      place = place.parent_path();
    } while (place.has_relative_path() && !std::filesystem::exists(place, ignored));
  }
  struct statfs system {};
  return ::statfs(place.c_str(), &system) == 0 && keeps_in_ram(system);
}

bool is_in_ram(int descriptor) {
  if (::isatty(descriptor) == 1) return true;
  struct stat status {};
  struct statfs system {};
  return ::fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode) &&
         ::fstatfs(descriptor, &system) == 0 && keeps_in_ram(system);
}

}  // namespace pianissimo::journal
