#include "experiments/lab/unfinished_file.hpp"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>
#include <vector>

namespace pianissimo::lab {
namespace {

// What a person, a shell, an exhausted limit or a closed pipe ends a command with.
constexpr std::array ending{SIGHUP, SIGINT, SIGQUIT, SIGPIPE, SIGTERM, SIGXCPU, SIGXFSZ};

// The names of those that live. Changed only while the signals wait: the handler reads them.
std::vector<const char*>& unfinished() {
  static auto& names = *new std::vector<const char*>;  // outlives every signal
  return names;
}

extern "C" void remove_unfinished(int signal) {
  for (const char* const name : unfinished()) ::unlink(name);
  // Waits until this function is done, and then does what it does without us.
  ::signal(signal, SIG_DFL);
  ::raise(signal);
}

sigset_t ending_signals() {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : ending) sigaddset(&set, signal);
  return set;
}

// What a shell has us ignore (nohup), and who stops in another way, stay as they are.
void handle_ending_signals() {
  struct sigaction ours {};
  ours.sa_handler = remove_unfinished;
  ours.sa_mask = ending_signals();
  for (const int signal : ending) {
    struct sigaction before {};
    ::sigaction(signal, nullptr, &before);
    if (before.sa_handler == SIG_DFL) ::sigaction(signal, &ours, nullptr);
  }
}

/// While it lives, the signals wait. Only for this thread: files are made and finished in one.
class SignalsWait {
 public:
  SignalsWait() {
    const sigset_t set = ending_signals();
    ::sigprocmask(SIG_BLOCK, &set, &before_);
  }
  ~SignalsWait() { ::sigprocmask(SIG_SETMASK, &before_, nullptr); }
  SignalsWait(const SignalsWait&) = delete;
  SignalsWait& operator=(const SignalsWait&) = delete;

 private:
  sigset_t before_{};
};

std::system_error failed() { return {errno, std::generic_category()}; }

}  // namespace

UnfinishedFile::UnfinishedFile(const std::filesystem::path& folder) {
  static int made = 0;
  const std::string begin = folder / (".pianissimo-lab-" + std::to_string(::getpid()) + '-');
  const SignalsWait wait;
  unfinished().reserve(unfinished().size() + 1);
  int fd = -1;
  do {
    name_ = begin + std::to_string(++made);
    fd = ::open(name_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  } while (fd < 0 && errno == EEXIST);  // not made by us
  if (fd < 0) throw failed();
  ::close(fd);
  unfinished().push_back(name_.c_str());
  handle_ending_signals();
}

UnfinishedFile::~UnfinishedFile() {
  const SignalsWait wait;
  std::erase(unfinished(), name_.c_str());
  if (!is_finished_) ::unlink(name_.c_str());
}

void UnfinishedFile::finish(const std::filesystem::path& path) {
  const SignalsWait wait;
  if (::rename(name_.c_str(), path.c_str()) != 0) throw failed();
  is_finished_ = true;
}

}  // namespace pianissimo::lab
