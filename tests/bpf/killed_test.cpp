// SIGKILL: what stays, and how the next run cleans up.
#include <gmock/gmock.h>

#include "bpf/station_counters.hpp"
#include "tests/bpf/failing_calls.hpp"
#include "tests/bpf/sandbox.hpp"

namespace pianissimo::bpf {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class KilledTest : public SandboxTest {
 protected:
  void SetUp() override {
    SandboxTest::SetUp();
    if (IsSkipped()) return;
    make_veth("near", "far");
  }
};

TEST_F(KilledTest, LeavesNoLinksBehind) {
  attach_and_be_killed("near", Attach::native);

  // The kernel lets go of a dead process' programs by and by.
  EXPECT_TRUE(eventually([] { return attached_to("near") == Attached{}; }));

  const auto counters = StationCounters::attach(index_of("near"), Attach::native);
  ASSERT_TRUE(counters);
  EXPECT_THAT(attached_to("near").tcx_egress, SizeIs(1));
}

TEST_F(KilledTest, LeavesFiltersThatTheNextRunReplaces) {
  const FailingCalls old_kernel{without_tcx};
  attach_and_be_killed("near", Attach::clsact);
  const Attached left = attached_to("near");
  ASSERT_THAT(left.clsact_ingress, SizeIs(1));
  ASSERT_THAT(left.clsact_egress, SizeIs(1));

  {
    const auto counters = StationCounters::attach(index_of("near"), Attach::clsact);

    ASSERT_TRUE(counters);
    EXPECT_THAT(counters->warnings(), IsEmpty());
    EXPECT_TRUE(counters->is_attached());
    const Attached now = attached_to("near");
    EXPECT_THAT(now.clsact_ingress, SizeIs(1));
    EXPECT_THAT(now.clsact_egress, SizeIs(1));
    EXPECT_NE(now.clsact_ingress, left.clsact_ingress);
    EXPECT_NE(now.clsact_egress, left.clsact_egress);
  }
  EXPECT_EQ(attached_to("near"), Attached{});
}

TEST_F(KilledTest, LeavesFiltersThatAreRemovedWhenAskedFor) {
  const FailingCalls old_kernel{without_tcx};
  attach_and_be_killed("near", Attach::clsact);

  EXPECT_EQ(remove_leftovers(index_of("near")).value(), 2);

  EXPECT_EQ(attached_to("near"), Attached{});
}

TEST_F(KilledTest, LeavesNothingToRemoveWhereTheDeviceIsGone) {
  EXPECT_EQ(remove_leftovers(InterfaceIndex{4711}).value(), 0);
}

TEST_F(KilledTest, LeavesFiltersThatStayWhereNobodyMayKnowWhoseTheyAre) {
  const FailingCalls old_kernel{without_tcx};
  attach_and_be_killed("near", Attach::clsact);
  const Attached left = attached_to("near");

  const FailingCalls no_names{[](const Call& call) {
    return !call.is_netlink && call.command == BPF_PROG_GET_FD_BY_ID ? EPERM : 0;
  }};
  const auto removed = remove_leftovers(index_of("near"));

  ASSERT_FALSE(removed);
  EXPECT_EQ(removed.error().error, EPERM);
  EXPECT_THAT(removed.error().message,
              AllOf(HasSubstr("near: clsact egress: priority 49000"), HasSubstr("CAP_SYS_ADMIN")));
  EXPECT_EQ(attached_to("near"), left);
}

TEST_F(KilledTest, LeavesFiltersOfWhichItIsSaidThatTheyCannotBeRemoved) {
  const FailingCalls old_kernel{without_tcx};
  attach_and_be_killed("near", Attach::clsact);

  bool is_known_as_ours = false;
  const FailingCalls read_only{[&](const Call& call) {
    // What comes after the look at its name is the request to remove it.
    if (call.is_netlink) return std::exchange(is_known_as_ours, false) ? EPERM : 0;
    is_known_as_ours = call.command == BPF_OBJ_GET_INFO_BY_FD;
    return 0;
  }};
  const auto removed = remove_leftovers(index_of("near"));

  ASSERT_FALSE(removed);
  EXPECT_THAT(removed.error().message, HasSubstr("near: clsact egress: priority 49000"));
}

}  // namespace
}  // namespace pianissimo::bpf
