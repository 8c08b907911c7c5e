#include "experiments/report/truth.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <string>

namespace pianissimo::report {
namespace {

using namespace std::chrono_literals;

// What a medium can have measured in one interval, generously.
constexpr double latest_s = 1e9;
constexpr double lowest_dbm = -100;
constexpr double highest_dbm = 100;
constexpr double highest_loss_db = 300;
constexpr double most_bytes = 1e12;
constexpr double most_airtime_us = 1e12;
constexpr double most_frames = 1e9;
constexpr double most_mbps = 1e6;
constexpr double least_amount = 1e-6;

std::vector<std::string_view> split(std::string_view line) {
  if (line.ends_with('\r')) line.remove_suffix(1);
  std::vector<std::string_view> fields;
  for (;;) {
    const std::size_t comma = line.find(',');
    fields.push_back(line.substr(0, comma));
    if (comma == line.npos) return fields;
    line.remove_prefix(comma + 1);
  }
}

class Table {
 public:
  explicit Table(LineReader& lines) : lines_{lines} {
    const auto header = lines_.next();
    if (!header) lines_.fail("empty: the header is missing");
    for (const std::string_view name : split(*header)) names_.emplace_back(name);
  }

  std::size_t width() const { return names_.size(); }
  std::optional<std::size_t> optional_column(std::string_view name) const {
    const auto found = std::ranges::find(names_, name);
    if (found == names_.end()) return std::nullopt;
    return static_cast<std::size_t>(found - names_.begin());
  }
  std::size_t column(std::string_view name) const {
    const auto found = optional_column(name);
    if (!found) lines_.fail("column '" + std::string{name} + "' is missing");
    return *found;
  }
  double number(const std::vector<std::string_view>& fields, std::size_t column) const {
    const std::string_view text = fields.at(column);
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || !std::isfinite(value)) {
      lines_.fail(names_.at(column) + ": not a number: '" + std::string{text} + "'");
    }
    return value;
  }
  double within(const std::vector<std::string_view>& fields, std::size_t column, double low,
                double high) const {
    const double value = number(fields, column);
    if (value < low || value > high) {
      lines_.fail(fmt::format("{}: {} is not in {:g}..{:g}", names_.at(column), fields.at(column),
                              low, high));
    }
    return value;
  }
  // What is divided by must not be next to nothing.
  double amount(const std::vector<std::string_view>& fields, std::size_t column,
                double most) const {
    const double value = within(fields, column, 0, most);
    if (value > 0 && value < least_amount) {
      lines_.fail(fmt::format("{}: {} is neither 0 nor {:g} or more", names_.at(column),
                              fields.at(column), least_amount));
    }
    return value;
  }

 private:
  LineReader& lines_;
  std::vector<std::string> names_;
};

// Rows come with the time of their end only.
Duration usual_interval(const std::vector<TruthRow>& rows) {
  std::vector<Duration> distances;
  for (std::size_t i = 1; i < rows.size(); ++i) {
    distances.push_back(rows[i].span.end - rows[i - 1].span.end);
  }
  if (distances.empty()) return 100ms;
  const auto middle = distances.begin() + static_cast<std::ptrdiff_t>(distances.size() / 2);
  std::nth_element(distances.begin(), middle, distances.end());
  return *middle;
}

void fill_starts(std::vector<TruthRow>& rows, Duration interval) {
  for (std::size_t i = 0; i < rows.size(); ++i) {
    Span& span = rows[i].span;
    span.start = span.end - interval;
    if (i == 0) continue;
    // A late row stands for the whole time since the last one. But where rows are missing (the
    // medium was stopped), nobody knows what was in between.
    const Instant before = rows[i - 1].span.end;
    if (span.end - before <= 2 * interval) span.start = before;
  }
}

}  // namespace

Truth read_truth(const std::filesystem::path& file, const Span& part) {
  LineReader lines{file};
  const Table table{lines};
  const std::size_t at = table.column("t_s");
  const std::size_t station = table.column("station");
  const std::size_t power = table.column("power_dbm");
  const std::size_t bytes = table.column("delivered_bytes");
  const std::size_t airtime = table.column("airtime_us");
  const auto path_loss = table.optional_column("path_loss_db");
  const auto fading = table.optional_column("fading_db");
  const auto frames = table.optional_column("frames");
  const auto enough = table.optional_column("lowest_90_dbm");
  const auto capacity = table.optional_column("capacity_mbps");
  const auto at_ceiling = table.optional_column("capacity_at_ceiling_mbps");

  Truth truth;
  // One more on either side: how long a row is shows only beside its neighbour.
  const Span wanted{part.start - 1s, part.end + 1s};
  while (const auto line = lines.next()) {
    // Even a number can be cut in two, so that it still looks like one.
    if (lines.unfinished()) {
      ++truth.torn_lines;
      break;
    }
    const auto fields = split(*line);
    if (fields.size() != table.width()) {
      lines.fail(std::to_string(fields.size()) + " fields, the header has " +
                 std::to_string(table.width()));
    }
    const auto mac = mac_from_string(fields.at(station));
    if (!mac) lines.fail("station: not a MAC address: '" + std::string{fields.at(station)} + "'");
    const double t_s = table.within(fields, at, 0, latest_s);
    TruthRow row{.span = {{}, instant_from(t_s)},
                 .power_dbm = table.within(fields, power, lowest_dbm, highest_dbm),
                 .path_loss_db = {},
                 .fading_db = {},
                 .delivered_bytes = table.amount(fields, bytes, most_bytes),
                 .airtime_us = table.amount(fields, airtime, most_airtime_us),
                 .frames = {},
                 .enough_dbm = {},
                 .capacity_mbps = {},
                 .capacity_at_ceiling_mbps = {}};
    if (path_loss) {
      row.path_loss_db = table.within(fields, *path_loss, -highest_loss_db, highest_loss_db);
    }
    if (fading) row.fading_db = table.within(fields, *fading, -highest_loss_db, highest_loss_db);
    if (frames) row.frames = table.amount(fields, *frames, most_frames);
    if (enough) row.enough_dbm = table.within(fields, *enough, lowest_dbm, highest_dbm);
    if (capacity) row.capacity_mbps = table.amount(fields, *capacity, most_mbps);
    if (at_ceiling) {
      row.capacity_at_ceiling_mbps = table.amount(fields, *at_ceiling, most_mbps);
    }
    if (!wanted.contains(row.span.end)) continue;
    std::vector<TruthRow>& rows = truth.stations[*mac];
    if (!rows.empty() && row.span.end <= rows.back().span.end) {
      lines.fail("t_s: not after the station's last row");
    }
    rows.push_back(row);
  }

  for (auto& [mac, rows] : truth.stations) {
    truth.interval = usual_interval(rows);
    fill_starts(rows, truth.interval);
    std::erase_if(rows, [&](const TruthRow& row) { return overlap(row.span, part) == 0ns; });
  }
  std::erase_if(truth.stations, [](const auto& entry) { return entry.second.empty(); });
  return truth;
}

}  // namespace pianissimo::report
