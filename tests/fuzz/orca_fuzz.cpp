// Any bytes, as an ORCA trace: lines are read or left out, the journal's time never goes back, and
// every record survives the journal.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <variant>

#include "experiments/import/orca.hpp"

namespace {

using namespace pianissimo;

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text{data, data + size};
  Instant last{};
  std::uint64_t records = 0;
  std::uint64_t events = 0;
  // A reading a second: what is between the lines is not what is looked for.
  orca::Importer importer{
      {.interval = std::chrono::seconds{1}}, [&](const journal::Record& record) {
        require(record.at >= last);
        last = record.at;
        require(std::holds_alternative<journal::Header>(record.what) == (records++ == 0));
        if (std::holds_alternative<Event>(record.what)) ++events;
        if (records > 200) return;
        const auto again = journal::from_line(journal::to_line(record));
        require(std::holds_alternative<journal::Record>(again) &&
                std::get<journal::Record>(again) == record);
      }};
  std::string_view rest = text;
  bool is_refused = false;
  while (!rest.empty() && !is_refused) {
    const std::size_t end = rest.find('\n');
    is_refused = importer.take(rest.substr(0, end)).has_value();
    rest.remove_prefix(end == rest.npos ? rest.size() : end + 1);
  }
  if (!is_refused) is_refused = importer.finish().has_value();
  require(is_refused || events > 0);
  const orca::Counts& counts = importer.counts();
  require(counts.torn + counts.other <= counts.lines);
  require(counts.statistics_explained <= counts.statistics);
  return 0;
}
