// A sender and a receiver in network namespaces of their own, with a link that loses data when told
// to:
//
//   va, 10.77.0.1, fd77::1 ---- vb, 10.77.0.2, fd77::2
#pragma once

#include "tests/bpf/lossy.skel.h"
#include "tests/bpf/sandbox.hpp"

namespace pianissimo::bpf {

class TwoEnds : public SandboxTest {
 protected:
  /// The sender's namespace is the current one then.
  void SetUp() override;
  void TearDown() override;

  const Namespace& receiver() const { return namespaces[0]; }
  const Namespace& sender() const { return namespaces[1]; }
  /// The program at vb, which has live frames accepted there, and loses them.
  lossy_bpf::lossy_bpf__bss& link() const;
  void detach_link_program() { link_ = File{}; }

 private:
  lossy_bpf* program_ = nullptr;
  File link_;
};

}  // namespace pianissimo::bpf
