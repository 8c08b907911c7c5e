// Any bytes, as each of the files that the daemon and its commands find in /run and /var/lib: the
// power found, who runs, the status, the token and the key of the pseudonyms. Each is refused in
// words that can be shown, or is within every range and survives being written again.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/json/parse.hpp>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>
#include <variant>

#include "config/printable.hpp"
#include "controller/journal/privacy_key.hpp"
#include "controller/service/found_power.hpp"
#include "controller/service/http_token.hpp"
#include "controller/service/running.hpp"
#include "controller/service/show_status.hpp"

namespace {

using namespace pianissimo;
using namespace pianissimo::service;

void require(bool holds) {
  if (!holds) std::abort();
}

/// A folder in RAM, if there is one: what is saved is synchronised to its disk.
class Directory {
 public:
  Directory() {
    const std::filesystem::path ram = "/dev/shm";
    const std::filesystem::path place = std::filesystem::exists(ram) ? ram : "/tmp";
    std::string name = place / "pianissimo-fuzz.XXXXXX";
    require(::mkdtemp(name.data()) != nullptr);
    path_ = name;
  }
  ~Directory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  Directory(const Directory&) = delete;
  Directory& operator=(const Directory&) = delete;

  const std::string& path() const { return path_; }
  std::string has(std::string_view name, std::string_view text) const {
    const std::string file = path_ + '/' + std::string{name};
    ::unlink(file.c_str());
    const int fd = ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    require(fd >= 0 && ::write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size()));
    ::close(fd);
    return file;
  }

 private:
  std::string path_;
};

bool is_level(Dbm level) { return dbm(-10) <= level && level <= dbm(60); }

void read_found(const Directory& directory, const std::string& text) {
  directory.has(found_file, text);
  const StateFile file{directory.path()};
  const auto loaded = file.load();
  if (const auto* const error = std::get_if<StateError>(&loaded)) {
    require(error->status == ExitStatus::bad_data && !error->message.empty());
    return;
  }
  const auto& found = std::get<FoundPowers>(loaded);
  for (const auto& [name, power] : found) {
    require(!name.empty() && name.size() <= 15 && printable(name) == name);
    require(is_level(power.power) && value(power.wiphy) <= 0xffff);
    require(value(power.interface) <= 0x7fff'ffff);
    require(!power.channel_maximum || is_level(*power.channel_maximum));
  }
  require(!file.save(found));
  const auto again = file.load();
  require(std::holds_alternative<FoundPowers>(again) && std::get<FoundPowers>(again) == found);
}

void read_running(const Directory& directory, const std::string& text) {
  directory.has(pid_file, text);
  const auto pid = running(directory.path());
  require(!pid || *pid > 0);
}

void read_status(const std::string& text) {
  try {
    print_status(boost::json::parse(text).as_object(), Instant{std::chrono::hours{1000}});
  } catch (const std::exception&) {
    // Not a status of this version: said so by its caller.
  }
}

void read_token(const Directory& directory, const std::string& text) {
  directory.has(token_file, text);
  const auto token = http_token(directory.path());
  require(std::holds_alternative<std::string>(token));
  require(std::get<std::string>(token).size() == 64);
  require(http_token(directory.path()) == token);
}

void read_key(const Directory& directory, const std::string& text) {
  const auto found = journal::privacy_key(directory.has("salt", text));
  require((text.size() == found.key.size()) == found.trouble.empty());
}

}  // namespace

extern "C" int LLVMFuzzerInitialize(int*, char***) {
  // What print_status() shows is not for whoever watches the fuzzer.
  return std::freopen("/dev/null", "w", stdout) ? 0 : 1;
}

// The first byte says which file it is.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Directory directory;
  if (size == 0) return 0;
  const std::string text{data + 1, data + size};
  switch (data[0]) {
    case 'p':
      read_running(directory, text);
      break;
    case 's':
      read_status(text);
      break;
    case 't':
      read_token(directory, text);
      break;
    case 'k':
      read_key(directory, text);
      break;
    default:
      read_found(directory, text);
  }
  return 0;
}
