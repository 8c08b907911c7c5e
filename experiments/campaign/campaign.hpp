// A campaign: which laws are compared where, on which machines. YAML -> struct, with errors that
// say where.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "experiments/campaign/law.hpp"

namespace pianissimo::campaign {

/// From the access point to each of its stations.
struct Traffic {
  bool is_udp = true;  ///< else TCP, as fast as it goes
  double mbps = 20;    ///< of UDP, to each station; 0.1..10000
  int bytes = 1400;    ///< of a datagram; 64..1460
};

struct Station {
  std::string name;
  std::string ssh;                ///< where iperf3's server is started
  std::string network_namespace;  ///< on that machine; empty: none
  std::string address;            ///< IPv4, as the access point reaches it
};

struct AccessPoint {
  std::string name;
  std::string ssh;
  std::string interface;
  std::string
      daemon;  ///< file on this machine that is copied; empty: the one that is installed there
  std::vector<Station> stations;
};

/// Where the stations stand.
struct Place {
  std::string name;
  std::string sentence;  ///< for the person who carries them there
};

/// A third machine that captures what is on the air.
struct Monitor {
  std::string ssh;
  std::string interface;  ///< in monitor mode, on the channel of the access point
};

struct Campaign {
  std::string name;         ///< the file's name without its ending
  std::string description;  ///< what it is for, a sentence
  std::string ssh_config;   ///< for ssh -F, beside the campaign's file; empty: the user's own
  int seconds = 60;         ///< of the measured part of a run, 5..3600
  int warm_up_s = 5;        ///< traffic before it, at the power found; 1..120
  int repetitions = 1;      ///< blocks for each place and access point, 1..1000
  std::uint64_t seed = 1;   ///< of the order of runs, 0..4294967295
  Box box;
  Traffic traffic;
  std::vector<Law> laws;
  std::vector<Place> places;
  std::vector<AccessPoint> access_points;
  std::optional<Monitor> monitor;
};

struct CampaignError {
  std::string message;  ///< "file:line:column: what is wrong", ready to be printed
  bool unreadable = false;
  /// sysexits(3): EX_NOINPUT or EX_DATAERR.
  int exit_status() const { return unreadable ? 66 : 65; }
};

/// The most runs that a campaign may have.
inline constexpr std::size_t most_runs = 100'000;

std::variant<Campaign, CampaignError> load_campaign(const std::string& path);
/// As load_campaign, from memory; `path` is what errors name.
std::variant<Campaign, CampaignError> parse_campaign(const std::string& yaml,
                                                     const std::string& path);

}  // namespace pianissimo::campaign
