// Every error at every step: whatever the kernel refuses, nothing of ours stays attached.
#include <fmt/core.h>
#include <gmock/gmock.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bpf/station_counters.hpp"
#include "tests/bpf/failing_calls.hpp"
#include "tests/bpf/sandbox.hpp"

namespace pianissimo::bpf {
namespace {

struct Case {
  Attach wanted;
  bool has_tcx;
  int error;
};

class FailingTest : public SandboxTest, public testing::WithParamInterface<Case> {
 protected:
  void SetUp() override {
    SandboxTest::SetUp();
    if (IsSkipped()) return;
    make_veth("near", "far");
  }

  enum Outcome { fine = 0, bad = 1, never_failed = 2 };

  /// In a process of its own: libbpf remembers what a kernel can.
  static Outcome attach_with_failure_at(int step) {
    const pid_t child = ::fork();
    if (child == 0) ::_exit(attach(step));
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFEXITED(status) ? static_cast<Outcome>(WEXITSTATUS(status)) : bad;
  }

  static Outcome attach(int step) {
    int steps = 0;
    {
      const FailingCalls calls{[&](const Call& call) {
        if (!GetParam().has_tcx && without_tcx(call) != 0) return EINVAL;
        return steps++ == step ? GetParam().error : 0;
      }};
      const auto counters = StationCounters::attach(index_of("near"), GetParam().wanted);
      if (!counters && (counters.error().message.empty() || counters.error().error == 0))
        return bad;
      if (!counters && attached_to("near") != Attached{}) return bad;
      if (counters && steps > step && !counters->is_attached()) return bad;
      if (steps <= step) return counters ? never_failed : bad;
    }
    return attached_to("near") == Attached{} ? fine : bad;
  }
};

INSTANTIATE_TEST_SUITE_P(
    Attach, FailingTest,
    testing::Values(Case{Attach::automatic, true, ENOMEM}, Case{Attach::automatic, true, EPERM},
                    Case{Attach::tcx, true, EINVAL}, Case{Attach::clsact, false, ENOMEM},
                    Case{Attach::clsact, false, EPERM}, Case{Attach::generic, true, ENODEV}),
    [](const auto& one) {
      return fmt::format("{}{}Errno{}", static_cast<int>(one.param.wanted),
                         one.param.has_tcx ? "Tcx" : "NoTcx", one.param.error);
    });

TEST_P(FailingTest, LeavesNothingAttachedWhateverStepFails) {
  for (int step = 0;; ++step) {
    ASSERT_LT(step, 500);
    const Outcome outcome = attach_with_failure_at(step);
    if (outcome == never_failed) {
      EXPECT_GT(step, 5);
      return;
    }
    EXPECT_EQ(outcome, fine) << "step " << step;
    EXPECT_TRUE(eventually([] { return attached_to("near") == Attached{}; })) << "step " << step;
  }
}

}  // namespace
}  // namespace pianissimo::bpf
