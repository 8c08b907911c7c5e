// What a decision tree costs: in the kernel with each packet, beside counting alone, and in user
// space with each reading, beside the rule.
// usage: classifier_bench [--quick] [--json FILE] CLASSIFIER
#include <bpf/bpf.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/utsname.h>
#include <time.h>

#include <algorithm>
#include <array>
#include <boost/json/object.hpp>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iostream>
#include <random>
#include <string_view>

#include "bpf/station_table.hpp"
#include "config/classifier.hpp"
#include "experiments/report/json_text.hpp"
#include "experiments/traffic/dispatcher_seat.hpp"
#include "tests/bench/classifier.h"
#include "tests/bench/classifier.skel.h"
#include "tests/bench/counters_sample.hpp"

namespace {

using namespace pianissimo;
using bench::Sample;
using bench::sample_of;

constexpr std::uint64_t half_a_second = 500'000'000;
constexpr std::uint32_t slot = STATION_FIRST;

struct Effort {
  int rounds = 41;
  int repeat = 1'000'000;
};

[[noreturn]] void die(const std::string& text, int error) {
  std::cerr << "classifier_bench: " << text << ": " << std::strerror(error) << '\n';
  std::exit(error == EPERM ? 77 : 71);  // sysexits(3): EX_NOPERM, EX_OSERR
}

double thread_cpu_ns() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) * 1e9 + static_cast<double>(time.tv_nsec);
}

constexpr MacAddress station{{2, 0, 0, 0, 0, 2}};

/// An IPv4 frame of this station.
constexpr std::array<std::uint8_t, 60> frame{2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8, 0};

class Programs {
 public:
  explicit Programs(const TrafficTree& tree) : skeleton_{classifier_bpf__open()} {
    if (skeleton_ == nullptr) die("classifier.bpf.c", errno);
    const int cpus = libbpf_num_possible_cpus();
    for (bpf_map* const map : {skeleton_->maps.planes, skeleton_->maps.windows}) {
      bpf_map__set_max_entries(map, static_cast<std::uint32_t>(cpus));
    }
    for (std::size_t i = 0; i < tree.nodes.size(); ++i) {
      const TreeNode& node = tree.nodes[i];
      skeleton_->rodata->nodes[i] =
          node.split ? tree_node{static_cast<std::uint32_t>(node.split->feature),
                                 node.split->at_most, static_cast<std::uint32_t>(node.split->then),
                                 static_cast<std::uint32_t>(node.split->otherwise)}
                     : tree_node{TREE_LEAF, static_cast<std::int32_t>(node.kind), 0, 0};
    }
    if (const int failed = classifier_bpf__load(skeleton_)) die("classifier.bpf.c", -failed);
    const std::uint32_t first = 0;
    const int target = bpf_program__fd(skeleton_->progs.classify);
    if (bpf_map_update_elem(bpf_map__fd(skeleton_->maps.at_the_end), &first, &target, BPF_ANY)) {
      die("tail call", errno);
    }
    bpf::StationTable table{skeleton_->bss->stations, 1};
    if (!table.insert({station, slot})) die("table", ENOSPC);
    skeleton_->bss->told[slot] = {300'000, 20, 866'700};
    skeleton_->bss->window_ns = half_a_second;
  }
  ~Programs() { classifier_bpf__destroy(skeleton_); }
  Programs(const Programs&) = delete;
  Programs& operator=(const Programs&) = delete;

  classifier_bpf& get() { return *skeleton_; }

 private:
  classifier_bpf* skeleton_;
};

std::uint32_t test_run(const bpf_program* program, int repeat) {
  bpf_test_run_opts options{};
  options.sz = sizeof options;
  options.data_in = frame.data();
  options.data_size_in = frame.size();
  options.repeat = repeat;
  if (const int failed = bpf_prog_test_run_opts(bpf_program__fd(program), &options); failed < 0) {
    die("BPF_PROG_TEST_RUN", -failed);
  }
  return options.retval;
}

traffic::DispatcherSeat seat_of(const bpf_program* program) {
  auto seat = traffic::DispatcherSeat::take(bpf_program__fd(program));
  if (!seat) die(seat.error().message, EPERM);
  return std::move(*seat);
}

