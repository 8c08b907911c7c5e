// SIGKILL: what stays, and how the next run cleans up.
#include <gmock/gmock.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>

#include "bpf/station_counters.hpp"
#include "tests/bpf/failing_calls.hpp"
#include "tests/bpf/sandbox.hpp"

namespace pianissimo::bpf {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

class KilledTest : public SandboxTest {
 protected:
  void SetUp() override {
    SandboxTest::SetUp();
    if (IsSkipped()) return;
    make_veth("near", "far");
  }

  /// A run that attaches and is killed.
  static void attach_and_be_killed(Attach wanted) {
    std::array<int, 2> pipe{};
    ASSERT_EQ(::pipe(pipe.data()), 0);
    const pid_t child = ::fork();
    if (child == 0) {
      const auto counters = StationCounters::attach(index_of("near"), wanted);
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
};

TEST_F(KilledTest, LeavesNoLinksBehind) {
  attach_and_be_killed(Attach::native);

  // The kernel lets go of a dead process' programs by and by.
  EXPECT_TRUE(eventually([] { return attached_to("near") == Attached{}; }));

  const auto counters = StationCounters::attach(index_of("near"), Attach::native);
  ASSERT_TRUE(counters);
  EXPECT_THAT(attached_to("near").tcx_egress, SizeIs(1));
}

TEST_F(KilledTest, LeavesFiltersThatTheNextRunReplaces) {
  const FailingCalls old_kernel{without_tcx};
  attach_and_be_killed(Attach::clsact);
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
  attach_and_be_killed(Attach::clsact);

  EXPECT_TRUE(remove_leftovers(index_of("near")));

  EXPECT_EQ(attached_to("near"), Attached{});
}

}  // namespace
}  // namespace pianissimo::bpf
