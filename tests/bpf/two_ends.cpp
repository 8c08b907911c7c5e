#include "tests/bpf/two_ends.hpp"

#include <bpf/bpf.h>
#include <linux/if_link.h>

#include <fstream>

namespace pianissimo::bpf {

void TwoEnds::SetUp() {
  SandboxTest::SetUp();
  if (IsSkipped() || HasFatalFailure()) return;
  namespaces.emplace_back();
  receiver().enter();
  std::ofstream{"/proc/sys/net/ipv6/conf/default/disable_ipv6"} << 0;
  sender().enter();
  std::ofstream{"/proc/sys/net/ipv6/conf/default/disable_ipv6"} << 0;
  run("ip link add va numrxqueues 2 numtxqueues 2 type veth"
      " peer name vb numrxqueues 2 numtxqueues 2 netns " +
      receiver().path());
  run("ip address add 10.77.0.1/24 dev va && ip address add fd77::1/64 dev va nodad");
  receiver().enter();
  run("ip link set vb address 02:00:00:00:00:02");
  run("ip address add 10.77.0.2/24 dev vb && ip address add fd77::2/64 dev vb nodad");
  run("ip link set vb up");
  program_ = lossy_bpf__open();
  ASSERT_NE(program_, nullptr);
  ASSERT_EQ(lossy_bpf__load(program_), 0);
  bpf_link_create_opts options{};
  options.sz = sizeof options;
  options.flags = XDP_FLAGS_DRV_MODE;
  link_ = File{bpf_link_create(bpf_program__fd(program_->progs.lossy),
                               static_cast<int>(value(index_of("vb"))), BPF_XDP, &options)};
  ASSERT_GE(link_.get(), 0);
  sender().enter();
  bring_up({"va"});
}

void TwoEnds::TearDown() {
  if (program_ != nullptr) lossy_bpf__destroy(program_);
}

lossy_bpf::lossy_bpf__bss& TwoEnds::link() const { return *program_->bss; }

}  // namespace pianissimo::bpf
