#include "controller/service/control_socket.hpp"

#include <fmt/format.h>
#include <grp.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <optional>

namespace pianissimo::service {
namespace {

// Who waits to be accepted while we accept slowly, lest a storm of them keeps us from our work.
constexpr int backlog = 16;

struct Address {
  explicit Address(const std::string& path) {
    name.sun_family = AF_UNIX;
    std::memcpy(name.sun_path, path.data(), path.size());
  }
  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&name); }
  sockaddr_un name{};
};

int make_socket() { return ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0); }

// Why what is at the path must stay; nullopt: nothing is, or a socket of a dead process.
std::optional<std::string> in_the_way(const std::string& path) {
  struct stat status {};
  if (::lstat(path.c_str(), &status) != 0) return std::nullopt;
  if (!S_ISSOCK(status.st_mode)) return "is there and is no socket: left alone";
  const int fd = make_socket();
  const Address address{path};
  const bool is_dead = fd >= 0 && ::connect(fd, address.get(), sizeof address.name) != 0 &&
                       (errno == ECONNREFUSED || errno == ENOENT);
  if (fd >= 0) ::close(fd);
  return is_dead ? std::nullopt : std::optional{"another process listens there: left alone"};
}

// Gives it to the group. Why not, or "".
std::string share(const std::string& path, const std::string& group) {
  const struct group* const found = ::getgrnam(group.c_str());
  if (!found) return fmt::format("there is no group {}", group);
  if (::chown(path.c_str(), static_cast<uid_t>(-1), found->gr_gid) != 0 ||
      ::chmod(path.c_str(), 0660) != 0) {
    return fmt::format("not given to the group {}: {}", group, std::strerror(errno));
  }
  return {};
}

}  // namespace

std::variant<ListeningSocket, std::string> listen_at(const std::string& path,
                                                     const std::string& group) {
  const std::string fresh = path + ".new";
  if (fresh.size() >= sizeof(sockaddr_un{}.sun_path)) return path + ": too long for a socket";
  if (const auto why = in_the_way(path)) return path + ": " + *why;
  ::unlink(fresh.c_str());  // of a run that was killed in between
  const int fd = make_socket();
  const Address address{fresh};
  // The file gets the mode of the socket (unix_bind()), so it is never open to others; umask()
  // would be that of the journal's thread, too.
  const bool is_there = fd >= 0 && ::fchmod(fd, 0600) == 0 &&
                        ::bind(fd, address.get(), sizeof address.name) == 0 &&
                        ::listen(fd, backlog) == 0;
  std::string warning;
  if (is_there) warning = share(fresh, group);
  if (!is_there || ::rename(fresh.c_str(), path.c_str()) != 0) {
    const int error = errno;
    if (fd >= 0) ::close(fd);
    ::unlink(fresh.c_str());
    return path + ": " + std::strerror(error);
  }
  if (!warning.empty()) warning = path + ": only its owner may use it: " + warning;
  return ListeningSocket{fd, warning};
}

}  // namespace pianissimo::service
