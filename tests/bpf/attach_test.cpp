// Which hooks are taken, and what becomes of them when the device changes.
#include <bpf/libbpf.h>
#include <gmock/gmock.h>
#include <linux/capability.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <initializer_list>

#include "bpf/station_counters.hpp"
#include "tests/bpf/failing_calls.hpp"
#include "tests/bpf/frame.hpp"
#include "tests/bpf/sandbox.hpp"

namespace pianissimo::bpf {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

const MacAddress anna{{2, 0, 0, 0, 0, 1}};
const MacAddress router{{6, 0, 0, 0, 0, 1}};

// Of the privileges of root, only these.
bool keep_only(std::initializer_list<unsigned> capabilities) {
  __user_cap_header_struct header{.version = _LINUX_CAPABILITY_VERSION_3, .pid = 0};
  std::array<__user_cap_data_struct, 2> kept{};
  for (const unsigned capability : capabilities) {
    kept.at(capability / 32).permitted |= 1U << capability % 32;
    kept.at(capability / 32).effective |= 1U << capability % 32;
  }
  return ::syscall(SYS_capset, &header, kept.data()) == 0;
}

class AttachTest : public SandboxTest {
 protected:
  void SetUp() override {
    SandboxTest::SetUp();
    if (IsSkipped()) return;
    make_veth("near", "far");
    run("ip link add bridge type bridge && ip link set bridge up");
  }

  static StationCounters attach(const std::string& device, Attach wanted = Attach::automatic) {
    auto counters = StationCounters::attach(index_of(device), wanted);
    if (!counters) throw std::runtime_error{counters.error().message};
    return std::move(*counters);
  }

  static Error refusal(const std::string& device, Attach wanted) {
    auto counters = StationCounters::attach(index_of(device), wanted);
    EXPECT_FALSE(counters);
    return counters ? Error{} : counters.error();
  }

  static Count from_anna(const StationCounters& counters) {
    Counts counts;
    counters.read(counts);
    return counts.stations.at(0).from_station;
  }

