// Memory with 10,000 stations that come and go. An executable of its own: it counts what is
// allocated.
#include <malloc.h>

#include <atomic>
#include <cstdlib>
#include <new>

#include "tests/unit/service/daemon_fixture.hpp"

namespace {

std::atomic<std::size_t> allocated{0};

void* allocate(std::size_t size) {
  void* const memory = std::malloc(size);
  if (!memory) throw std::bad_alloc{};
  allocated += malloc_usable_size(memory);
  return memory;
}

void release(void* memory) {
  if (memory) allocated -= malloc_usable_size(memory);
  std::free(memory);
}

}  // namespace

void* operator new(std::size_t size) { return allocate(size); }
void* operator new[](std::size_t size) { return allocate(size); }
void operator delete(void* memory) noexcept { release(memory); }
void operator delete[](void* memory) noexcept { release(memory); }
void operator delete(void* memory, std::size_t) noexcept { release(memory); }
void operator delete[](void* memory, std::size_t) noexcept { release(memory); }

namespace pianissimo::service {
namespace {

using namespace std::chrono_literals;

struct Crowd {
  PolicyName policy;
  PowerPath path;
  std::uint32_t stations;
};

class MemoryTest : public DaemonTest, public ::testing::WithParamInterface<Crowd> {
 protected:
  MemoryTest() { log->set_level(spdlog::level::off); }

  // Each of them has an address that nobody has had before, as telephones do.
  void a_crowd_comes_and_goes() {
    for (std::uint32_t i = 0; i < GetParam().stations; ++i, ++next_) {
      const auto byte = [&](int shift) { return static_cast<std::uint8_t>(next_ >> shift); };
      kernel->stations[{{2, 1, byte(24), byte(16), byte(8), byte(0)}}] = {.since = time.now()};
    }
    time.advance(200ms);
    kernel->stations.clear();
    kernel->sent = {};
    kernel->reads = {};
    kernel->given_back = {};
    time.advance(6s);  // a status is written meanwhile
  }

 private:
  std::uint32_t next_ = 0;
};

INSTANTIATE_TEST_SUITE_P(Crowds, MemoryTest,
                         ::testing::Values(Crowd{PolicyName::anchor, PowerPath::interface, 10'000},
                                           Crowd{PolicyName::descend, PowerPath::interface, 10'000},
                                           Crowd{PolicyName::descend, PowerPath::station, 2'000}),
                         [](const auto& name) {
                           const Crowd& crowd = name.param;
                           return std::string{to_string(crowd.policy)} +
                                  (crowd.path == PowerPath::station ? "Station" : "Interface");
                         });

TEST_P(MemoryTest, StationsThatHaveGoneTakeNone) {
  config.policy = GetParam().policy;
  config.power_path = GetParam().path;
  kernel->interfaces.at(0).has_station_knob = true;
  start();
  a_crowd_comes_and_goes();
  a_crowd_comes_and_goes();
  const std::size_t before = allocated;

  for (int i = 0; i < 4; ++i) a_crowd_comes_and_goes();

  // The lines that wait for the journal's disk are at most 1 MiB.
  EXPECT_LT(allocated, before + 1'500'000);
}

}  // namespace
}  // namespace pianissimo::service
