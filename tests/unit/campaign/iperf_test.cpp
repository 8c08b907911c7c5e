#include <gmock/gmock.h>

#include "experiments/campaign/iperf.hpp"

namespace pianissimo::campaign {
namespace {

// As iperf3 3.12 writes it, with what nobody reads left out.
std::string written_by_iperf3(const std::string& intervals) {
  return R"({"start": {}, "intervals": [], "end": {}, "server_output_json": {"intervals": [)" +
         intervals + "]}}";
}

const std::string four_seconds = R"(
  {"sum": {"start": 0, "end": 1.0001, "seconds": 1.0, "bytes": 1000, "omitted": false}},
  {"sum": {"start": 1.0001, "end": 2.0, "seconds": 1.0, "bytes": 2000}},
  {"sum": {"start": 1.9999, "end": 3.0, "seconds": 1.0, "bytes": 4000}},
  {"sum": {"start": 3.0, "end": 3.5, "seconds": 0.5, "bytes": 8000}})";

double received(double from_s, double to_s) {
  const auto found = received_bytes_per_s(written_by_iperf3(four_seconds), from_s, to_s);
  if (const auto* const error = std::get_if<IperfError>(&found)) ADD_FAILURE() << error->message;
  return std::get<double>(found);
}

TEST(Iperf, WhatArrivedIsCountedByTheServersSeconds) {
  EXPECT_DOUBLE_EQ(received(1, 3), 3000);
  EXPECT_DOUBLE_EQ(received(0, 1), 1000);
  EXPECT_DOUBLE_EQ(received(2.2, 10), 12000 / 1.5);
}

std::string error_of(const std::string& text) {
  const auto found = received_bytes_per_s(text, 1, 3);
  const auto* const error = std::get_if<IperfError>(&found);
  return error == nullptr ? "no error" : error->message;
}

TEST(Iperf, ItsOwnErrorIsToldOn) {
  EXPECT_EQ(
      error_of(R"({"start": {}, "error": "unable to connect to server: Connection refused"})"),
      "unable to connect to server: Connection refused");
}

TEST(Iperf, WhatIsNotThereIsAnErrorAndNotZero) {
  EXPECT_EQ(error_of(""), "not iperf3's JSON");
  EXPECT_EQ(error_of("[]"), "not iperf3's JSON");
  EXPECT_EQ(error_of("{}"), "the server's intervals are not there");
  EXPECT_EQ(error_of(written_by_iperf3("")), "no interval of the measured part");
  EXPECT_EQ(error_of(written_by_iperf3(R"({"sum": {"start": "1"}})")),
            "the server's intervals are not there");
}

}  // namespace
}  // namespace pianissimo::campaign
