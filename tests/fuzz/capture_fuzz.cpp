// Any bytes, as a captured frame: the first says of which link type, the next two how much longer
// it was on the wire. What is read lies within the frame.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <span>

#include "experiments/import/frame.hpp"
#include "experiments/import/radiotap.hpp"

namespace {

using namespace pianissimo;

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::size_t first = 3;
  constexpr unsigned types = static_cast<unsigned>(capture::LinkType::cooked2) + 1;
  if (size < first) return 0;
  const auto type = static_cast<capture::LinkType>(data[0] % types);
  const std::span bytes{data + first, size - first};
  const auto length = static_cast<std::uint32_t>(bytes.size() + data[1] + 256U * data[2]);
  if (const auto radio = capture::read_radiotap(bytes)) {
    require(radio->length >= 8 && radio->length <= bytes.size());
  }
  auto frame = capture::read_frame(type, bytes, length);
  if (!frame) return 0;
  require(frame->payload <= length);
  require(frame->packets >= 1 || frame->payload == 0);
  require(frame->packets <= 1 + length / 15);  // a subframe has 14 bytes and one of its own
  require(frame->crossings.size() <= 2);
  require(!frame->rate || (frame->rate->rate.bps() > 0 && frame->rate->rate.mbps() < 50'000 &&
                           frame->rate->width >= Mhz{20} && frame->rate->width <= Mhz{320}));
  require(!frame->power || (*frame->power <= dbm(100) && *frame->power >= dbm(-100)));
  require(!frame->has_failed.value_or(false) || frame->wants_ack);
  const std::size_t before = frame->crossings.size();
  capture::Ends ends;
  ends.settle(*frame);
  require(frame->crossings.size() <= before);
  return 0;
}