/// The kernel's tree must say what ours says: of features at random, around each threshold.
void require_the_same(Programs& programs, const TrafficTree& tree) {
  std::mt19937 random{1};
  for (int turn = 0; turn < 2000; ++turn) {
    Features features{};
    for (std::int32_t& feature : features) {
      feature = static_cast<std::int32_t>(random() % (1U << (random() % 25))) - 1;
    }
    const TreeNode& node = tree.nodes[random() % tree.nodes.size()];
    if (node.split) {
      features[static_cast<std::size_t>(node.split->feature)] =
          node.split->at_most + static_cast<std::int32_t>(random() % 2);
    }
    std::ranges::copy(features, programs.get().bss->given);
    const auto said = test_run(programs.get().progs.classify_given, 1);
    if (said != static_cast<std::uint32_t>(tree.classify(features))) {
      std::cerr << "classifier_bench: the tree in the kernel says something else\n";
      std::exit(70);  // EX_SOFTWARE
    }
  }
}

struct Kernel {
  Sample pass;      ///< ns per packet
  Sample count;     ///< counting alone
  Sample features;  ///< counting and features, and a window that ends twice a second
  Sample every;     ///< the same, and each packet ends a window
};

// In turns: what the machine does besides hits all of them.
Kernel measure_kernel(Programs& programs, Effort effort) {
  classifier_bpf& all = programs.get();
  const std::array seats{seat_of(all.progs.pass), seat_of(all.progs.count),
                         seat_of(all.progs.count_and_classify)};
  std::array<std::vector<double>, 4> ns;
  for (int round = -1; round < effort.rounds; ++round) {
    for (std::size_t i = 0; i < ns.size(); ++i) {
      const std::size_t which = (i + static_cast<std::size_t>(round + 1)) % ns.size();
      all.bss->window_ns = which == 3 ? 0 : half_a_second;
      const bpf_program* const program = which == 0   ? all.progs.pass
                                         : which == 1 ? all.progs.count
                                                      : all.progs.count_and_classify;
      const double before = thread_cpu_ns();
      test_run(program, effort.repeat);
      if (round >= 0) ns[which].push_back((thread_cpu_ns() - before) / effort.repeat);
    }
  }
  if (all.bss->failed_calls != 0) die("tail call", EINVAL);
  return {sample_of(ns[0]), sample_of(ns[1]), sample_of(ns[2]), sample_of(ns[3])};
}

struct User {
  Sample tree;     ///< ns per window: the tree alone
  Sample reading;  ///< ns per reading and station: the window's sums, and all of it at its end
  Sample rule;     ///< ns per reading and station: load_between()
};

