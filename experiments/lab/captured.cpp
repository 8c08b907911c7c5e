#include "experiments/lab/captured.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>
#include <vector>

namespace pianissimo::lab {
namespace {

void require(int error) {
  if (error != 0) throw std::system_error{error, std::generic_category(), "another program"};
}

std::string read_all(int fd) {
  std::string text;
  std::array<char, 65'536> part;
  for (;;) {
    const ssize_t got = ::read(fd, part.data(), part.size());
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return text;
    text.append(part.data(), static_cast<std::size_t>(got));
  }
}

// `input`: null for our own standard input and standard error.
Captured run(std::span<const std::string> command, const char* input) {
  std::array<int, 2> pipe{};
  require(::pipe2(pipe.data(), O_CLOEXEC) == 0 ? 0 : errno);
  std::vector<char*> arguments;
  for (const std::string& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, pipe[1], STDOUT_FILENO);
  if (input != nullptr) {
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, input, O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, pipe[1], STDERR_FILENO);
  }
  pid_t child = 0;
  const int failed =
      ::posix_spawnp(&child, arguments.front(), &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  ::close(pipe[1]);
  Captured out;
  if (failed == 0) out.text = read_all(pipe[0]);
  ::close(pipe[0]);
  if (failed == ENOENT) return {.status = 127, .text = {}};
  require(failed);
  int status = 0;
  while (::waitpid(child, &status, 0) < 0) require(errno == EINTR ? 0 : errno);
  out.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return out;
}

}  // namespace

Captured captured(std::span<const std::string> command) { return run(command, nullptr); }

Captured captured_whole(std::span<const std::string> command, const std::string& input) {
  return run(command, input.c_str());
}

}  // namespace pianissimo::lab
