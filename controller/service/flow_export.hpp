// Flow records from the kernel's maps to a collector: behind the service's FlowRecorder port.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/udp.hpp>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "bpf/flow_records.hpp"
#include "controller/service/flow_table.hpp"
#include "controller/service/ipfix.hpp"
#include "controller/service/ports.hpp"

namespace pianissimo::service {

class FlowExport final : public FlowRecorder {
 public:
  FlowExport(boost::asio::io_context& io, const Time& time) : time_{time}, socket_{io} {}

  void begin(const FlowConfig& config, Say say) override;
  void look_after(const ApInterface& interface) override;
  void forget(InterfaceIndex interface) override;
  Instant step() override;
  void end() override;

  const FlowTotals& totals() const { return totals_; }

 private:
  enum class Phase : std::uint8_t { waiting, taking, expiring };

  void begin_round();
  bool take_some();
  bool expire_some();
  void open();
  void send_templates();
  void queue(const FlowRecord& record);
  void flush();
  bool send(const IpfixMessage& message);
  void say(const std::string& what) const { say_("flow records: " + what); }

  const Time& time_;
  FlowConfig config_;
  Say say_;
  std::optional<bpf::FlowRecords> records_;  ///< absent: nothing is recorded
  std::optional<FlowTable> table_;
  std::map<InterfaceIndex, std::vector<InterfaceIndex>> devices_;  ///< by access point

  Phase phase_ = Phase::waiting;
  Instant turned_at_;  ///< the kernel's last turn
  Instant seen_;       ///< what was recorded before is in the table

  boost::asio::ip::udp::socket socket_;
  bool must_open_ = true;  ///< the socket, anew
  Instant templates_due_;
  std::uint32_t sequence_ = 0;
  std::optional<IpfixMessage> message_;  ///< that is being filled
  flow_sum message_counts_{};            ///< what its records have counted
  FlowTotals totals_;
};

}  // namespace pianissimo::service
