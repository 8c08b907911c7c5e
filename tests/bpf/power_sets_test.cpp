// The program at the tracepoint, as far as a machine without a radio can tell. tests/vm/foreign.sh
// has the rest.
#include "bpf/power_sets.hpp"

#include <bpf/libbpf.h>
#include <gmock/gmock.h>
#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>

#include "bpf/libbpf.hpp"
#include "bpf/power_sets.skel.h"
#include "tests/bpf/sandbox.hpp"

namespace pianissimo::bpf {
namespace {

using testing::StartsWith;

TEST(PowerSets, TheKernelTakesTheProgramForAnyPlaceInTheRecord) {
  if (!is_privileged()) GTEST_SKIP() << "needs root";
  quiet_libbpf();
  for (const std::uint32_t place : {0u, 8u, 48u, 252u, 4'294'967'295u}) {
    power_sets_bpf* const program = power_sets_bpf::open();
    ASSERT_NE(program, nullptr);
    program->rodata->wiphy_at = program->rodata->setting_at = program->rodata->mbm_at = place;

    EXPECT_EQ(power_sets_bpf::load(program), 0) << place << ": " << take_libbpf_words();

    power_sets_bpf::destroy(program);
  }
}

TEST(PowerSets, WhereThereIsNoTracepointTheErrorSaysSo) {
  if (std::filesystem::exists("/sys/kernel/tracing/events/cfg80211"))
    GTEST_SKIP() << "there is one";

  const auto sets = PowerSets::attach();

  ASSERT_FALSE(sets);
  EXPECT_THAT(sets.error().message, StartsWith("tracepoint cfg80211:rdev_set_tx_power: "));
}

TEST(PowerSets, InAPidNamespaceNobodyIsHeard) {
  if (!is_privileged()) GTEST_SKIP() << "needs root";
  EXPECT_EXIT(
      {
        // A child of ours is the first to be in the new one, and has /proc as it was.
        if (::unshare(CLONE_NEWPID) != 0) ::_exit(2);
        const pid_t child = ::fork();
        if (child == 0) {
          const auto sets = PowerSets::attach();
          ::_exit(!sets && sets.error().message.find("PID namespace") != std::string::npos ? 0 : 1);
        }
        int status = 0;
        ::waitpid(child, &status, 0);
        ::_exit(WEXITSTATUS(status));
      },
      testing::ExitedWithCode(0), "");
}

}  // namespace
}  // namespace pianissimo::bpf
