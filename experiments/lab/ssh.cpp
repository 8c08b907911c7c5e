#include "experiments/lab/ssh.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <system_error>

#include "experiments/campaign/quote.hpp"

namespace pianissimo::lab {
namespace {

namespace fs = std::filesystem;

// No command of ours takes as long, unless the machine hangs; the slowest copies a journal.
constexpr const char* longest = "180";
constexpr const char* nothing = "/dev/null";

}  // namespace

Ssh::Ssh(std::string config) : config_{std::move(config)} {
  std::string name = (fs::temp_directory_path() / "pianissimo-ssh-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) {
    throw std::system_error{errno, std::generic_category(), name};
  }
  folder_ = name;
}

Ssh::~Ssh() {
  for (const std::string& destination : destinations_) {
    auto words = command(destination);
    words.insert(words.end() - 2, {"-O", "exit"});
    captured_whole(words, nothing);
  }
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

std::vector<std::string> Ssh::command(const std::string& destination) const {
  std::vector<std::string> words{
      "timeout", "--kill-after=5",        longest, "ssh",
      "-E",      folder_ / "log",         "-o",    "BatchMode=yes",
      "-o",      "ConnectTimeout=10",     "-o",    "ServerAliveInterval=5",
      "-o",      "ServerAliveCountMax=3", "-o",    "ControlMaster=auto",
      "-o",      "ControlPersist=60",     "-o",    "ControlPath=" + (folder_ / "%C").string()};
  if (!config_.empty()) words.insert(words.end(), {"-F", config_});
  words.insert(words.end(), {"--", destination});
  return words;
}

Captured Ssh::run(const std::string& destination, const std::vector<std::string>& words,
                  const fs::path& input) {
  std::error_code ignored;
  fs::remove(folder_ / "log", ignored);
  if (std::ranges::find(destinations_, destination) == destinations_.end()) {
    destinations_.push_back(destination);
  }
  auto all = command(destination);
  all.push_back(campaign::quoted(words));
  return captured_whole(all, input.empty() ? nothing : input.string());
}

std::string Ssh::why() const {
  std::ifstream log{folder_ / "log"};
  std::string last = "the connection was lost";
  for (std::string line; std::getline(log, line);) {
    if (!line.empty()) last = line;
  }
  while (!last.empty() && last.back() == '\r') last.pop_back();
  return last;
}

}  // namespace pianissimo::lab
