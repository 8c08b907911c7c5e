// Whole courses of `anchor` on the bench, decision by decision with the numbers behind each, beside
// what was recorded. The other tests say what the law must do; these show what a change of it
// changes. courses/README.md says how to record anew.
#include <gmock/gmock.h>

#include <array>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>

#include "controller/policy/anchor.hpp"
#include "tests/unit/policies/bench.hpp"

namespace pianissimo::test {
namespace {

namespace fs = std::filesystem;

// The same on every machine: the distributions of <random> are not.
class Noise {
 public:
  explicit Noise(double width) : width_{width} {}
  /// A factor up to 1.
  double operator()() { return 1 - width_ * static_cast<double>(random_()) / 4'294'967'296.0; }

 private:
  double width_;
  std::mt19937 random_{1};
};

// What a place (power plus signal) gives: every 3 dB below -42 dBm cost a rate, and just above its
// threshold a rate loses a tenth.
constexpr double best_place = -42;

int mcs_at(double place) {
  return std::clamp(9 + static_cast<int>(std::floor((place - best_place) / 3)), 0, 9);
}

double share_at(double place) {
  const double margin = place - (best_place + 3 * (mcs_at(place) - 9));
  return std::clamp(1 - 0.1 * std::exp(-1.8 * margin), 0.05, 0.998);
}

Throughput rate_at(double place) {
  constexpr std::array<std::int64_t, 10> vht80{59, 117, 176, 234, 351, 468, 527, 585, 702, 780};
  return mbps(vht80.at(static_cast<std::size_t>(mcs_at(place))));
}

// A station whose signal can be moved while it is on the bench.
class Course {
 public:
  explicit Course(const AnchorParams& params = {}) : bench{make_anchor(params), 1, 20} {}

  // Below this level nearly nothing comes through, at whatever rate.
  void break_below(const MacAddress& who, std::int32_t dbm) {
    const auto before = bench[who].success;
    bench[who].success = [before, dbm](std::int32_t level) {
      return before(level) * (level < dbm ? 0.3 : 1);
    };
  }
  // `dbm`: its signal.
  void put(const MacAddress& who, double dbm, double noise = 0.01, int packets = 300) {
    const auto signal = std::make_shared<double>(dbm);
    signals_[who] = signal;
    BenchStation& station = bench[who];
    station.packets = packets;
    station.signal = Dbm::from_mbm(static_cast<std::int32_t>(100 * dbm));
    station.success = [signal, random = Noise{noise}](std::int32_t level) mutable {
      return share_at(level + *signal) * random();
    };
    station.mcs = [signal](std::int32_t level) { return mcs_at(level + *signal); };
    station.rate = [signal](std::int32_t level) { return rate_at(level + *signal); };
  }
  void move(const MacAddress& who, double dbm) {
    *signals_.at(who) = dbm;
    bench[who].signal = Dbm::from_mbm(static_cast<std::int32_t>(std::lround(dbm)) * 100);
  }
  // In a straight line, half a second at a time.
  void walk(const MacAddress& who, double to, std::int64_t until) {
    const double from = *signals_.at(who);
    const std::int64_t begin = now;
    while (now < until) {
      run(std::min(now + 500, until));
      move(who, from + (to - from) * static_cast<double>(now - begin) /
                           static_cast<double>(until - begin));
    }
  }
  void run(std::int64_t until) { bench.run_until(now = until); }

  Bench bench;
  std::int64_t now = 0;

