#include "tests/bpf/sandbox.hpp"

#include <arpa/inet.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <fcntl.h>
#include <fmt/core.h>
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <thread>

namespace pianissimo::bpf {
namespace {

std::vector<std::uint32_t> tcx_programs(InterfaceIndex device, int type) {
  std::array<__u32, 64> ids{};
  struct bpf_prog_query_opts options {};
  options.sz = sizeof options;
  options.prog_ids = ids.data();
  options.prog_cnt = ids.size();
  const int index = static_cast<int>(value(device));
  if (bpf_prog_query_opts(index, static_cast<bpf_attach_type>(type), &options) != 0) return {};
  return {ids.begin(), ids.begin() + options.prog_cnt};
}

std::vector<std::uint32_t> clsact_programs(InterfaceIndex device, bpf_tc_attach_point point) {
  std::vector<std::uint32_t> ids;
  for (std::uint32_t priority = 49000; priority <= 49015; ++priority) {
    bpf_tc_hook hook{};
    hook.sz = sizeof hook;
    hook.ifindex = static_cast<int>(value(device));
    hook.attach_point = point;
    bpf_tc_opts options{};
    options.sz = sizeof options;
    options.handle = 1;
    options.priority = priority;
    if (bpf_tc_query(&hook, &options) == 0) ids.push_back(options.prog_id);
  }
  return ids;
}

}  // namespace

bool is_privileged() {
  const File program{other_program(true, 2, "may_we")};
  return program.get() >= 0 && ::geteuid() == 0;
}

bool eventually(const std::function<bool()>& condition) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{10};
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::yield();
  }
  return true;
}

Namespace::Namespace() {
  if (::unshare(CLONE_NEWNET) != 0) ADD_FAILURE() << "unshare: " << errno;
  file_ = File{::open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC)};
  std::ofstream{"/proc/sys/net/ipv6/conf/default/disable_ipv6"} << 1;
  run("ip link set lo up");
}

void Namespace::enter() const {
  if (::setns(file_.get(), CLONE_NEWNET) != 0) ADD_FAILURE() << "setns: " << errno;
}

std::string Namespace::path() const {
  return fmt::format("/proc/{}/fd/{}", ::getpid(), file_.get());
}

void run(const std::string& command) {
  const int status = std::system(command.c_str());
  if (status != 0) ADD_FAILURE() << command << ": status " << status;
}

void bring_up(const std::vector<std::string>& devices) {
  for (const std::string& device : devices) run("ip link set " + device + " up");
  const File any{::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)};
  for (const std::string& device : devices) {
    const bool is_up = eventually([&] {
      ifreq request{};
      device.copy(request.ifr_name, IF_NAMESIZE - 1);
      return ::ioctl(any.get(), SIOCGIFFLAGS, &request) == 0 &&
             (request.ifr_flags & IFF_RUNNING) != 0;
    });
    EXPECT_TRUE(is_up) << device;
  }
}

void make_veth(const std::string& device, const std::string& other) {
  run(fmt::format("ip link add {} type veth peer name {}", device, other));
  bring_up({device, other});
}

bool bridge_forwards(std::size_t ports) {
  const std::string command =
      fmt::format("test $(bridge link | grep -c 'state forwarding') -eq {}", ports);
  return eventually([&] { return std::system(command.c_str()) == 0; });
}

InterfaceIndex index_of(const std::string& device) {
  return InterfaceIndex{if_nametoindex(device.c_str())};
}

Attached attached_to(const std::string& device) {
  quiet_libbpf();
  const InterfaceIndex index = index_of(device);
  Attached attached;
  bpf_xdp_query_id(static_cast<int>(value(index)), 0, &attached.xdp);
  attached.tcx_ingress = tcx_programs(index, 46);
  attached.tcx_egress = tcx_programs(index, 47);
  attached.clsact_ingress = clsact_programs(index, BPF_TC_INGRESS);
  attached.clsact_egress = clsact_programs(index, BPF_TC_EGRESS);
  take_libbpf_words();
  return attached;
}

void attach_and_be_killed(const std::string& device, Attach wanted) {
  std::array<int, 2> pipe{};
  ASSERT_EQ(::pipe(pipe.data()), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    const auto counters = StationCounters::attach(index_of(device), wanted);
    const char attached = counters ? 'y' : 'n';
    if (::write(pipe[1], &attached, 1) != 1) ::_exit(1);
    for (;;) ::pause();
  }
  const File reading{pipe[0]};
  const File writing{pipe[1]};
  char attached = 0;
  ASSERT_EQ(::read(reading.get(), &attached, 1), 1);
  ASSERT_EQ(attached, 'y');
  ASSERT_EQ(::kill(child, SIGKILL), 0);
  ASSERT_EQ(::waitpid(child, nullptr, 0), child);
}

File other_program(bool is_xdp, int verdict, const std::string& name) {
  const std::array<bpf_insn, 2> instructions{
      bpf_insn{
          .code = BPF_ALU | BPF_MOV | BPF_K, .dst_reg = 0, .src_reg = 0, .off = 0, .imm = verdict},
      bpf_insn{.code = BPF_JMP | BPF_EXIT, .dst_reg = 0, .src_reg = 0, .off = 0, .imm = 0}};
  const bpf_prog_type type = is_xdp ? BPF_PROG_TYPE_XDP : BPF_PROG_TYPE_SCHED_CLS;
  return File{
      bpf_prog_load(type, name.c_str(), "GPL", instructions.data(), instructions.size(), nullptr)};
}

Wire::Wire(const std::string& device) : socket_{::socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0)} {
  sockaddr_ll address{};
  address.sll_family = AF_PACKET;
  address.sll_ifindex = static_cast<int>(if_nametoindex(device.c_str()));
  if (::bind(socket_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    ADD_FAILURE() << device << ": bind: " << errno;
}

void Wire::send(std::span<const std::uint8_t> frame) const {
  const auto sent = ::send(socket_.get(), frame.data(), frame.size(), 0);
  if (sent != static_cast<ssize_t>(frame.size())) ADD_FAILURE() << "send: " << errno;
}

void SandboxTest::SetUp() {
  if (!is_privileged()) GTEST_SKIP() << "BPF programs may not be loaded here: run as root";
  namespaces.emplace_back();
}

}  // namespace pianissimo::bpf
