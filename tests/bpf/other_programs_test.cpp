// Hooks that others hold: theirs stay, and we say whose they are.
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <fmt/core.h>
#include <gmock/gmock.h>
#include <linux/if_link.h>

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

constexpr int pass = 2;   // XDP_PASS
constexpr int tc_ok = 0;  // TC_ACT_OK: what comes behind is not asked
constexpr int tc_next = -1;

class OtherProgramsTest : public SandboxTest {
 protected:
  void SetUp() override {
    SandboxTest::SetUp();
    if (IsSkipped()) return;
    make_veth("near", "far");
  }

  static int ifindex() { return static_cast<int>(value(index_of("near"))); }

  static File link(const File& program, int type, std::uint32_t flags) {
    bpf_link_create_opts options{};
    options.sz = sizeof options;
    options.flags = flags;
    File link{
        bpf_link_create(program.get(), ifindex(), static_cast<bpf_attach_type>(type), &options)};
    EXPECT_GE(link.get(), 0);
    return link;
  }

  static void add_filter(const File& program, std::uint32_t priority) {
    bpf_tc_hook hook{};
    hook.sz = sizeof hook;
    hook.ifindex = ifindex();
    hook.attach_point = BPF_TC_INGRESS;
    bpf_tc_hook_create(&hook);
    bpf_tc_opts options{};
    options.sz = sizeof options;
    options.handle = 1;
    options.priority = priority;
    options.prog_fd = program.get();
    EXPECT_EQ(bpf_tc_attach(&hook, &options), 0);
  }

  static std::string named(const File& program, const std::string& name) {
    return fmt::format("held by program {} ({})", program_id(program.get()), name);
  }
};

TEST_F(OtherProgramsTest, FallsBackToTcxWhereAnXdpLinkIsHeld) {
  const File other = other_program(true, pass, "other_xdp");
  const File held = link(other, BPF_XDP, XDP_FLAGS_DRV_MODE);

  const auto counters = StationCounters::attach(index_of("near"), Attach::automatic);

  ASSERT_TRUE(counters);
  EXPECT_EQ(counters->hooks(), "tcx ingress, tcx egress");
  EXPECT_THAT(counters->warnings(),
              ElementsAre(AllOf(HasSubstr("near: native XDP: Device or resource busy"),
                                HasSubstr(named(other, "other_xdp")))));
  EXPECT_EQ(attached_to("near").xdp, program_id(other.get()));
}

TEST_F(OtherProgramsTest, FallsBackToTcxWhereAGenericProgramIsHeld) {
  const File other = other_program(true, pass, "other_xdp");
  const File held = link(other, BPF_XDP, XDP_FLAGS_SKB_MODE);

  const auto counters = StationCounters::attach(index_of("near"), Attach::automatic);

  ASSERT_TRUE(counters);
  EXPECT_EQ(counters->hooks(), "tcx ingress, tcx egress");
  EXPECT_THAT(counters->warnings(), ElementsAre(HasSubstr(named(other, "other_xdp"))));
}

TEST_F(OtherProgramsTest, LeavesAProgramWithoutALinkWhereItIs) {
  const File other = other_program(true, pass, "other_xdp");
  ASSERT_EQ(bpf_xdp_attach(ifindex(), other.get(), XDP_FLAGS_DRV_MODE, nullptr), 0);

  const auto counters = StationCounters::attach(index_of("near"), Attach::automatic);
  const auto by_name = StationCounters::attach(index_of("near"), Attach::native);

  ASSERT_TRUE(counters);
  EXPECT_EQ(counters->hooks(), "tcx ingress, tcx egress");
  EXPECT_THAT(counters->warnings(), ElementsAre(HasSubstr(named(other, "other_xdp"))));
  ASSERT_FALSE(by_name);
  EXPECT_THAT(by_name.error().message, HasSubstr(named(other, "other_xdp")));
  EXPECT_EQ(by_name.error().error, EBUSY);
  EXPECT_EQ(attached_to("near").xdp, program_id(other.get()));
}