  /// A frame of Anna's arrives at `near`.
  static void arrive(std::size_t size) {
    Wire{"far"}.send(Frame{router, anna}.type(0x88b5).up_to(size).bytes());
  }
};

TEST_F(AttachTest, TakesTheDriverWhereItHasXdp) {
  const StationCounters counters = attach("near");

  EXPECT_EQ(counters.hooks(), "native XDP, tcx egress");
  EXPECT_THAT(counters.warnings(), IsEmpty());
  EXPECT_TRUE(counters.is_attached());
  EXPECT_EQ(program_name(attached_to("near").xdp).value(), "pianissimo_xdp");
  ASSERT_THAT(attached_to("near").tcx_egress, SizeIs(1));
  EXPECT_EQ(program_name(attached_to("near").tcx_egress[0]).value(), "pianissimo_out");
}

TEST_F(AttachTest, TakesTcxWhereTheDriverHasNoXdp) {
  const StationCounters counters = attach("bridge");

  EXPECT_EQ(counters.hooks(), "tcx ingress, tcx egress");
  EXPECT_THAT(counters.warnings(), IsEmpty());
  EXPECT_TRUE(counters.is_attached());
  EXPECT_EQ(attached_to("bridge").xdp, 0u);
  ASSERT_THAT(attached_to("bridge").tcx_ingress, SizeIs(1));
  EXPECT_EQ(program_name(attached_to("bridge").tcx_ingress[0]).value(), "pianissimo_in");
}

TEST_F(AttachTest, TakesTheHookAskedFor) {
  EXPECT_EQ(attach("near", Attach::native).hooks(), "native XDP, tcx egress");
  EXPECT_EQ(attach("near", Attach::tcx).hooks(), "tcx ingress, tcx egress");
  EXPECT_EQ(attach("near", Attach::clsact).hooks(), "clsact ingress, tcx egress");
}

TEST_F(AttachTest, SaysWhatGenericXdpCosts) {
  const StationCounters counters = attach("bridge", Attach::generic);

  EXPECT_EQ(counters.hooks(), "generic XDP, tcx egress");
  EXPECT_THAT(counters.warnings(),
              ElementsAre(AllOf(HasSubstr("bridge: generic XDP"), HasSubstr("GRO"))));
}

TEST_F(AttachTest, SaysWhyTheHookAskedForIsNotToBeHad) {
  EXPECT_EQ(refusal("bridge", Attach::native).message,
            "bridge: native XDP: Operation not supported");
  EXPECT_EQ(attached_to("bridge"), Attached{});
}

TEST_F(AttachTest, SaysThatThereIsNoSuchDevice) {
  const auto counters = StationCounters::attach(InterfaceIndex{4711}, Attach::automatic);

  ASSERT_FALSE(counters);
  EXPECT_THAT(counters.error().message, HasSubstr("interface 4711"));
  EXPECT_EQ(counters.error().error, ENXIO);
}

TEST_F(AttachTest, TakesTheProgramForFramesOfSeveralPagesWhereTheMtuNeedsIt) {
  run("ip link set near mtu 9000 && ip link set far mtu 9000");

  const StationCounters counters = attach("near");

  EXPECT_EQ(counters.hooks(), "native XDP, tcx egress");
  EXPECT_EQ(program_name(attached_to("near").xdp).value(), "pianissimo_xdpf");
}

TEST_F(AttachTest, DetachesEverythingAndLeavesTheQdisc) {
  for (const Attach wanted : {Attach::automatic, Attach::tcx, Attach::clsact, Attach::generic}) {
    attach("near", wanted);

    EXPECT_EQ(attached_to("near"), Attached{}) << static_cast<int>(wanted);
  }
  run("tc qdisc show dev near | grep -q clsact");
}

TEST_F(AttachTest, HandsItsHooksOverWhenItIsMoved) {
  StationCounters first = attach("near", Attach::clsact);
  StationCounters second = std::move(first);
  EXPECT_TRUE(second.is_attached());

  second = attach("bridge", Attach::clsact);

  EXPECT_EQ(attached_to("near"), Attached{});
  EXPECT_THAT(attached_to("bridge").clsact_ingress, SizeIs(1));
}

class AttachedTo : public AttachTest, public testing::WithParamInterface<Attach> {};

INSTANTIATE_TEST_SUITE_P(Hook, AttachedTo,
                         testing::Values(Attach::native, Attach::tcx, Attach::clsact,
                                         Attach::generic));

TEST_P(AttachedTo, CountsOnThroughDownUpAndRename) {
  StationCounters counters = attach("near", GetParam());
  ASSERT_TRUE(counters.set_stations(std::vector{anna}));
  arrive(100);
  ASSERT_TRUE(eventually([&] { return from_anna(counters).packets == 1; }));

  run("ip link set near down && ip link set near name other");
  bring_up({"other", "far"});
  EXPECT_TRUE(counters.is_attached());

  arrive(200);
  EXPECT_TRUE(eventually([&] { return from_anna(counters) == Count{2, 300}; }));
}

TEST_P(AttachedTo, KnowsThatTheDeviceIsGoneAndTakesTheNextOne) {
  StationCounters counters = attach("near", GetParam());
  const InterfaceIndex former = index_of("near");

  run("ip link del near");
  make_veth("near", "far");
  ASSERT_NE(index_of("near"), former);
  EXPECT_FALSE(counters.is_attached());

  counters = attach("near", GetParam());
  EXPECT_TRUE(counters.is_attached());
  ASSERT_TRUE(counters.set_stations(std::vector{anna}));
  arrive(100);
  EXPECT_TRUE(eventually([&] { return from_anna(counters) == Count{1, 100}; }));
}

TEST_F(AttachTest, KnowsThatSomebodyHasTakenTheQdiscAway) {
  const StationCounters counters = attach("near", Attach::clsact);

  run("tc qdisc del dev near clsact");

  EXPECT_FALSE(counters.is_attached());
}

TEST_F(AttachTest, LeavesAFilterAloneThatHasReplacedIts) {
  const File other = other_program(false, -1, "other_tc");
  {
    const StationCounters counters = attach("near", Attach::clsact);
    bpf_tc_hook hook{};
    hook.sz = sizeof hook;
    hook.ifindex = static_cast<int>(value(index_of("near")));
    hook.attach_point = BPF_TC_INGRESS;
    bpf_tc_opts options{};
    options.sz = sizeof options;
    options.handle = 1;
    options.priority = 49000;
    options.flags = BPF_TC_F_REPLACE;
    options.prog_fd = other.get();
    ASSERT_EQ(bpf_tc_attach(&hook, &options), 0);

    EXPECT_FALSE(counters.is_attached());
  }
  EXPECT_THAT(attached_to("near").clsact_ingress, ElementsAre(program_id(other.get())));
}

// What kernels are like that we cannot have here.

TEST_F(AttachTest, TakesClsactOnAKernelWithoutTcx) {
  const FailingCalls old_kernel{without_tcx};

  const StationCounters counters = attach("bridge");

  EXPECT_EQ(counters.hooks(), "clsact ingress, clsact egress");
  EXPECT_THAT(counters.warnings(), IsEmpty());
  EXPECT_TRUE(counters.is_attached());
  EXPECT_THAT(attached_to("bridge").clsact_ingress, SizeIs(1));
  EXPECT_THAT(attached_to("bridge").clsact_egress, SizeIs(1));
}

TEST_F(AttachTest, DoesWithoutTheProgramForSeveralPagesOnAKernelWithoutThem) {
  const FailingCalls old_kernel{without_frags};

  const StationCounters counters = attach("near");

  EXPECT_EQ(counters.hooks(), "native XDP, tcx egress");
  EXPECT_THAT(counters.warnings(), IsEmpty());
}

// In processes of their own: libbpf remembers what a kernel can.
void in_a_child(const std::function<bool()>& test) {
  const pid_t child = ::fork();
  if (child == 0) ::_exit(test() ? 0 : 1);
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
}

TEST_F(AttachTest, SaysThatAKernelIsTooOldForItsMaps) {
  in_a_child([] {
    const FailingCalls old_kernel{without_mappable_maps};
    const Error error = refusal("near", Attach::automatic);
    return error.error == EINVAL && error.message.find("needs Linux 5.5") != std::string::npos;
  });
}

TEST_F(AttachTest, SaysThatAKernelHasNoBpf) {
  in_a_child([] {
    const FailingCalls no_bpf{[](const Call& call) { return call.is_netlink ? 0 : ENOSYS; }};
    const Error error = refusal("near", Attach::automatic);
    return error.error == ENOSYS &&
           error.message.find("without CONFIG_BPF_SYSCALL") != std::string::npos;
  });
}

TEST_F(AttachTest, SaysWhichCapabilitiesAreMissing) {
  in_a_child([] {
    if (::setresuid(65534, 65534, 65534) != 0) return false;
    const Error error = refusal("near", Attach::automatic);
    return error.error == EPERM &&
           error.message.find("needs CAP_BPF, CAP_PERFMON and CAP_NET_ADMIN") != std::string::npos;
  });
}

TEST_F(AttachTest, NeedsTheThreeCapabilitiesAndNoMore) {
  in_a_child([] {
    return keep_only({CAP_BPF, CAP_PERFMON, CAP_NET_ADMIN}) && attach("near").is_attached();
  });
}

TEST_F(AttachTest, SaysThatTheVerifierMissesACapability) {
  in_a_child([] {
    if (!keep_only({CAP_BPF, CAP_NET_ADMIN})) return false;
    const Error error = refusal("near", Attach::automatic);
    return error.error == EACCES && error.message.find("CAP_PERFMON") != std::string::npos;
  });
}

TEST_F(AttachTest, NeedsNoTypeInformationOfTheKernel) {
  in_a_child([] {
    if (::unshare(CLONE_NEWNS) != 0) return false;
    // Not "/", which is no mount point in a chroot.
    if (::mount("none", "/sys", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) return false;
    if (::access("/sys/kernel/btf", F_OK) == 0 &&
        ::mount("none", "/sys/kernel/btf", "tmpfs", 0, nullptr) != 0)
      return false;
    const FailingCalls no_btf{[](const Call& call) {
      return !call.is_netlink && call.command == BPF_BTF_LOAD ? EINVAL : 0;
    }};
    return ::access("/sys/kernel/btf/vmlinux", F_OK) != 0 && attach("near").is_attached();
  });
}

}  // namespace
}  // namespace pianissimo::bpf
