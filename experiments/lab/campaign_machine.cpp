#include "experiments/lab/campaign_machine.hpp"

#include <fmt/format.h>

#include <charconv>
#include <fstream>
#include <sstream>
#include <thread>

#include "config/printable.hpp"
#include "experiments/campaign/agent.hpp"
#include "experiments/lab/long_run.hpp"
#include "experiments/lab/output_file.hpp"
#include "experiments/lab/unfinished_file.hpp"

namespace pianissimo::lab {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

// A router that does not answer is asked again so often.
constexpr auto pause = 3s;

// What a run may leave; a name from elsewhere never becomes a path here.
bool is_run_file(std::string_view name) {
  constexpr std::string_view journal = "journal.jsonl";
  if (name == "config.yaml" || name == "facts" || name == "result" || name == "daemon.log" ||
      name == "agent.log" || name == "capture.pcap" || name == journal) {
    return true;
  }
  const auto is_number = [](std::string_view text) {
    return !text.empty() && text.size() < 4 &&
           text.find_first_not_of("0123456789") == std::string_view::npos;
  };
  if (name.starts_with(journal) && name[journal.size()] == '.') {
    return is_number(name.substr(journal.size() + 1));
  }
  constexpr std::string_view iperf = "iperf-";
  return name.starts_with(iperf) && name.ends_with(".json") &&
         is_number(name.substr(iperf.size(), name.size() - iperf.size() - 5));
}

// The first line of what was said, for a message.
std::string first_line(const std::string& text) {
  return printable(text.substr(0, std::min(text.find('\n'), std::size_t{300})));
}

// A file of our own for as long as ssh reads it.
class TextFile {
 public:
  explicit TextFile(std::string_view text) : file_{fs::temp_directory_path()} {
    std::ofstream out{file_.name(), std::ios::binary};
    out << text << std::flush;
    if (!out)
      throw OutputError{OutputError::Kind::cannot_write, file_.name() + ": cannot be written"};
  }
  std::string name() const { return file_.name(); }

 private:
  UnfinishedFile file_;
};

}  // namespace

void wait_for(std::chrono::seconds time) {
  const auto end = std::chrono::steady_clock::now() + time;
  do {
    if (StopRequest::is_asked()) throw Stopped{};
    std::this_thread::sleep_for(100ms);
  } while (std::chrono::steady_clock::now() < end);
}

Machine::Machine(Ssh& ssh, std::string destination, const std::string& token, Patience patience)
    : ssh_{&ssh},
      destination_{std::move(destination)},
      folder_{"/tmp/pianissimo-campaign-" + token},
      patience_{std::move(patience)} {}

Captured Machine::reach(const std::vector<std::string>& words, const fs::path& input) {
  const auto begin = std::chrono::steady_clock::now();
  bool is_said = false;
  for (;;) {
    Captured said = ssh_->run(destination_, words, input);
    if (said.status == 127 && said.text.empty()) {
      throw MachineError{"ssh or timeout is not installed (Debian: openssh-client, coreutils)"};
    }
    const bool is_lost = Ssh::is_lost(said);
    if (is_said && !is_lost) patience_.say(destination_ + ": there again");
    if (!is_lost) return said;
    const std::string why = printable(ssh_->why());
    const auto waited = std::chrono::steady_clock::now() - begin;
    if (waited >= patience_.longest) {
      throw Unreachable{fmt::format("{}: not reached for {}: {}", destination_,
                                    duration_text(patience_.longest), why)};
    }
    if (!is_said)
      patience_.say(fmt::format("{}: not reached, trying again: {}", destination_, why));
    is_said = was_away_ = true;
    wait_for(pause);
  }
}

void Machine::install(const std::string& daemon) {
  // /tmp is everybody's: only a folder that nobody else can have made is ours. Nobody knows the
  // token.
  const TextFile agent{campaign::agent_sh};
  const Captured said = reach(
      {"sh", "-c",
       R"(umask 077 && mkdir -p "$0" && cat >"$0/agent.new" && mv "$0/agent.new" "$0/agent.sh" && )"
       R"({ [ ! -x "$0/pianissimo" ] || echo daemon; })",
       folder_},
      agent.name());
  if (said.status != 0) {
    throw MachineError{fmt::format("{}: the agent cannot be put into {}: {}", destination_, folder_,
                                   first_line(said.text))};
  }
  if (daemon.empty() || said.text.starts_with("daemon")) return;
  const Captured copied =
      reach({"sh", "-c", R"(cat >"$0.new" && chmod 700 "$0.new" && mv "$0.new" "$0")",
             path("pianissimo")},
            daemon);
  if (copied.status != 0) {
    throw MachineError{
        fmt::format("{}: the daemon cannot be copied: {}", destination_, first_line(copied.text))};
  }
}

std::string Machine::tell(std::vector<std::string> words, const fs::path& input) {
  const std::string command = words.front();
  words.insert(words.begin(), {"sh", path("agent.sh")});
  Captured said = reach(words, input);
  if (said.status != 0 && was_away_) {
    // It may have rebooted, and lost what was in /tmp.
    was_away_ = false;
    install();
    said = reach(words, input);
  }
  if (said.status == 0) return said.text;
  throw MachineError{fmt::format("{}: {}: {}", destination_, command, first_line(said.text))};
}

Machine::Facts Machine::ask(std::vector<std::string> words) {
  std::istringstream lines{tell(std::move(words))};
  Facts facts;
  for (std::string line; std::getline(lines, line);) {
    const std::size_t equals = line.find('=');
    if (equals != line.npos) facts[line.substr(0, equals)] = printable(line.substr(equals + 1));
  }
  return facts;
}

std::map<std::string, std::size_t> Machine::files(const std::string& run) {
  std::istringstream lines{tell({"list", run})};
  std::map<std::string, std::size_t> out;
  std::size_t size = 0;
  for (std::string name; lines >> size >> name;) {
    if (is_run_file(name)) out[name] = size;
  }
  return out;
}

void Machine::fetch(const std::string& run, const std::string& file, std::size_t size,
                    const fs::path& to) {
  const Captured said = reach({"cat", path("run/" + run + '/' + file)}, {});
  if (said.status != 0 || said.text.size() != size) {
    throw MachineError{
        fmt::format("{}: {}: {} of {} bytes came", destination_, file, said.text.size(), size)};
  }
  std::ofstream out{to, std::ios::binary};
  out << said.text << std::flush;
  if (!out) {
    throw OutputError{OutputError::Kind::cannot_write,
                      printable(to.string() + ": cannot be written")};
  }
}

bool Machine::is_there() { return ssh_->run(destination_, {"true"}).status == 0; }

void Machine::leave() { reach({"rm", "-rf", folder_}, {}); }

}  // namespace pianissimo::lab
