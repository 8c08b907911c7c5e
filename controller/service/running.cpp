#include "controller/service/running.hpp"

#include <signal.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <sstream>

#include "controller/service/state_files.hpp"

namespace pianissimo::service {
namespace {

std::string path_in(const std::string& state_directory) {
  return state_directory + '/' + std::string{pid_file};
}

// proc(5): field 3 is the state, field 22 the time it began, in clock ticks since boot. The name
// before them is in parentheses, and may have some itself. Nullopt: dead, or not to be seen.
std::optional<unsigned long long> began(pid_t pid) {
  std::ifstream file{"/proc/" + std::to_string(pid) + "/stat"};
  std::string line;
  std::getline(file, line);
  const auto end_of_name = line.rfind(')');
  if (end_of_name == std::string::npos) return std::nullopt;
  std::istringstream fields{line.substr(end_of_name + 1)};
  std::string state;
  fields >> state;
  if (state == "Z" || state == "X") return std::nullopt;
  std::string skipped;
  for (int field = 4; field < 22; ++field) fields >> skipped;
  unsigned long long ticks = 0;
  return fields >> ticks ? std::optional{ticks} : std::nullopt;
}

}  // namespace

std::optional<StateError> note_running(const std::string& state_directory) {
  const std::string text =
      std::to_string(::getpid()) + ' ' + std::to_string(began(::getpid()).value_or(0)) + '\n';
  return replace_file(path_in(state_directory), text, 0644);
}

std::optional<StateError> forget_running(const std::string& state_directory) {
  return remove_file(path_in(state_directory));
}

std::optional<pid_t> running(const std::string& state_directory) {
  const auto text = read_small_file(path_in(state_directory));
  const auto* const content = std::get_if<std::optional<std::string>>(&text);
  if (!content || !*content) return std::nullopt;
  std::istringstream fields{**content};
  pid_t pid = 0;
  unsigned long long ticks = 0;
  if (!(fields >> pid >> ticks) || pid <= 0) return std::nullopt;
  if (const auto now = began(pid)) return *now == ticks ? std::optional{pid} : std::nullopt;
  // Without /proc, or where it hides others' processes, the number alone must do.
  const bool is_hidden = ::access("/proc/1/stat", R_OK) != 0;
  const bool exists = ::kill(pid, 0) == 0 || errno == EPERM;
  return is_hidden && exists ? std::optional{pid} : std::nullopt;
}

}  // namespace pianissimo::service
