#include "tests/unit/service/fault_world.hpp"

#include <gtest/gtest.h>
#include <spdlog/sinks/ostream_sink.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <cmath>
#include <cstring>

#include "controller/service/put_back.hpp"

namespace pianissimo::service {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using nl80211::Asked;
using nl80211::Fate;
using nl80211::radio;

constexpr MacAddress station(std::uint8_t number) { return {{2, 0, 0, 0, 1, number}}; }

// Ten readings a second, what follows from a step, five looks: a run without faults asks for less
// than half of it.
constexpr int most_in_a_second = 120;
// More without time going on is a loop without an end.
constexpr int most_at_once = 400;

// In RAM, where there is such a folder: each note is synchronised to its disk.
std::filesystem::path fresh_directory() {
  const std::filesystem::path ram = "/dev/shm";
  std::string name =
      ((std::filesystem::exists(ram) ? ram : std::filesystem::temp_directory_path()) /
       "pianissimo-fault.XXXXXX")
          .string();
  if (!::mkdtemp(name.data())) throw std::runtime_error{"no folder: " + name};
  return name;
}

}  // namespace

FaultWorld::FaultWorld(FoundRadio wanted, std::filesystem::path directory)
    : is_own_directory_{directory.empty()},
      directory_{directory.empty() ? fresh_directory() : std::move(directory)},
      log_{std::make_shared<spdlog::logger>(
          "test", std::make_shared<spdlog::sinks::ostream_sink_st>(log_text_))} {
  radio = {};
  for (int i = 0; i < wanted.interfaces; ++i) {
    radio.add_access_point(static_cast<std::uint32_t>(3 + i), 0, "wlan" + std::to_string(i), found);
  }
  radio.wiphys.at(0).channels.at(0).maximum = wanted.channel_maximum;
  radio.fate_of = [this](Asked what) { return meet(what); };
  for (int i = 0; i < wanted.interfaces; ++i) {
    config.interfaces.push_back("wlan" + std::to_string(i));
  }
  config.policy = PolicyName::descend;  // needs nothing of the stations but estimates
  config.power_path = wanted.path == KnobKind::wiphy ? PowerPath::wiphy : PowerPath::interface;
  config.box.floor = floor;
  config.interval = 200ms;
  config.journal.path = "/dev/null";  // its faults are elsewhere: it has a thread of its own
  config.privacy.stations = StationIds::mac;
  log_->set_level(spdlog::level::debug);
  open_ports();
}

FaultWorld::~FaultWorld() {
  disarm();
  if (runs()) stop();
  daemon_.reset();
  radio = {};
  if (is_own_directory_) std::filesystem::remove_all(directory_);
}

void FaultWorld::open_ports() { kernel_ = std::get<Kernel>(open_kernel(io, time)); }

void FaultWorld::arm(Fault fault) {
  asked_.clear();
  hits_ = 0;
  fault_ = std::move(fault);
}

int FaultWorld::asked(Asked what) const {
  const auto known = asked_.find(what);
  return known == asked_.end() ? 0 : known->second;
}

// What becomes of a request.
asio::awaitable<Fate> FaultWorld::meet(Asked what) {
  const Instant now = time.now();
  ++asked_in_[now.time_since_epoch() / 1s];
  at_once_ = now == last_asked_ ? at_once_ + 1 : 1;
  last_asked_ = now;
  if (at_once_ > most_at_once) throw std::runtime_error{"asks and asks, and no time goes on"};
  const int count = ++asked_[what];
  if (what == Asked::stations) serve_stations();
  if (!fault_ || fault_->what != what) co_return Fate{};
  if (fault_->stays ? count < fault_->first : count != fault_->first) co_return Fate{};
  ++hits_;
  const Failure how = fault_->how;  // may be disarmed while this one waits
  if (how.after > Duration{}) {
    const auto alarm = time.make_alarm();
    co_await alarm->wait_until(time.now() + how.after);
  }
  co_return how.fate;
}

