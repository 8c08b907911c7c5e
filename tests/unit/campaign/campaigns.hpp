// Campaigns for the tests.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "experiments/campaign/campaign.hpp"

namespace pianissimo::campaign {

/// Two places, two access points, three laws, four repetitions.
inline const std::string small_yaml = R"(description: Which law keeps what.
seconds: 60
repetitions: 4
seed: 7
laws: [fixed-max, anchor, rate-7x2]
traffic: {protocol: udp, mbps: 30, bytes: 1200}
places:
  - {name: table, sentence: "On the table, 2 m away."}
  - {name: hall, sentence: Behind the door of the hall.}
access_points:
  - name: attic
    ssh: root@192.168.1.1
    interface: wlan0
    daemon: pianissimo.mips
    stations:
      - {name: laptop, ssh: me@192.168.1.20, address: 192.168.1.20}
  - name: cellar
    ssh: cellar
    interface: phy1-ap0
    stations:
      - {name: phone, ssh: phone, address: 192.168.2.21, namespace: sta1}
)";

/// small_yaml with a text put in the place of another, which is there once.
inline std::string small_with(const std::string& before, const std::string& after) {
  std::string yaml = small_yaml;
  const std::size_t at = yaml.find(before);
  EXPECT_NE(at, yaml.npos) << before;
  EXPECT_EQ(yaml.find(before, at + 1), yaml.npos) << before;
  return yaml.replace(at, before.size(), after);
}

inline Campaign small_campaign() {
  const auto parsed = parse_campaign(small_yaml, "dir/small.yaml");
  if (const auto* const error = std::get_if<CampaignError>(&parsed))
    ADD_FAILURE() << error->message;
  return std::get<Campaign>(parsed);
}

}  // namespace pianissimo::campaign