TEST_F(OtherProgramsTest, CountsBeforeAProgramThatEndsTheChain) {
  const File other = other_program(false, tc_ok, "other_tc");
  const File ingress = link(other, 46, 0);

  auto counters = StationCounters::attach(index_of("near"), Attach::tcx);
  ASSERT_TRUE(counters);
  const MacAddress anna{{2, 0, 0, 0, 0, 1}};
  ASSERT_TRUE(counters->set_stations(std::vector{anna}));
  Wire{"far"}.send(Frame{{}, anna}.type(0x88b5).up_to(60).bytes());

  Counts counts;
  EXPECT_TRUE(eventually([&] {
    counters->read(counts);
    return counts.stations[0].from_station == Count{1, 60};
  }));
  EXPECT_EQ(attached_to("near").tcx_ingress.back(), program_id(other.get()));
}

TEST_F(OtherProgramsTest, LeavesAnothersFilterInItsPlaceAndTakesTheNext) {
  const File other = other_program(false, tc_next, "other_tc");
  add_filter(other, 49000);

  {
    const auto counters = StationCounters::attach(index_of("near"), Attach::clsact);

    ASSERT_TRUE(counters);
    EXPECT_TRUE(counters->is_attached());
    EXPECT_THAT(counters->warnings(),
                ElementsAre(AllOf(HasSubstr("near: clsact ingress: priority 49000"),
                                  HasSubstr(named(other, "other_tc")))));
    ASSERT_THAT(attached_to("near").clsact_ingress, SizeIs(2));
    EXPECT_EQ(attached_to("near").clsact_ingress[0], program_id(other.get()));
  }
  EXPECT_THAT(attached_to("near").clsact_ingress, ElementsAre(program_id(other.get())));
}

TEST_F(OtherProgramsTest, TakesTheNextPriorityWhereThereIsNoBpfFilter) {
  run("tc qdisc add dev near clsact && "
      "tc filter add dev near ingress pref 49000 protocol all u32 match u32 0 0");

  const auto counters = StationCounters::attach(index_of("near"), Attach::clsact);

  ASSERT_TRUE(counters);
  EXPECT_TRUE(counters->is_attached());
  EXPECT_THAT(counters->warnings(), ElementsAre(HasSubstr("priority 49000 is held by another")));
}

TEST_F(OtherProgramsTest, SaysSoWhenAllItsPrioritiesAreHeld) {
  std::vector<File> others;
  for (std::uint32_t priority = 49000; priority <= 49007; ++priority) {
    others.push_back(other_program(false, tc_next, "other_tc"));
    add_filter(others.back(), priority);
  }
  const Attached before = attached_to("near");

  const auto counters = StationCounters::attach(index_of("near"), Attach::clsact);

  ASSERT_FALSE(counters);
  EXPECT_THAT(counters.error().message, HasSubstr("near: clsact ingress: File exists"));
  EXPECT_EQ(attached_to("near"), before);
}

// It would take our program for egress, and run it at ingress.
TEST_F(OtherProgramsTest, SaysSoWhereAnIngressQdiscIsInThePlaceOfClsact) {
  run("tc qdisc add dev near ingress");
  const FailingCalls old_kernel{without_tcx};

  for (const Attach wanted : {Attach::automatic, Attach::clsact}) {
    const auto counters = StationCounters::attach(index_of("near"), wanted);

    ASSERT_FALSE(counters);
    EXPECT_THAT(counters.error().message,
                AllOf(HasSubstr("near: clsact egress"), HasSubstr("an ingress qdisc")));
    EXPECT_EQ(attached_to("near"), Attached{});
  }
}

TEST_F(OtherProgramsTest, RemovesOnlyOurLeftovers) {
  const File other = other_program(false, tc_next, "other_tc");
  const File leftover = other_program(false, tc_next, "pianissimo_in");
  add_filter(other, 49000);
  add_filter(leftover, 49001);

  EXPECT_EQ(remove_leftovers(index_of("near")).value(), 1);

  EXPECT_THAT(attached_to("near").clsact_ingress, ElementsAre(program_id(other.get())));
}

TEST_F(OtherProgramsTest, FindsNoLeftoversWhereThereIsNoQdisc) {
  EXPECT_EQ(remove_leftovers(index_of("near")).value(), 0);
  EXPECT_EQ(attached_to("near"), Attached{});
}

}  // namespace
}  // namespace pianissimo::bpf