// Near ones: whole down to 12 dBm.
void FaultWorld::serve_stations() {
  const auto seconds = std::chrono::duration<double>(time.now().time_since_epoch()).count();
  for (const nl80211::Interface& interface : radio.interfaces) {
    StationReport& report = radio.stations[interface.index];
    report.interface = interface.index;
    report.stations.clear();
    const double missing = std::max(0.0, (dbm(12) - interface.power.value_or(found)).value());
    for (std::uint8_t number = 0; number < stations_; ++number) {
      StationSample sample{.station = station(number)};
      sample.expected_throughput =
          Throughput::from_kbps(static_cast<std::int64_t>(100'000 * std::pow(0.85, missing)));
      sample.tx_bytes = static_cast<std::uint64_t>(1e6 * seconds);
      sample.connected = std::chrono::seconds{static_cast<long>(seconds)};
      report.stations.push_back(sample);
    }
  }
}

void FaultWorld::start() {
  exit_.reset();
  daemon_.emplace(Ports{time, *kernel_.ports, *kernel_.ports, *kernel_.ports}, config, state(),
                  *log_);
  asio::co_spawn(io, daemon_->run(), [this](std::exception_ptr thrown, ExitStatus status) {
    bug_ = std::move(thrown);
    exit_ = status;
  });
  time.settle();
}

bool FaultWorld::reaches_the_floor_within(Duration patience) {
  for (const Instant end = time.now() + patience; time.now() < end && runs();) {
    if (is_at(floor)) return true;
    time.advance(50ms);
  }
  return is_at(floor);
}

void FaultWorld::start_and_reach_the_floor() {
  start();
  if (!reaches_the_floor_within(5s)) throw std::runtime_error{"it does not descend: " + said()};
}

void FaultWorld::reload() {
  ++reloads_;
  asio::co_spawn(io, daemon_->reload(config), [this](std::exception_ptr thrown) {
    --reloads_;
    if (thrown) bug_ = std::move(thrown);
  });
  time.settle();
}

void FaultWorld::stop() {
  daemon_->stop();
  for (int i = 0; i < 300 && (!exit_ || reloads_ > 0); ++i) time.advance(100ms);
}

void FaultWorld::kill() {
  const auto told = log_text_.str();
  radio.cannot_write = nl80211::Error::from_errno(EBUSY);
  stop();
  radio.cannot_write.reset();
  log_text_.str({});
  log_text_ << told;
  exit_.reset();
  close_ports();
  open_ports();
}

void FaultWorld::close_ports() {
  daemon_.reset();
  kernel_.ports.reset();
  kernel_.nl80211.reset();
  time.settle();
}

bool FaultWorld::put_back_what_is_noted() {
  const auto loaded = state().load();
  const auto* const noted = std::get_if<FoundPowers>(&loaded);
  if (!noted) throw std::runtime_error{"the note cannot be read"};
  std::optional<bool> all;
  asio::co_spawn(io, put_back(*noted, Ports{time, *kernel_.ports, *kernel_.ports, *kernel_.ports}),
                 [&](std::exception_ptr thrown, std::vector<PutBack> outcomes) {
                   bug_ = std::move(thrown);
                   all = std::ranges::all_of(outcomes, &PutBack::done);
                   for (const PutBack& one : outcomes) {
                     log_->log(one.done ? spdlog::level::info : spdlog::level::err, one.message);
                   }
                 });
  for (int i = 0; i < 300 && !all; ++i) time.advance(100ms);
  if (all == true) state().remove();
  exit_ = all == true ? ExitStatus::ok : ExitStatus::unavailable;
  return all == true;
}

void FaultWorld::vanish() {
  radio.interfaces.clear();
  radio.happen(nl80211::InterfaceRemoved{});
  time.advance(500ms);
}

// It has another index now, and the power that its driver begins with.
void FaultWorld::return_anew() {
  const WiphyIndex phy0 = radio.wiphys.at(0).index;
  for (const std::string& name : config.interfaces) {
    radio.add_access_point(next_index_++, value(phy0), name, found);
  }
  radio.happen(nl80211::InterfaceChanged{radio.interfaces.at(0).index});
  time.settle();
}

void FaultWorld::station_joins() {
  radio.happen(nl80211::StationNew{radio.interfaces.at(0).index, station(stations_)});
  ++stations_;
  time.settle();
}

bool FaultWorld::is_at(Dbm level) const {
  return std::ranges::all_of(radio.interfaces,
                             [&](const auto& interface) { return interface.power == level; });
}

int FaultWorld::busiest_second() const {
  int most = 0;
  for (const auto& [second, count] : asked_in_) most = std::max(most, count);
  return most;
}

bool FaultWorld::is_said(const Fault& fault) const {
  const auto& error = fault.how.fate.error;
  if (!error) return true;
  const std::string text = said();
  const int number = error->as_errno();
  return text.find(error->message()) != std::string::npos ||
         text.find(std::strerror(number)) != std::string::npos ||
         text.find("errno " + std::to_string(number) + ')') != std::string::npos;
}

void FaultWorld::must_have_done_no_harm() {
  disarm();
  if (runs()) stop();
  EXPECT_FALSE(bug_) << "an exception";
  EXPECT_TRUE(exit_) << "it does not end";
  close_ports();
  EXPECT_EQ(time.alarms(), 0u) << "somebody still waits";
  EXPECT_TRUE(io.stopped()) << "something is still under way";

  for (const nl80211::FakeRadio::Written& written : radio.written) {
    if (!written.level) continue;
    EXPECT_LE(*written.level, found) << "above the power found";
    EXPECT_GE(*written.level, floor) << "below the floor";
  }
  EXPECT_LE(busiest_second(), most_in_a_second) << "requests in a second";
  if (exit_ == ExitStatus::ok) {
    EXPECT_FALSE(is_noted()) << "a note of what is back";
    EXPECT_TRUE(is_at(found)) << "it says that all is back";
  } else {
    EXPECT_NE(said().find("[error]"), std::string::npos) << "it fails and says nothing";
    EXPECT_TRUE(is_at(found) || is_noted()) << "nobody knows what to put back";
  }
  open_ports();
  EXPECT_TRUE(put_back_what_is_noted());
  EXPECT_TRUE(is_at(found)) << "not even `restore` brings it back";
  close_ports();
}

}  // namespace pianissimo::service
