// What counting costs, beside programs that only pass and beside the kernel's hash maps.
// usage: counters_bench [--quick] [--json FILE]
#include <fmt/format.h>
#include <sched.h>
#include <sys/utsname.h>

#include <boost/json/object.hpp>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iostream>
#include <string_view>

#include "experiments/report/json_text.hpp"
#include "tests/bench/counters_test_run.hpp"
#include "tests/bench/counters_veth.hpp"

namespace {

using namespace pianissimo;
using namespace pianissimo::bench;
namespace json = boost::json;

constexpr std::size_t station_counts[] = {1, 64, 1024};

struct Figures {
  std::vector<Comparison> programs;
  std::vector<Marginal> marginal;
  std::vector<Poll> polls;
  std::vector<LiveRate> live;
  std::vector<TcpRate> tcp;
};

struct Promise {
  std::string name;
  double value = 0;
  double limit = 0;
  bool is_least = false;  ///< the value must not be below the limit; else not above it
  bool holds() const { return is_least ? value >= limit : value <= limit; }
};

Figures measure(bool quick) {
  // Test runs happen on this CPU; live frames and TCP have threads of their own.
  const Effort effort = quick ? Effort{.rounds = 5, .repeat = 200'000} : Effort{};
  Figures figures;
  const auto append = [](auto& to, auto&& more) { to.insert(to.end(), more.begin(), more.end()); };
  Programs programs;
  for (const std::size_t stations : station_counts) {
    std::cerr << "test runs with " << stations << " stations\n";
    programs.set_stations(random_stations(stations));
    append(figures.programs, compare_programs(programs, stations, effort));
    append(figures.marginal, measure_marginal(programs, stations, effort));
    figures.polls.push_back(measure_poll(programs, stations, effort.rounds));
  }
  for (const std::size_t stations : station_counts) {
    std::cerr << "live frames of " << stations << " stations\n";
    programs.set_stations(random_stations(stations));
    append(figures.live, measure_live(programs, stations, quick ? 3 : 21));
  }
  std::cerr << "TCP\n";
  figures.tcp = measure_tcp(quick ? 3 : 41, quick ? 0.3 : 0.5);
  return figures;
}

std::vector<Promise> promises(const Figures& figures) {
  std::vector<Promise> all;
  const auto limit_of = [](const std::string& name) {
    if (name == "xdp") return 1.25;
    if (name == "tc ingress") return 1.5;
    if (name == "tc egress") return 1.8;
    return 0.0;  // nothing was promised
  };
  for (const Comparison& program : figures.programs) {
    const double limit = limit_of(program.name);
    if (program.stations != 64 || limit == 0) continue;
    all.push_back({program.name + (program.is_random ? ", random order" : "") + ", 64 stations",
                   program.least_ratio(), limit});
  }
  for (const Marginal& marginal : figures.marginal) {
    if (marginal.stations == 64 && marginal.name == "ours") {
      all.push_back({"one count more, 64 stations, ns", marginal.cost.least, 4});
    }
  }
  all.push_back({"reading 1024 stations, us", figures.polls.back().ours.median, 10});
  for (const TcpRate& rate : figures.tcp) {
    if (rate.name.starts_with("tcx")) {
      all.push_back({"TCP retained, " + rate.name, rate.retained, 0.95, true});
    }
  }
  return all;
}

void print(const Figures& figures, const std::vector<Promise>& kept) {
  fmt::print("\n{:<24}{:>9}{:>8}  {:>15}  {:>15}  {:>13}\n", "ns per packet", "stations", "order",
             "pass min/median", "min/median", "ratio min/med");
  for (const Comparison& p : figures.programs) {
    fmt::print("{:<24}{:>9}{:>8}  {:>7.2f}{:>8.2f}  {:>7.2f}{:>8.2f}  {:>6.2f}{:>7.2f}\n", p.name,
               p.stations, p.is_random ? "random" : "fixed", p.floor.least, p.floor.median,
               p.cost.least, p.cost.median, p.least_ratio(), p.median_ratio());
  }
  fmt::print("\n{:<24}{:>9}{:>15}\n", "ns per further count", "stations", "min/median");
  for (const Marginal& m : figures.marginal) {
    fmt::print("{:<24}{:>9}{:>8.2f}{:>7.2f}\n", m.name, m.stations, m.cost.least, m.cost.median);
  }
  fmt::print("\n{:<24}{:>9}{:>15}  {:>25}\n", "us per reading, hot", "stations", "min/median",
             "PERCPU_HASH batch min/med");
  for (const Poll& p : figures.polls) {
    fmt::print("{:<24}{:>9}{:>8.3f}{:>7.3f}  {:>17.2f}{:>8.2f}\n", "", p.stations, p.ours.least,
               p.ours.median, p.percpu_hash.least, p.percpu_hash.median);
  }
  fmt::print("\n{:<24}{:>9}{:>8}{:>8}{:>12}\n", "live frames, one core", "stations", "Mpps", "best",
             "more ns");
  for (const LiveRate& rate : figures.live) {
    fmt::print("{:<24}{:>9}{:>8.2f}{:>8.2f}{:>12.1f}\n", rate.name, rate.stations, rate.mpps,
               rate.best_mpps, rate.more_ns);
  }
  fmt::print("\n{:<28}{:>10}{:>10}\n", "TCP over veth", "Gbit/s", "retained");
  for (const TcpRate& rate : figures.tcp) {
    fmt::print("{:<28}{:>10.2f}{:>10.3f}\n", rate.name, rate.gbit_per_s, rate.retained);
  }
  fmt::print("\n");
  for (const Promise& promise : kept) {
    fmt::print("{} {:<36}{:>8.3f}  ({} {})\n", promise.holds() ? "holds " : "MISSED", promise.name,
               promise.value, promise.is_least ? ">=" : "<=", promise.limit);
  }
}

json::object sample_json(const Sample& sample) {
  return {{"min", sample.least}, {"median", sample.median}};
}

json::object to_json(const Figures& figures, const std::vector<Promise>& kept) {
  utsname machine{};
  uname(&machine);
  json::object ratios;
  json::array programs;
  for (const Comparison& p : figures.programs) {
    const auto name =
        fmt::format("{}, {} {}{}", p.name, p.stations, p.stations == 1 ? "station" : "stations",
                    p.is_random ? " in random order" : "");
    ratios[name] = json::object{{"min", p.least_ratio()}, {"median", p.median_ratio()}};
    programs.push_back(json::object{{"name", p.name},
                                    {"stations", p.stations},
                                    {"random_order", p.is_random},
                                    {"pass_ns", sample_json(p.floor)},
                                    {"ns", sample_json(p.cost)}});
  }
  json::array marginal;
  for (const Marginal& m : figures.marginal) {
    marginal.push_back(
        json::object{{"name", m.name}, {"stations", m.stations}, {"ns", sample_json(m.cost)}});
  }
  json::array polls;
  for (const Poll& p : figures.polls) {
    polls.push_back(json::object{{"stations", p.stations},
                                 {"us", sample_json(p.ours)},
                                 {"percpu_hash_batch_us", sample_json(p.percpu_hash)}});
  }
  json::array live;
  for (const LiveRate& rate : figures.live) {
    live.push_back(json::object{{"name", rate.name},
                                {"stations", rate.stations},
                                {"mpps", rate.mpps},
                                {"best_mpps", rate.best_mpps},
                                {"more_ns", rate.more_ns}});
  }
  json::array tcp;
  for (const TcpRate& rate : figures.tcp) {
    tcp.push_back(json::object{
        {"name", rate.name}, {"gbit_per_s", rate.gbit_per_s}, {"retained", rate.retained}});
  }
  json::array promised;
  for (const Promise& promise : kept) {
    promised.push_back(json::object{{"name", promise.name},
                                    {"value", promise.value},
                                    {promise.is_least ? "at_least" : "at_most", promise.limit},
                                    {"holds", promise.holds()}});
  }
  return {{"kernel", machine.release},
          {"machine", machine.machine},
          {"ratios", std::move(ratios)},
          {"programs", std::move(programs)},
          {"further_count", std::move(marginal)},
          {"reading", std::move(polls)},
          {"live", std::move(live)},
          {"tcp", std::move(tcp)},
          {"promises", std::move(promised)}};
}

}  // namespace

int main(int argc, char** argv) {
  bool quick = false;
  std::string file;
  for (int i = 1; i < argc; ++i) {
    const std::string_view argument = argv[i];
    if (argument == "--quick") {
      quick = true;
    } else if (argument == "--json" && i + 1 < argc) {
      file = argv[++i];
    } else {
      std::cerr << "usage: counters_bench [--quick] [--json FILE]\n";
      return 64;
    }
  }
  const Figures figures = measure(quick);
  const auto kept = promises(figures);
  print(figures, kept);
  if (!file.empty()) {
    std::ofstream out{file};
    out << report::json_text(to_json(figures, kept), report::Layout::indented) << '\n';
    if (!out.flush()) {
      std::cerr << file << ": cannot be written\n";
      return 73;
    }
  }
  return std::ranges::all_of(kept, &Promise::holds) ? 0 : 1;
}
