// Network namespaces, devices and programs for a test; all gone when the process is.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "bpf/hooks.hpp"
#include "bpf/libbpf.hpp"
#include "bpf/station_counters.hpp"

namespace pianissimo::bpf {

/// Whether BPF programs may be loaded and namespaces made; else GTEST_SKIP().
bool is_privileged();

/// Polls until it holds; false after ten seconds.
bool eventually(const std::function<bool()>& condition);

/// An empty network namespace, without IPv6 unless asked for: it would send by itself.
class Namespace {
 public:
  Namespace();

  /// Makes it the namespace of this thread, and of the commands it runs.
  void enter() const;
  /// For `ip link set ... netns`.
  std::string path() const;

 private:
  File file_;
};

/// Runs a shell command; a failure is the test's. Its output is the test's.
void run(const std::string& command);

/// Sets devices up and waits until they carry frames: the first ones would be lost otherwise.
void bring_up(const std::vector<std::string>& devices);

/// A pair, up.
void make_veth(const std::string& device, const std::string& other);

/// Waits until so many ports of bridges forward.
bool bridge_forwards(std::size_t ports);

InterfaceIndex index_of(const std::string& device);

/// The ids of the programs at a device, whosever they are.
struct Attached {
  std::uint32_t xdp = 0;
  std::vector<std::uint32_t> tcx_ingress, tcx_egress;        ///< in the order in which they run
  std::vector<std::uint32_t> clsact_ingress, clsact_egress;  ///< by priority, of 49000 to 49015
  friend bool operator==(const Attached&, const Attached&) = default;
};
Attached attached_to(const std::string& device);

/// A run that counts at a device and is killed.
void attach_and_be_killed(const std::string& device, Attach wanted);

/// A program of somebody else that returns a verdict.
File other_program(bool is_xdp, int verdict, const std::string& name);

/// A packet socket at a device.
class Wire {
 public:
  explicit Wire(const std::string& device);
  void send(std::span<const std::uint8_t> frame) const;

 private:
  File socket_;
};

/// A test in a namespace of its own.
class SandboxTest : public testing::Test {
 protected:
  void SetUp() override;

  std::vector<Namespace> namespaces;  ///< the first is the current one
};

}  // namespace pianissimo::bpf
