// Recordings of link quality: throughput, losses and signals, measured again and again while both
// ends' powers were varied.
#pragma once

#include "experiments/recorded/power_table.hpp"

namespace pianissimo::lqe {

inline constexpr recorded::ColumnNames names{.sender_power = "sender_txpower",
                                             .throughput = "bits_per_second",
                                             .drop = "packet_drop_percentage",
                                             .receiver_hears = "sender_receiver_RSSI",
                                             .sender_hears = "receiver_sender_RSSI",
                                             .receiver_power = "receiver_txpower"};

}  // namespace pianissimo::lqe
