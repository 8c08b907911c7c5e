#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "config/say.hpp"
#include "controller/journal/privacy_key.hpp"
#include "controller/service/commands.hpp"
#include "controller/service/control_client.hpp"

namespace pianissimo::service {
namespace {

// The journal as it comes, in whole lines, since an address must not be cut in two.
class Export {
 public:
  Export(std::FILE* to, journal::Pseudonyms names) : to_{to}, names_{std::move(names)} {}

  bool take(std::string_view part) {
    line_.append(part);
    const std::size_t end = line_.rfind('\n');
    if (end == std::string::npos) return true;
    const bool is_written = write(std::string_view{line_}.substr(0, end + 1));
    line_.erase(0, end + 1);
    return is_written;
  }
  bool end() { return write(line_) && std::fflush(to_) == 0; }

 private:
  // Each header says what stands for stations, so that nobody hides them once more.
  void mark(std::string& text) const {
    constexpr std::string_view header = R"("type":"header",)";
    constexpr std::string_view word = R"("stations":")";
    for (std::size_t at = text.find(header); at != std::string::npos; at = text.find(header, at)) {
      at += header.size();
      const bool is_marked = std::string_view{text}.substr(at, word.size()) == word;
      if (!is_marked) text.insert(at, std::string{word}.append(to_string(names_.ids())) + "\",");
    }
  }

  bool write(std::string_view text) {
    std::string hidden = names_.in_text(text);
    if (names_.ids() != StationIds::mac) mark(hidden);
    return std::fwrite(hidden.data(), 1, hidden.size(), to_) == hidden.size();
  }

  std::FILE* to_;
  journal::Pseudonyms names_;
  std::string line_;
};

journal::Pseudonyms names_for(const ExportOptions& options) {
  const auto ids = station_ids_from_string(options.stations).value_or(StationIds::hmac);
  journal::PseudonymsFound found = journal::pseudonyms(ids, options.key_file);
  if (!found.trouble.empty()) {
    say(stderr, found.trouble + "; the stations' pseudonyms are those of this file only");
  }
  return std::move(found.names);
}

std::FILE* open_new(const std::string& path) {
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0640);
  std::FILE* const file = fd >= 0 ? ::fdopen(fd, "w") : nullptr;
  if (!file) say(stderr, path + ": " + std::strerror(errno));
  return file;
}

}  // namespace

ExitStatus export_journal(const ExportOptions& options) {
  ControlClient client;
  const ExitStatus sent = client.ask(options.state_directory, control::Journal{});
  if (sent != ExitStatus::ok) return sent;
  const auto answer = client.next_answer();
  const auto* const bytes = answer ? answer->if_contains("bytes") : nullptr;
  if (!bytes || !bytes->is_number()) return ExitStatus::unavailable;
  std::FILE* const to = options.out.empty() ? stdout : open_new(options.out);
  if (!to) return ExitStatus::cannot_create;
  Export journal{to, names_for(options)};
  const bool is_whole = client.copy(bytes->to_number<std::uint64_t>(), [&](std::string_view part) {
    return journal.take(part);
  }) && journal.end();
  if (to != stdout) std::fclose(to);
  if (is_whole) return ExitStatus::ok;
  say(stderr, "the journal did not come whole");
  if (!options.out.empty()) ::unlink(options.out.c_str());
  return ExitStatus::unavailable;
}

}  // namespace pianissimo::service
