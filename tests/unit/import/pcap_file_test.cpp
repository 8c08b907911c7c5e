// Capture files: libpcap reads them.
#include "experiments/import/pcap_file.hpp"

#include <gmock/gmock.h>

#include "tests/unit/import/packets.hpp"
#include "tests/unit/report/files.hpp"

namespace pianissimo::capture {
namespace {

using namespace test;
using namespace std::chrono_literals;
using report::error_of;
using report::Folder;
using testing::HasSubstr;

constexpr std::uint32_t en10mb = 1;
constexpr std::uint32_t with_radiotap = 127;

TEST(Capture, ThatIsTornIsReadUntilThere) {
  const Folder folder;
  std::string whole =
      pcap(en10mb, {{0, ethernet(alice, bob, 100)}, {1, ethernet(alice, bob, 100)}});
  const auto file = folder.write("c", whole.substr(0, whole.size() - 3));
  int frames = 0;

  const FileCounts counts = read_capture(file, [&](Instant, const Frame&) { ++frames; });

  EXPECT_EQ(frames, 1);
  EXPECT_EQ(counts.packets, 1U);
  EXPECT_THAT(counts.torn, HasSubstr("truncated"));
}

// The file's seconds have 32 bits and no sign: the last of them is in 2106.
TEST(Capture, CountsAFrameOfTheLastSecond) {
  const Folder folder;
  const auto file =
      folder.write("c", pcap(en10mb, {{0, ethernet(alice, broadcast, 1)},
                                      {4'294'967'295'000'000, ethernet(broadcast, alice, 1)}}));
  std::vector<Instant> times;

  const FileCounts counts =
      read_capture(file, [&](Instant at, const Frame&) { times.push_back(at); });

  EXPECT_THAT(times, testing::ElementsAre(Instant{}, Instant{4'294'967'295s}));
  EXPECT_EQ(counts.data_frames, 2U);
  EXPECT_EQ(counts.untimed, 0U);
}

// Microseconds beyond a second: the file is damaged there.
TEST(Capture, SaysWhichFramesItLeavesOutForTheirTime) {
  const Folder folder;
  std::string text = pcap(en10mb, {{0, ethernet(alice, bob, 1)}, {1, ethernet(alice, bob, 1)}});
  text[24 + 4 + 3] = '\x7f';
  int frames = 0;

  const FileCounts counts =
      read_capture(folder.write("c", text), [&](Instant, const Frame&) { ++frames; });

  EXPECT_EQ(frames, 1);
  EXPECT_EQ(counts.untimed, 1U);
}

// The length on the wire stands behind the captured one.
std::string with_length_on_the_wire(std::string file, std::uint32_t length) {
  for (std::size_t i = 0; i < 4; ++i) file[24 + 12 + i] = static_cast<char>(length >> (8 * i));
  return file;
}

TEST(Capture, SaysWhichFramesItLeavesOutForTheirLength) {
  const Folder folder;
  const std::string whole =
      pcap(en10mb, {{0, ethernet(alice, bob, 1)}, {1, ethernet(alice, bob, 2)}});
  std::vector<std::uint32_t> payloads;
  const auto file = folder.write("c", with_length_on_the_wire(whole, 0xffff'ffff));

  const FileCounts counts =
      read_capture(file, [&](Instant, const Frame& frame) { payloads.push_back(frame.payload); });

  EXPECT_THAT(payloads, testing::ElementsAre(2));
  EXPECT_EQ(counts.too_long, 1U);
}

TEST(Capture, TakesWhatWasCapturedForTheLengthWhereTheFileSaysLess) {
  const Folder folder;
  const std::string whole = pcap(en10mb, {{0, ethernet(alice, bob, 100)}});
  std::vector<std::uint32_t> payloads;
  const auto file = folder.write("c", with_length_on_the_wire(whole, 0));

  read_capture(file, [&](Instant, const Frame& frame) { payloads.push_back(frame.payload); });

  EXPECT_THAT(payloads, testing::ElementsAre(100));
}

TEST(Capture, SaysOfHowManyFramesTooLittleWasCaptured) {
  const Folder folder;
  const auto file = folder.write(
      "c",
      with_length_on_the_wire(pcap(en10mb, {{0, Bytes(10)}, {1, ethernet(alice, bob, 1)}}), 100));
  int frames = 0;

  const FileCounts counts = read_capture(file, [&](Instant, const Frame&) { ++frames; });

  EXPECT_EQ(frames, 1);
  EXPECT_EQ(counts.cut, 1U);
}

TEST(Capture, OfAllInterfacesCountsWhatSaysItsStation) {
  const Folder folder;
  constexpr std::uint32_t linux_sll2 = 276;
  const auto file = folder.write("c", pcap(linux_sll2, {{0, cooked2(7, 0, alice, 100)},
                                                        {1, cooked2(9, 0, alice, 100)},
                                                        {2, cooked2(7, 4, access_point, 900)}}));
  int frames = 0;

  const FileCounts counts = read_capture(file, [&](Instant, const Frame&) { ++frames; });

  EXPECT_EQ(frames, 1);
  EXPECT_EQ(counts.elsewhere, 1U);
  EXPECT_EQ(counts.own, 1U);
}

TEST(Capture, ThatIsNoneIsRefused) {
  const Folder folder;
  const auto read = [](const std::filesystem::path& file) {
    return error_of([&] { read_capture(file, [](Instant, const Frame&) {}); });
  };

  EXPECT_EQ(read(folder / "none"), (folder / "none").string() + ": cannot be read");
  EXPECT_EQ(read(folder.path()), folder.path().string() + ": cannot be read");
  EXPECT_THAT(read(folder.write("text", "hello, world: this is no capture")),
              HasSubstr("text: unknown file format"));
  EXPECT_THAT(read(folder.write("empty", "")), HasSubstr("empty: "));
  EXPECT_THAT(read(folder.write("link", pcap(119, {}))),
              testing::AllOf(HasSubstr("link: link type PRISM_HEADER: wanted EN10MB"),
                             HasSubstr("tcpdump -i wlan0")));
  EXPECT_THAT(read("/dev/zero"), HasSubstr("not a regular file"));
}

TEST(Capture, CountsFramesOfImpossiblePowersAndThoseThatWereGivenUp) {
  const Folder folder;
  const Bytes frame = data_frame({.receiver = alice, .sender = access_point, .from_ds = true}, 10);
  const auto file = folder.write("c", pcap(with_radiotap, {{0, sent({.power = 17}, frame)},
                                                           {1, sent({.power = 127}, frame)},
                                                           {2, sent({.has_failed = true}, frame)},
                                                           {3, sent({}, frame)}}));

  const FileCounts counts = read_capture(file, [](Instant, const Frame&) {});

  EXPECT_EQ(counts.data_frames, 4U);
  EXPECT_EQ(counts.powers, 1U);
  EXPECT_EQ(counts.impossible_powers, 1U);
  EXPECT_EQ(counts.failed, 1U);
}

}  // namespace
}  // namespace pianissimo::capture
