#include "experiments/recorded/power_table.hpp"

#include <fmt/format.h>
#include <fmt/ostream.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <ostream>

namespace pianissimo::recorded {
namespace {

enum Place : std::uint8_t {
  sender_power,
  throughput,
  drop,
  receiver_hears,
  sender_hears,
  receiver_power
};

// No WiFi radio has more than 36 dBm, or delivers more than 100 Gbit/s, or hears what is weaker
// than -120 dBm.
std::array<Column, 6> columns_of(const ColumnNames& names) {
  return {
      {{.name = names.sender_power, .low = 0, .high = 36, .is_whole = true},
       {.name = names.throughput, .low = 0, .high = 1e11},
       {.name = names.drop, .low = 0, .high = 100},
       {.name = names.receiver_hears, .low = -120, .high = 20},
       {.name = names.sender_hears, .low = -120, .high = 20, .is_needed = false},
       {.name = names.receiver_power, .low = 0, .high = 36, .is_whole = true, .is_needed = false}}};
}

Dbm level(double dbm) { return Dbm::from_mbm(static_cast<std::int32_t>(std::lround(100 * dbm))); }

std::optional<Dbm> level(const std::optional<double>& dbm) {
  return dbm ? std::optional{level(*dbm)} : std::nullopt;
}

}  // namespace

Throughput mean_throughput(const std::vector<Sample>& samples) {
  const double sum =
      std::accumulate(samples.begin(), samples.end(), 0.0, [](double before, const Sample& sample) {
        return before + static_cast<double>(sample.throughput.bps());
      });
  return Throughput::from_bps(std::llround(sum / static_cast<double>(samples.size())));
}

Throughput median_throughput(const std::vector<Sample>& samples) {
  std::vector<std::int64_t> bps;
  for (const Sample& sample : samples) bps.push_back(sample.throughput.bps());
  std::ranges::sort(bps);
  const std::size_t n = bps.size();
  return Throughput::from_bps((bps[(n - 1) / 2] + bps[n / 2]) / 2);
}

double mean_signal(const std::vector<Sample>& samples) {
  const double sum = std::accumulate(
      samples.begin(), samples.end(), 0.0,
      [](double before, const Sample& sample) { return before + sample.receiver_hears.value(); });
  return sum / static_cast<double>(samples.size());
}

Dbm best_level(const PowerTable& table) {
  return std::ranges::max_element(table.levels, {},
                                  [](const auto& entry) { return mean_throughput(entry.second); })
      ->first;
}

Dbm lowest_level_that_keeps(const PowerTable& table, double keep) {
  const Throughput wanted = keep * mean_throughput(table.levels.rbegin()->second);
  return std::ranges::find_if(
             table.levels,
             [&](const auto& entry) { return mean_throughput(entry.second) >= wanted; })
      ->first;
}

TableReader::TableReader(const ColumnNames& names)
    : columns_{columns_of(names)}, numbers_{columns_} {}

std::optional<CsvError> TableReader::take(std::string_view line) {
  if (!has_header_) {
    has_header_ = true;
    return numbers_.take_header(line);
  }
  if (line.empty() || line == "\r") return std::nullopt;
  auto read = numbers_.row_of(line);
  if (auto* const error = std::get_if<CsvError>(&read)) return std::move(*error);
  const auto& row = std::get<NumberColumns::Row>(read);
  if (!row.is_complete) {
    ++incomplete_;
    return std::nullopt;
  }
  if (rows_ == most_rows) {
    return CsvError{1, fmt::format("more than {} rows: cut the recording in parts", most_rows)};
  }
  ++rows_;
  const auto& values = row.values;
  table_.levels[level(*values[sender_power])].push_back(
      {.throughput = Throughput::from_bps(std::llround(*values[throughput])),
       .drop_percent = *values[drop],
       .receiver_hears = level(*values[receiver_hears]),
       .sender_hears = level(values[sender_hears]),
       .receiver_power = level(values[receiver_power])});
  return std::nullopt;
}

std::optional<CsvError> TableReader::finish() const {
  if (rows_ > 0) return std::nullopt;
  return CsvError{1, has_header_ ? "no complete row" : "empty"};
}

void write(std::ostream& to, const PowerTable& table) {
  const auto cell = [](const std::optional<Dbm>& dbm) {
    return dbm ? fmt::format("{}", dbm->value()) : std::string{};
  };
  to << table_header;
  for (const auto& [power, samples] : table.levels) {
    for (const Sample& sample : samples) {
      fmt::print(to, "{},{},{},{},{},{}\n", power.value(), sample.throughput.bps(),
                 sample.drop_percent, sample.receiver_hears.value(), cell(sample.sender_hears),
                 cell(sample.receiver_power));
    }
  }
}

std::string summary(const PowerTable& table) {
  std::string out = "  level    rows  median Mbit/s  signal dBm  step dB\n";
  std::optional<double> below;
  for (const auto& [power, samples] : table.levels) {
    const double signal = mean_signal(samples);
    out += fmt::format("{:>3} dBm  {:>6}  {:>13.3f}  {:>10.1f}  {:>7}\n", power.value(),
                       samples.size(), median_throughput(samples).mbps(), signal,
                       below ? fmt::format("{:+.1f}", signal - *below) : "");
    below = signal;
  }
  return out;
}

}  // namespace pianissimo::recorded
