// How fast a journal is replayed, beside a bare parse of the same file with simdjson, interleaved
// in one run; and what of it is parsing and what the core. usage: replay_bench [--events N] [--json
// FILE]
#include <simdjson.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <string>

#include "experiments/replay/replay.hpp"
#include "tests/unit/replay/recorded_run.hpp"

namespace {

using namespace pianissimo;

[[noreturn]] void die(const std::string& what) {
  std::fprintf(stderr, "replay_bench: %s\n", what.c_str());
  std::exit(1);
}

// One station whose knee moves to and fro, so that the law has something to do.
class BigJournal {
 public:
  explicit BigJournal(std::size_t events)
      : path_{std::filesystem::temp_directory_path() /
              ("replay_bench-" + std::to_string(::getpid()) + ".jsonl")} {
    int reading = 0;
    test::RecordedRun run{{.config = {.policy = PolicyName::descend},
                           .at = Instant{std::chrono::seconds{100}},
                           .stations = {test::near_station},
                           .capacity = [&](const MacAddress& station, Dbm level) {
                             const int slope = ++reading / 400 % 20;
                             const Db moved = db(slope < 10 ? slope : 20 - slope);
                             return test::knee(station, level - moved + db(5));
                           }}};
    std::ofstream file{path_, std::ios::binary};
    while (run.events() < events) {
      run.run(std::min<std::size_t>(10'000, events - run.events()));
      file << run.take_text();
    }
    if (!file.flush()) die(path_.string() + ": cannot be written");
  }
  ~BigJournal() {
    std::error_code ignored;
    std::filesystem::remove(path_, ignored);
  }
  BigJournal(const BigJournal&) = delete;
  BigJournal& operator=(const BigJournal&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

struct Parsed {
  std::vector<journal::Record> records;
  std::size_t lines = 0;
};

// The records of the first lines, as many as memory should hold.
Parsed parse(const std::filesystem::path& file, std::size_t lines, bool keep) {
  Parsed parsed;
  report::LineReader reader{file};
  for (; parsed.lines < lines; ++parsed.lines) {
    const auto line = reader.next();
    if (!line) break;
    auto record = journal::from_line(*line);
    if (std::holds_alternative<journal::ParseError>(record)) reader.fail("not a record");
    if (keep) parsed.records.push_back(std::get<journal::Record>(std::move(record)));
  }
  return parsed;
}

std::size_t parse_with_simdjson(const std::filesystem::path& file) {
  simdjson::padded_string text;
  if (simdjson::padded_string::load(file.string()).get(text)) die("simdjson cannot read the file");
  simdjson::dom::parser parser;
  std::size_t documents = 0;
  simdjson::dom::document_stream stream;
  if (parser.parse_many(text).get(stream)) die("simdjson cannot parse the file");
  for (auto document : stream) {
    if (document.error()) die("simdjson finds no JSON in a line");
    ++documents;
  }
  return documents;
}

std::size_t tell_the_core(const std::vector<journal::Record>& records) {
  Controller core{BoxParams{}, [] { return make_descend({}); }};
  std::size_t decisions = 0;
  for (const journal::Record& record : records) {
    if (const auto* const event = std::get_if<Event>(&record.what)) {
      decisions += core.on(*event).decisions.size();
    }
  }
  return decisions;
}

// Of the one core that this runs on, with the system calls; not while other programs run.
template <class Do>
double seconds(Do what) {
  const std::clock_t begin = std::clock();
  what();
  return static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
}

// Not the mean: other programs run here, too.
double median(std::vector<double> values) {
  std::ranges::sort(values);
  return values[values.size() / 2];
}

}  // namespace

int main(int argc, char** argv) try {
  std::size_t events = 500'000;
  std::string json;
  for (int i = 1; i + 1 < argc; i += 2) {
    if (std::string_view{argv[i]} == "--events") events = std::strtoull(argv[i + 1], nullptr, 10);
    if (std::string_view{argv[i]} == "--json") json = argv[i + 1];
  }
  constexpr int rounds = 7;
  const BigJournal journal{events};
  const std::array journals{journal.path()};
  const auto bytes = std::filesystem::file_size(journal.path());

  const replay::Summary summary = replay::replay(journals, {});
  if (summary.exit_status() != 0) die("the replay differs: " + replay::summary_text(summary));

  const Parsed all = parse(journal.path(), 2 * events, false);
  const Parsed some = parse(journal.path(), 100'000, true);
  const auto some_events = static_cast<double>(std::ranges::count_if(
      some.records, [](const auto& record) { return std::holds_alternative<Event>(record.what); }));
  std::vector<double> replay_s, simdjson_s, read_s, core_s;
  for (int round = 0; round < rounds; ++round) {
    replay_s.push_back(seconds([&] { replay::replay(journals, {}); }));
    simdjson_s.push_back(seconds([&] {
      if (parse_with_simdjson(journal.path()) != all.lines) die("simdjson finds other lines");
    }));
    read_s.push_back(seconds([&] { parse(journal.path(), all.lines, false); }));
    core_s.push_back(seconds([&] { tell_the_core(some.records); }));
  }

  const auto n = static_cast<double>(summary.events);
  char text[1024];
  const int length = std::snprintf(
      text, sizeof text,
      "{\n  \"events\": %.0f,\n  \"lines\": %zu,\n  \"bytes\": %ju,\n  \"decisions\": %ju,\n"
      "  \"unit\": \"seconds of CPU, medians of interleaved rounds\",\n"
      "  \"rounds\": %d,\n  \"replay_s\": %.4f,\n  \"best_replay_s\": %.4f,\n"
      "  \"events_per_s\": %.0f,\n  \"best_events_per_s\": %.0f,\n"
      "  \"simdjson_parse_s\": %.4f,\n  \"replay_over_simdjson\": %.3f,\n"
      "  \"read_and_parse_ns_per_event\": %.1f,\n  \"core_ns_per_event\": %.1f\n}\n",
      n, all.lines, static_cast<std::uintmax_t>(bytes),
      static_cast<std::uintmax_t>(summary.decisions_equal), rounds, median(replay_s),
      std::ranges::min(replay_s), n / median(replay_s), n / std::ranges::min(replay_s),
      median(simdjson_s), median(replay_s) / median(simdjson_s), 1e9 * median(read_s) / n,
      1e9 * median(core_s) / some_events);
  if (length < 0 || length >= static_cast<int>(sizeof text)) die("the figures do not fit");
  std::fputs(text, stdout);
  if (!json.empty() && !(std::ofstream{json} << text)) die(json + ": cannot be written");
} catch (const std::exception& error) {
  die(error.what());
}
