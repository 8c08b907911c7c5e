#include "experiments/lab/import_command.hpp"

#include <fmt/format.h>
#include <fmt/ostream.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>
#include <memory>
#include <optional>

#include "config/say.hpp"
#include "experiments/import/lqe.hpp"
#include "experiments/import/orca.hpp"
#include "experiments/import/pcap_file.hpp"
#include "experiments/import/traffic_journal.hpp"
#include "experiments/lab/guarded.hpp"
#include "experiments/lab/json_result.hpp"
#include "experiments/lab/output_file.hpp"
#include "experiments/lab/power_table_file.hpp"
#include "experiments/report/input.hpp"

namespace pianissimo::lab {
namespace {

struct Options {
  std::string input;
  std::string output;
  int milliseconds = 0;
  int power_dbm = 20;
  bool is_long = false;
  std::string json;
};

// A trace of a busy radio is about as long as its journal. But of one that says little of many
// stations, every reading repeats them all.
constexpr std::uint64_t small_journal_bytes = 32'000'000;
constexpr std::uint64_t longer_than_the_trace = 20;

constexpr Signature orca_journal{"a journal of pianissimo-lab import orca",
                                 R"({"t_ns":)",
                                 {R"("type":"header")", R"("version":"imported from ORCA )"}};
constexpr Signature capture_journal{
    "a journal of pianissimo-lab import pcap",
    R"({"t_ns":)",
    {R"("type":"header")", R"("version":"imported from a capture")"}};
// Tables of before the others came have these columns alone.
constexpr std::string_view first_columns =
    "t_s,station,direction,bytes,packets,retries,rate_mbps,signal_dbm";
constexpr std::string_view other_columns = ",power_dbm,retry_share,failed\n";
constexpr Signature capture_table{"a table of pianissimo-lab import pcap", first_columns};
constexpr Signature power_table{"a table of pianissimo-lab import lqe", recorded::table_header};

std::size_t write_line(std::ostream& to, const journal::Record& record) {
  const std::string line = journal::to_line(record);
  to << line << '\n';
  return line.size() + 1;
}

void import_orca(const Options& options) {
  JsonResult json{options.json, "import orca"};
  report::LineReader lines{options.input};
  OutputFile output{options.output, orca_journal};
  std::uint64_t read = 0;
  std::uint64_t written = 0;
  const auto write = [&](const journal::Record& record) {
    written += write_line(output.stream(), record);
    const std::uint64_t most = std::max(small_journal_bytes, longer_than_the_trace * read);
    if (written <= most || options.is_long) return;
    lines.fail(
        fmt::format("the journal becomes larger than {} MB, and the trace has {:.1f} MB up "
                    "to here: say --long to go on, or a longer --interval-ms",
                    most / 1'000'000, static_cast<double>(read) / 1e6));
  };
  orca::Importer importer{{.interval = std::chrono::milliseconds{options.milliseconds},
                           .assumed_power = dbm(options.power_dbm)},
                          write};
  while (const auto line = lines.next()) {
    read += line->size() + 1;
    if (const auto error = importer.take(*line)) lines.fail(*error);
  }
  if (const auto error = importer.finish()) lines.fail(*error);
  output.commit();
  const orca::Counts& counts = importer.counts();
  json.write({{"lines", counts.lines},
              {"torn", counts.torn},
              {"stations", counts.stations.size()},
              {"transmissions", counts.transmissions},
              {"power_changes", counts.powers},
              {"tells_powers", counts.has_powers},
              {"statistics", counts.statistics},
              {"statistics_explained", counts.statistics_explained},
              {"reports", counts.reports}});
  if (json.is_on_output()) return;
  fmt::print(
      "{} lines, {} torn and left out; {} stations, {} transmissions, {} changes of power\n"
      "{} rate statistics, {} of them as the kernel's formula has them; {} reports\n",
      counts.lines, counts.torn, counts.stations.size(), counts.transmissions, counts.powers,
      counts.statistics, counts.statistics_explained, counts.reports);
  if (!counts.has_powers) {
    fmt::print("the trace does not tell powers: {} dBm are assumed\n", options.power_dbm);
  }
}

void write_row(std::ostream& to, const capture::Row& row, Instant begin) {
  const auto optional = [](const std::optional<double>& value) {
    return value ? fmt::format("{:.3f}", *value) : std::string{};
  };
  fmt::print(to, "{:.6f},{},{},{},{},{},{},{},{},{},{}\n", report::seconds(row.start - begin),
             to_string(row.crossing.station), to_string(row.crossing.direction), row.bytes,
             row.packets, row.retries, optional(row.rate_mbps), optional(row.signal_dbm),
             optional(row.power_dbm), optional(row.retry_share),
             row.failed ? std::to_string(*row.failed) : std::string{});
}

constexpr std::string_view how_to_capture_more = "capture more of each (tcpdump -s 256)";

std::string what_is_missing(const capture::FileCounts& counts) {
  std::string text = "no data frame of a station in it";
  if (counts.untimed > 0)
    text += fmt::format(" that has a plausible time ({} have none)", counts.untimed);
  if (counts.too_long > 0)
    text += fmt::format(" that has a plausible length ({} have none)", counts.too_long);
  if (counts.cut > 0) {
    text += fmt::format("; of {} too little was captured to say whose they are: {}", counts.cut,
                        how_to_capture_more);
  }
  if (counts.own > 0) {
    text += fmt::format("; {} were sent by the machine that captured, and do not say to whom: {}",
                        counts.own, capture::how_to_capture);
  }
  return text;
}

// What the journal says of the power, where the frames do not.
void print_powers(const capture::FileCounts& counts, const capture::TrafficJournal& journal) {
  if (counts.powers == 0) {
    fmt::print("the capture does not tell powers: {:g} dBm are assumed\n",
               journal.full_power().value());
    return;
  }
  fmt::print(
      "{} frames tell their power, {} changes of power; full power is taken to be {:g} dBm\n",
      counts.powers, journal.power_changes(), journal.full_power().value());
}

void print_left_out(const capture::FileCounts& counts) {
  if (counts.own > 0) {
    fmt::print("{} were sent by the machine that captured, and do not say to which station: {}\n",
               counts.own, capture::how_to_capture);
  }
  if (counts.elsewhere > 0) {
    fmt::print("{} were seen on another interface than their station's, and are not counted\n",
               counts.elsewhere);
  }
  if (counts.opaque > 0) {
    fmt::print("{} A-MSDUs cannot be looked into, and count as one packet each\n", counts.opaque);
  }
  if (counts.untimed > 0) {
    fmt::print("{} frames were left out: their time is not plausible\n", counts.untimed);
  }
  if (counts.too_long > 0) {
    fmt::print("{} frames were left out: their length is not plausible\n", counts.too_long);
  }
  if (counts.cut > 0) {
    fmt::print(
        "{} frames were left out: too little of them was captured to say whose they are: {}\n",
        counts.cut, how_to_capture_more);
  }
  if (counts.failed > 0) {
    fmt::print("{} frames were never acknowledged, as their sender says, and carry no bytes\n",
               counts.failed);
  }
  if (counts.impossible_powers > 0) {
    fmt::print("{} frames tell a transmit power that is not plausible: it is left out\n",
               counts.impossible_powers);
  }
}

void import_pcap(const Options& options) {
  JsonResult json{options.json, "import pcap"};
  const Duration bin = std::chrono::milliseconds{options.milliseconds};
  const bool is_journal = options.output.ends_with(".jsonl");
  OutputFile output{options.output, is_journal ? capture_journal : capture_table};
  capture::TrafficJournal journal{bin, dbm(options.power_dbm), [&](const journal::Record& record) {
                                    write_line(output.stream(), record);
                                  }};
  if (!is_journal) output.stream() << first_columns << other_columns;
  std::optional<Instant> begin;
  capture::TrafficTable table{bin, [&](const capture::Row& row) {
                                if (!begin) begin = row.start;
                                if (is_journal) return journal.take(row);
                                write_row(output.stream(), row, *begin);
                              }};
  const capture::FileCounts counts = capture::read_capture(
      options.input, [&](Instant at, const capture::Frame& frame) { table.take(at, frame); });
  table.finish();
  if (counts.data_frames == 0) {
    throw report::InputError{report::InputError::Kind::bad_data, options.input, 0,
                             what_is_missing(counts)};
  }
  if (is_journal) journal.finish();
  output.commit();
  json.write({{"packets", counts.packets},
              {"data_frames", counts.data_frames},
              {"power_changes", is_journal ? boost::json::value(journal.power_changes()) : nullptr},
              {"powers", counts.powers},
              {"impossible_powers", counts.impossible_powers},
              {"own", counts.own},
              {"elsewhere", counts.elsewhere},
              {"opaque", counts.opaque},
              {"untimed", counts.untimed},
              {"too_long", counts.too_long},
              {"cut", counts.cut},
              {"failed", counts.failed},
              {"late", table.late()},
              {"ends_early", !counts.torn.empty()}});
  if (json.is_on_output()) return;
  fmt::print("{} packets, {} data frames of stations\n", counts.packets, counts.data_frames);
  if (is_journal) print_powers(counts, journal);
  print_left_out(counts);
  if (table.late() > 0) {
    fmt::print("{} frames have an earlier time than frames before them, and count in these' row\n",
               table.late());
  }
  if (!counts.torn.empty()) say(stdout, "the capture ends early: " + counts.torn);
}

void import_lqe(const Options& options) {
  JsonResult json{options.json, "import lqe"};
  const PowerTableFile read = read_power_table(options.input, lqe::names);
  OutputFile output{options.output, power_table};
  recorded::write(output.stream(), read.table);
  output.commit();
  json.write(
      {{"rows", read.rows}, {"incomplete", read.incomplete}, {"levels", read.table.levels.size()}});
  if (json.is_on_output()) return;
  fmt::print("{} rows, {} incomplete and left out; {} levels\n{}", read.rows, read.incomplete,
             read.table.levels.size(), recorded::summary(read.table));
}

using Import = void (*)(const Options&);

std::shared_ptr<Options> add_plain(CLI::App& import, const std::string& name,
                                   const std::string& what, Import run, int& status) {
  const auto options = std::make_shared<Options>();
  CLI::App* const command = import.add_subcommand(name, what);
  command->add_option("FILE", options->input, "The recording")->required();
  command->add_option("-o,--output", options->output, "The file to write")->required();
  add_json(*command, options->json, "What was read");
  command->callback([options, run, &status] {
    status = guarded([&] {
      run(*options);
      return EXIT_SUCCESS;
    });
  });
  return options;
}

std::shared_ptr<Options> add(CLI::App& import, const std::string& name, const std::string& what,
                             Import run, int default_ms, int& status) {
  const auto options = add_plain(import, name, what, run, status);
  options->milliseconds = default_ms;
  CLI::App* const command = import.get_subcommand(name);
  command->add_option("--interval-ms", options->milliseconds, "Time between two readings or rows")
      ->check(CLI::Range(1, 3'600'000))
      ->capture_default_str();
  command
      ->add_option(
          "--power-dbm", options->power_dbm,
          "The power, where the recording does not tell it; of a capture also the full one")
      ->check(CLI::Range(-30, 36))
      ->capture_default_str();
  return options;
}

}  // namespace

void add_import(CLI::App& lab, int& status) {
  CLI::App* const import =
      lab.add_subcommand("import", "Convert other programs' recordings to journals and tables");
  import->require_subcommand(1);
  const auto orca = add(*import, "orca", "Convert a trace of ORCA or minstrel-rcd to a journal",
                        import_orca, 50, status);
  import->get_subcommand("orca")->add_flag(
      "--long", orca->is_long, "Go on although the journal becomes much larger than the trace");
  add(*import, "pcap", "Convert a capture to a table (CSV), or to a journal if -o ends with .jsonl",
      import_pcap, 100, status);
  add_plain(*import, "lqe", "Convert throughput measured at many powers (CSV) to a table of levels",
            import_lqe, status);
}

}  // namespace pianissimo::lab
