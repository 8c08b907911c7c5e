// What one reading tick costs (dump, decode, decide) beside a bare libnl dump of the same stations,
// interleaved in one run. Needs an AP interface of mac80211_hwsim, to which it adds stations with
// NL80211_CMD_NEW_STATION: tests/bench/tick.sh runs it in the virtual machine.
// usage: tick_bench INTERFACE [ROUNDS]
#include <linux/nl80211.h>
#include <net/if.h>
#include <netlink/genl/ctrl.h>
#include <netlink/genl/genl.h>
#include <netlink/netlink.h>

#include <algorithm>
#include <array>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <vector>

#include "controller/core/controller.hpp"
#include "controller/policy/anchor.hpp"
#include "nl80211/radio.hpp"

namespace {

using namespace pianissimo;
namespace asio = boost::asio;
using Clock = std::chrono::steady_clock;

Instant now() { return Instant{Clock::now().time_since_epoch()}; }

[[noreturn]] void die(const char* what) {
  std::fprintf(stderr, "tick_bench: %s\n", what);
  std::exit(1);
}

// The yardstick: libnl alone, as its own examples use it.
class BareDump {
 public:
  explicit BareDump(unsigned interface) : socket_{nl_socket_alloc()}, interface_{interface} {
    if (genl_connect(socket_) != 0) die("no generic netlink");
    nl80211_ = genl_ctrl_resolve(socket_, "nl80211");
    if (nl80211_ < 0) die("no nl80211");
    nl_socket_modify_cb(socket_, NL_CB_VALID, NL_CB_CUSTOM, on_station, this);
    nl_socket_modify_cb(socket_, NL_CB_FINISH, NL_CB_CUSTOM, on_end, this);
    nl_socket_modify_cb(socket_, NL_CB_ACK, NL_CB_CUSTOM, on_end, this);
    nl_socket_modify_err_cb(socket_, NL_CB_CUSTOM, on_error, this);
  }
  ~BareDump() { nl_socket_free(socket_); }
  BareDump(const BareDump&) = delete;
  BareDump& operator=(const BareDump&) = delete;

  int stations() {
    found_ = 0;
    exchange(NL80211_CMD_GET_STATION, NLM_F_DUMP, [](nl_msg*) {});
    return found_;
  }

  void add_station(std::uint16_t aid) {
    exchange(NL80211_CMD_NEW_STATION, NLM_F_ACK, [&](nl_msg* message) {
      const std::array<std::uint8_t, 6> mac{
          0x06, 0, 0, 0, static_cast<std::uint8_t>(aid >> 8), static_cast<std::uint8_t>(aid)};
      const std::array<std::uint8_t, 8> rates{0x8c, 0x12, 0x98, 0x24, 0xb0, 0x48, 0x60, 0x6c};
      nl80211_sta_flag_update flags{};
      flags.mask = flags.set = 1U << NL80211_STA_FLAG_AUTHORIZED |
                               1U << NL80211_STA_FLAG_ASSOCIATED |
                               1U << NL80211_STA_FLAG_AUTHENTICATED;
      nla_put(message, NL80211_ATTR_MAC, mac.size(), mac.data());
      nla_put_u16(message, NL80211_ATTR_STA_AID, aid);
      nla_put_u16(message, NL80211_ATTR_STA_LISTEN_INTERVAL, 1);
      nla_put(message, NL80211_ATTR_STA_SUPPORTED_RATES, rates.size(), rates.data());
      nla_put(message, NL80211_ATTR_STA_FLAGS2, sizeof flags, &flags);
    });
  }

 private:
  template <class Fill>
  void exchange(std::uint8_t command, int flags, Fill fill) {
    nl_msg* const message = nlmsg_alloc();
    genlmsg_put(message, 0, 0, nl80211_, 0, flags, command, 0);
    nla_put_u32(message, NL80211_ATTR_IFINDEX, interface_);
    fill(message);
    nl_send_auto(socket_, message);
    nlmsg_free(message);
    is_over_ = false;
    while (!is_over_) {
      if (nl_recvmsgs_default(socket_) < 0) break;
    }
  }
  static int on_station(nl_msg*, void* self) {
    ++static_cast<BareDump*>(self)->found_;
    return NL_SKIP;
  }
  static int on_end(nl_msg*, void* self) {
    static_cast<BareDump*>(self)->is_over_ = true;
    return NL_STOP;
  }
  static int on_error(sockaddr_nl*, nlmsgerr* error, void* self) {
    std::fprintf(stderr, "tick_bench: kernel: error %d\n", error->error);
    static_cast<BareDump*>(self)->is_over_ = true;
    return NL_STOP;
  }

  nl_sock* socket_;
  unsigned interface_;
  int nl80211_ = 0;
  int found_ = 0;
  bool is_over_ = false;
};

// The daemon's way: the same calls that its loop makes.
class Tick {
 public:
  explicit Tick(unsigned interface)
      : interface_{InterfaceIndex{interface}}, controller_{BoxParams{}, [] {
                                                             return make_anchor({});
                                                           }} {
    auto opened = nl80211::Nl80211::open(io_.get_executor(), now);
    if (!opened) die(opened.error().message().c_str());
    kernel_ = std::move(*opened);
    decided_ += controller_
                    .on(InterfaceUp{.at = now(),
                                    .interface = interface_,
                                    .name = "wlan0",
                                    .channel_maximum = dbm(20),
                                    .found = dbm(20),
                                    .power = dbm(20)})
                    .decisions.size();
  }

  std::size_t stations() {
    auto report = asio::co_spawn(io_, kernel_->read_stations(interface_), asio::use_future);
    io_.restart();
    io_.run();
    const auto read = report.get();
    if (!read) die(read.error().message().c_str());
    decided_ += controller_.on(*read).decisions.size();
    return read->stations.size();
  }

 private:
  asio::io_context io_{1};
  std::unique_ptr<nl80211::Nl80211> kernel_;
  InterfaceIndex interface_;
  Controller controller_;
  std::size_t decided_ = 0;
};

template <class Do>
double microseconds(Do what) {
  const auto begin = Clock::now();
  what();
  return std::chrono::duration<double, std::micro>(Clock::now() - begin).count();
}

double median(std::vector<double>& values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::ranges::nth_element(values, middle);
  return *middle;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) die("usage: tick_bench INTERFACE [ROUNDS]");
  const unsigned interface = if_nametoindex(argv[1]);
  if (interface == 0) die("no such interface");
  const int rounds = argc > 2 ? std::atoi(argv[2]) : 400;

  BareDump bare{interface};
  Tick tick{interface};
  std::puts("{\"unit\": \"microseconds, medians of interleaved rounds\", \"stations\": [");
  std::uint16_t aid = 1;
  for (const int wanted : {1, 16, 64}) {
    while (bare.stations() < wanted && aid < 200) bare.add_station(aid++);
    const int present = bare.stations();
    if (present != wanted) die("could not add stations");
    std::vector<double> bare_us;
    std::vector<double> tick_us;
    for (int round = 0; round < rounds; ++round) {
      bare_us.push_back(microseconds([&] { bare.stations(); }));
      tick_us.push_back(microseconds([&] { tick.stations(); }));
    }
    const double bare_median = median(bare_us);
    const double tick_median = median(tick_us);
    std::printf("  {\"n\": %d, \"bare_libnl_us\": %.1f, \"tick_us\": %.1f, \"ratio\": %.3f}%s\n",
                present, bare_median, tick_median, tick_median / bare_median,
                wanted == 64 ? "" : ",");
  }
  std::puts("]}");
}