 private:
  std::map<MacAddress, std::shared_ptr<double>> signals_;
};

void near(Course& course) {
  course.put(alice, -25);
  course.run(60'000);
}

void at_the_edge_of_the_best_rate(Course& course) {
  course.put(alice, -52, 0.03);
  course.run(240'000);
}

void far(Course& course) {
  course.put(alice, -68, 0.04);
  course.run(240'000);
}

void walks_away_and_back(Course& course) {
  course.put(alice, -45, 0.02);
  course.run(15'000);
  course.walk(alice, -62, 40'000);
  course.run(60'000);
  course.walk(alice, -45, 75'000);
  course.run(120'000);
}

void behind_a_wall_and_back(Course& course) {
  course.put(alice, -45, 0.02);
  for (std::int64_t turn = 1; turn <= 8; ++turn) {
    course.run(15'000 * turn);
    course.move(alice, turn % 2 == 0 ? -45 : -57);
  }
  course.run(150'000);
}

void loses_the_same_at_every_power(Course& course) {
  course.put(alice, -50);
  course.bench[alice].success = [random = Noise{0.2}](std::int32_t) mutable {
    return 0.7 * random();
  };
  course.bench[alice].mcs = [](std::int32_t) { return 6; };
  course.bench[alice].rate = [](std::int32_t) { return mbps(527); };
  course.run(120'000);
  course.put(alice, -50);
  course.run(200'000);
}

void a_few_packets(Course& course) {
  course.put(alice, -50, 0.02, 3);
  course.run(180'000);
}

void pages_now_and_then(Course& course) {
  course.put(alice, -50, 0.02);
  for (std::int64_t page = 0; page < 60; ++page) {
    course.bench[alice].is_silent = page % 3 != 0;
    course.run(1'500 * (page + 1));
    if (page == 30) course.move(alice, -54);
  }
  course.bench[alice].is_silent = true;
  course.run(200'000);
}

void retries_are_not_counted(Course& course) {
  course.put(alice, -50, 0.02);
  course.bench[alice].counts_retries = false;
  course.run(60'000);
  course.move(alice, -56);
  course.run(120'000);
}

void counters_once_a_second(Course& course) {
  course.put(alice, -50, 0.02);
  course.bench[alice].polled_every = std::chrono::milliseconds{1000};
  course.run(60'000);
  course.move(alice, -54);
  course.run(120'000);
}

void a_knob_that_takes_long(Course& course) {
  course.bench.set_knob_delay(std::chrono::milliseconds{60});
  behind_a_wall_and_back(course);
}

void comes_and_goes(Course& course) {
  course.put(alice, -40);
  course.put(bob, -52);
  course.run(30'000);
  course.bench.leaves(bob);
  course.run(60'000);
  course.put(bob, -52);
  course.bench.starts(Reason::station_joined);
  course.run(80'000);
  const MacAddress carol = station(0xc);
  course.put(carol, -55);
  course.bench[carol].signal.reset();
  course.bench.starts(Reason::station_joined);
  course.run(100'000);
  course.bench.leaves(carol);
  course.bench[bob].connected = std::chrono::seconds{0};
  course.run(130'000);
  course.bench.starts(Reason::box_changed);
  course.run(150'000);
}

// More than are remembered: who came first is met as a newcomer, who came late is known.
void a_crowd(Course& course) {
  course.put(alice, -35);
  for (std::uint8_t i = 0; i < 70; ++i) {
    course.put(station(static_cast<std::uint8_t>(100 + i)), -50);
    course.run(course.now + 4'000);
    course.bench.leaves(station(static_cast<std::uint8_t>(100 + i)));
  }
  course.run(course.now + 20'000);
  for (const std::uint8_t last : std::to_array<std::uint8_t>({100, 106, 168})) {
    course.put(station(last), -50);
    course.run(course.now + 5'000);
    course.bench.leaves(station(last));
    course.run(course.now + 20'000);
  }
}

void a_small_loss_that_lasts(Course& course) {
  course.put(alice, -45, 0.02);
  course.run(20'000);
  const auto before = course.bench[alice].success;
  course.bench[alice].success = [before](std::int32_t level) {
    return before(level) - (level < 15 ? 0.04 : 0);
  };
  course.run(90'000);
}

void breaks_all_at_once(Course& course) {
  course.put(alice, -38, 0.02);
  course.run(20'000);
  course.break_below(alice, 10);
  course.run(40'000);
  course.put(alice, -38, 0.02);
  course.run(90'000);
  course.break_below(alice, 20);
  course.run(120'000);
}

// Somewhere else what was learnt is of use as well, and the reference is too old to tell.
void a_slow_link_that_changes(Course& course) {
  course.put(alice, -60, 0.02);
  course.run(70'000);
  course.move(alice, -52);
  course.run(160'000);
  course.move(alice, -58);
  course.run(260'000);
  course.move(alice, -55);
  course.run(400'000);
}

void a_dead_knob(Course& course) {
  course.put(alice, -58);
  course.bench[alice].success = [](std::int32_t) { return 0.99; };
  course.bench[alice].mcs = [](std::int32_t) { return 9; };
  course.bench[alice].rate = [](std::int32_t) { return mbps(780); };
  course.run(2'000'000);
}

// For seeing what a part does that is switched off.
void an_eventful_day(Course& course) {
  course.put(alice, -45, 0.02);
  course.put(bob, -40, 0.03, 100);
  course.run(15'000);
  course.walk(alice, -60, 30'000);
  course.run(50'000);
  course.break_below(bob, 18);
  course.run(52'000);
  course.move(alice, -48);
  course.run(70'000);
  course.bench.leaves(bob);
  course.move(alice, -62);
  course.run(150'000);
  course.put(bob, -40, 0.03, 100);
  course.bench.starts(Reason::station_joined);
  course.move(alice, -45);
  course.run(200'000);
}

struct Recorded {
  std::string name;
  void (*happens)(Course&);
  AnchorParams params = {};
};

const std::vector<Recorded>& courses() {
  static const std::vector<Recorded> all{
      {"near", near},
      {"at_the_edge_of_the_best_rate", at_the_edge_of_the_best_rate},
      {"far", far},
      {"walks_away_and_back", walks_away_and_back},
      {"behind_a_wall_and_back", behind_a_wall_and_back},
      {"loses_the_same_at_every_power", loses_the_same_at_every_power},
      {"a_few_packets", a_few_packets},
      {"pages_now_and_then", pages_now_and_then},
      {"retries_are_not_counted", retries_are_not_counted},
      {"counters_once_a_second", counters_once_a_second},
      {"a_knob_that_takes_long", a_knob_that_takes_long},
      {"comes_and_goes", comes_and_goes},
      {"a_crowd", a_crowd},
      {"a_small_loss_that_lasts", a_small_loss_that_lasts},
      {"breaks_all_at_once", breaks_all_at_once},
      {"a_slow_link_that_changes", a_slow_link_that_changes},
      {"a_dead_knob", a_dead_knob},
      {"an_eventful_day", an_eventful_day},
      {"keep_85_percent", an_eventful_day, {.keep = 0.85}},
      {"without_coarse_steps", an_eventful_day, {.coarse = false}},
      {"without_watchman", an_eventful_day, {.watchman = false}},
      {"without_emergency", breaks_all_at_once, {.emergency = false}},
      {"without_feed_forward", an_eventful_day, {.feed_forward = false}},
      {"without_places", an_eventful_day, {.places = false}},
      {"without_visits", loses_the_same_at_every_power, {.visits = false}},
      {"without_memory", comes_and_goes, {.memory = false}},
  };
  return all;
}

template <class T, class Shown>
void column(std::ostream& out, const std::optional<T>& value, Shown shown) {
  out << ' ';
  if (value) {
    out << shown(*value);
  } else {
    out << '-';
  }
}

std::string line_of(const Choice& choice) {
  const Evidence& evidence = choice.evidence;
  const auto kbps = [](Throughput t) { return (t.bps() + 500) / 1000; };
  const auto as_is = [](int v) { return v; };
  std::ostringstream out;
  out << choice.ms << ' ' << choice.dbm << ' ' << to_string(choice.reason);
  column(out, evidence.station, [](const MacAddress& mac) { return to_string(mac).substr(15); });
  column(out, evidence.observed, kbps);
  column(out, evidence.reference, kbps);
  column(out, evidence.acknowledged_permille, as_is);
  column(out, evidence.reference_permille, as_is);
  column(out, evidence.level, [](Dbm level) { return level.mbm() / 100; });
  column(out, evidence.wait, [](std::chrono::milliseconds wait) { return wait.count(); });
  column(out, evidence.signal_change, [](Db change) { return change.mb() / 100; });
  return out.str();
}

class AnchorCourse : public testing::TestWithParam<Recorded> {};

INSTANTIATE_TEST_SUITE_P(Courses, AnchorCourse, testing::ValuesIn(courses()),
                         [](const auto& chosen) { return chosen.param.name; });

TEST_P(AnchorCourse, IsDecidedAsItWas) {
  Course course{GetParam().params};
  GetParam().happens(course);
  const fs::path path = fs::path{COURSES_FOLDER} / (GetParam().name + ".txt");
  const char* const wish = std::getenv("PIANISSIMO_GOLDEN");
  if (wish && std::string_view{wish} == "record") {
    std::ofstream file{path};
    file << "ms dbm reason station kbps kbps_before permille permille_before level wait_ms dB\n";
    for (const Choice& choice : course.bench.choices()) file << line_of(choice) << '\n';
  }

  std::ifstream file{path};
  std::string line;
  ASSERT_TRUE(std::getline(file, line)) << path << " is not there";
  std::size_t number = 1;
  for (const Choice& choice : course.bench.choices()) {
    ++number;
    ASSERT_TRUE(std::getline(file, line)) << path << " ends before line " << number;
    ASSERT_EQ(line_of(choice), line) << path << ':' << number;
  }
  EXPECT_FALSE(std::getline(file, line)) << path << " goes on with " << line;
}

}  // namespace
}  // namespace pianissimo::test