User measure_user(const TrafficTree& tree, Effort effort) {
  std::mt19937 random{1};
  std::vector<Features> windows(1024);
  for (Features& features : windows) {
    for (std::int32_t& feature : features) feature = static_cast<std::int32_t>(random() % 10'000);
  }
  const auto expected = Throughput::from_kbps(300'000);
  std::vector<double> tree_ns;
  std::vector<double> reading_ns;
  std::vector<double> rule_ns;
  std::uint64_t sum = 0;
  constexpr int readings = 100'000;
  for (int round = 0; round < effort.rounds; ++round) {
    double before = thread_cpu_ns();
    for (int i = 0; i < readings; ++i) {
      sum += static_cast<std::uint64_t>(tree.classify(windows[static_cast<std::size_t>(i) % 1024]));
    }
    tree_ns.push_back((thread_cpu_ns() - before) / readings);

    TrafficWindow window;
    StationSample last;
    last.tx_rate = BitRate{.rate = expected};
    StationView view{station, expected, {.tx_bytes = 0, .tx_packets = 0, .tx_retries = 0}, &last};
    Instant at{};
    before = thread_cpu_ns();
    for (int i = 0; i < readings; ++i) {
      at += std::chrono::milliseconds{50};
      const auto more = static_cast<std::uint64_t>(i % 7);
      *view.totals.tx_packets += more;
      *view.totals.tx_bytes += 1200 * more;
      if (const auto features = window.on_reading(at, view)) {
        sum += static_cast<std::uint64_t>(tree.classify(*features));
      }
    }
    reading_ns.push_back((thread_cpu_ns() - before) / readings);

    StationTotals from{.tx_bytes = 0};
    StationTotals to = from;
    before = thread_cpu_ns();
    for (int i = 0; i < readings; ++i) {
      *to.tx_bytes += static_cast<std::uint64_t>(1200 * (i % 7));
      sum += static_cast<std::uint64_t>(
          load_between(from, to, std::chrono::milliseconds{50}, expected, {})->kind);
      from = to;
    }
    rule_ns.push_back((thread_cpu_ns() - before) / readings);
  }
  if (sum == 0) die("nothing was classified", EINVAL);
  return {sample_of(tree_ns), sample_of(reading_ns), sample_of(rule_ns)};
}

void print(const Kernel& kernel, const User& user) {
  const auto row = [](const char* name, const Sample& sample, double less) {
    fmt::print("{:<58}{:>8.2f}{:>8.2f}{:>10.2f}\n", name, sample.least, sample.median,
               sample.median - less);
  };
  fmt::print("{:<58}{:>8}{:>8}{:>10}\n", "in the kernel, ns per packet", "min", "median", "more");
  row("a program that only passes it", kernel.pass, kernel.pass.median);
  row("counting", kernel.count, kernel.pass.median);
  row("counting and features, windows of 500 ms", kernel.features, kernel.count.median);
  row("the same, and each packet ends a window (tail call, tree)", kernel.every,
      kernel.features.median);
  fmt::print("\n{:<58}{:>8}{:>8}\n", "in user space, ns", "min", "median");
  const auto plain = [](const char* name, const Sample& sample) {
    fmt::print("{:<58}{:>8.2f}{:>8.2f}\n", name, sample.least, sample.median);
  };
  plain("the tree, per window", user.tree);
  plain("features and tree, per reading and station", user.reading);
  plain("the rule, per reading and station", user.rule);
}

boost::json::object to_json(const Kernel& kernel, const User& user) {
  utsname machine{};
  uname(&machine);
  const auto sample = [](const Sample& s) {
    return boost::json::object{{"min", s.least}, {"median", s.median}};
  };
  return {{"kernel", machine.release},
          {"machine", machine.machine},
          {"pass_ns", sample(kernel.pass)},
          {"count_ns", sample(kernel.count)},
          {"features_ns", sample(kernel.features)},
          {"every_packet_ends_a_window_ns", sample(kernel.every)},
          {"user_tree_ns", sample(user.tree)},
          {"user_reading_ns", sample(user.reading)},
          {"user_rule_ns", sample(user.rule)}};
}

}  // namespace

int main(int argc, char** argv) {
  Effort effort;
  std::string file;
  std::string classifier;
  for (int i = 1; i < argc; ++i) {
    const std::string_view argument = argv[i];
    if (argument == "--quick") {
      effort = {.rounds = 5, .repeat = 200'000};
    } else if (argument == "--json" && i + 1 < argc) {
      file = argv[++i];
    } else if (classifier.empty() && !argument.starts_with('-')) {
      classifier = argument;
    } else {
      classifier.clear();
      break;
    }
  }
  if (classifier.empty()) {
    std::cerr << "usage: classifier_bench [--quick] [--json FILE] CLASSIFIER\n";
    return 64;
  }
  const auto loaded = load_classifier(classifier);
  if (const auto* const error = std::get_if<ClassifierError>(&loaded)) {
    std::cerr << classifier << ':' << error->line << ": " << error->message << '\n';
    return 65;
  }
  const auto& tree = std::get<TrafficTree>(loaded);
  Programs programs{tree};
  require_the_same(programs, tree);
  const Kernel kernel = measure_kernel(programs, effort);
  const User user = measure_user(tree, effort);
  print(kernel, user);
  if (!file.empty()) {
    std::ofstream out{file};
    out << report::json_text(to_json(kernel, user), report::Layout::indented) << '\n';
    if (!out.flush()) {
      std::cerr << file << ": cannot be written\n";
      return 73;
    }
  }
  return 0;
}
