#include "experiments/campaign/campaign.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "config/printable.hpp"
#include "config/suggest.hpp"
#include "config/text_file.hpp"
#include "experiments/campaign/quote.hpp"
#include "experiments/sim/yaml_reader.hpp"

namespace pianissimo::campaign {
namespace {

using yaml::Node;

class CampaignReader {
 public:
  explicit CampaignReader(const std::string& path) : yaml_{path} {}
  Campaign read(const Node& root);

 private:
  // A text that a check lets pass: it will be a word of a shell on another machine.
  std::string word(const Node& map, std::string_view key, bool (*is_good)(std::string_view),
                   std::string_view wanted) const;
  std::string name(const Node& map) const {
    return word(map, "name", is_name, "a name of up to 32 letters, digits and ._-");
  }
  std::string ssh(const Node& map) const {
    return word(map, "ssh", is_ssh_destination, "USER@HOST, or a host of ssh's configuration");
  }
  std::string interface(const Node& map) const {
    return word(map, "interface", is_interface, "an interface's name");
  }
  std::string file(const Node& map, std::string_view key) const;
  Law law(const Node& node) const;
  Traffic traffic(const Node& node) const;
  Station station(const Node& node) const;
  AccessPoint access_point(const Node& node) const;
  void take_box(const Node& root, Box& box) const;

  // Reads a list whose items have names, each once.
  template <class Item, class Read>
  std::vector<Item> named(const Node& node, std::string_view what, std::size_t most,
                          Read read_item) const {
    std::vector<Item> out;
    for (const Node& node_of_item : yaml_.list(node, what, 1, most)) {
      Item item = read_item(node_of_item);
      if (std::ranges::find(out, item.name, &Item::name) != out.end()) {
        yaml_.fail(node_of_item, fmt::format("{}: {} is there twice", what, item.name));
      }
      out.push_back(std::move(item));
    }
    return out;
  }

  sim::YamlReader yaml_;
};

std::string CampaignReader::word(const Node& map, std::string_view key,
                                 bool (*is_good)(std::string_view), std::string_view wanted) const {
  const Node& node = yaml_.need(map, key);
  std::string text = yaml_.text(node, key);
  if (!is_good(text)) yaml_.fail(node, fmt::format("{}: {} is not {}", key, shown(text), wanted));
  return text;
}

// Of this machine; a relative one begins beside the campaign's file.
std::string CampaignReader::file(const Node& map, std::string_view key) const {
  const Node* const node = yaml_.find(map, key);
  if (node == nullptr) return {};
  const std::filesystem::path beside = std::filesystem::path{yaml_.path()}.parent_path();
  return (beside / yaml_.text(*node, key)).string();
}

Law CampaignReader::law(const Node& node) const {
  const auto law = parse_law(yaml_.text(node, "laws"));
  if (!law) {
    yaml_.fail(node, fmt::format("laws: there is no {}; there are anchor, descend, fixed-max, "
                                 "fixed-LEVEL (0..36 dBm), rate-slowest, rate-MCS (0..9) and "
                                 "rate-MCSxSTREAMS (1, 2)",
                                 shown(node.text)));
  }
  return *law;
}

Traffic CampaignReader::traffic(const Node& node) const {
  yaml_.expect_map(node, "traffic", {"protocol", "mbps", "bytes"});
  Traffic out;
  out.is_udp = yaml_.word(yaml_.need(node, "protocol"), "protocol", {"tcp", "udp"}) == 1;
  for (const std::string_view key : {"mbps", "bytes"}) {
    const Node* const given = yaml_.find(node, key);
    if (given != nullptr && !out.is_udp) yaml_.fail(*given, fmt::format("{}: of udp only", key));
  }
  yaml_.optional(node, "mbps", out.mbps, 0.1, 10'000.);
  yaml_.optional(node, "bytes", out.bytes, 64, 1460);
  return out;
}

Station CampaignReader::station(const Node& node) const {
  yaml_.expect_map(node, "stations", {"name", "ssh", "address", "namespace"});
  Station out{.name = name(node),
              .ssh = ssh(node),
              .network_namespace = {},
              .address = word(node, "address", is_address, "an IPv4 address")};
  if (yaml_.find(node, "namespace") != nullptr) {
    out.network_namespace = word(node, "namespace", is_name, "a network namespace's name");
  }
  return out;
}

AccessPoint CampaignReader::access_point(const Node& node) const {
  yaml_.expect_map(node, "access_points", {"name", "ssh", "interface", "daemon", "stations"});
  return {.name = name(node),
          .ssh = ssh(node),
          .interface = interface(node),
          .daemon = file(node, "daemon"),
          .stations = named<Station>(yaml_.need(node, "stations"), "stations", 64,
                                     [&](const Node& item) { return station(item); })};
}

void CampaignReader::take_box(const Node& root, Box& box) const {
  if (const Node* const node = yaml_.find(root, "keep")) {
    box.keep = yaml_.number(*node, "keep", 0.01, 1);
  }
  const Node* const node = yaml_.find(root, "box");
  if (node == nullptr) return;
  yaml_.expect_map(*node, "box", {"floor_dbm", "ceiling_dbm"});
  yaml_.optional(*node, "floor_dbm", box.floor_dbm, 0, 30);
  const Node* const ceiling = yaml_.find(*node, "ceiling_dbm");
  if (ceiling == nullptr || ceiling->text == "auto") return;
  box.ceiling = yaml_.whole(*ceiling, "ceiling_dbm", 0, 36);
  if (*box.ceiling < box.floor_dbm) yaml_.fail(*ceiling, "ceiling_dbm: below floor_dbm");
}

Campaign CampaignReader::read(const Node& root) {
  yaml_.expect_map(root, "campaign",
                   {"description", "ssh_config", "seconds", "warm_up_s", "repetitions", "seed",
                    "keep", "box", "laws", "traffic", "places", "access_points", "monitor"});
  Campaign out;
  out.name = printable(std::filesystem::path{yaml_.path()}.stem().string());
  out.description = yaml_.text(yaml_.need(root, "description"), "description");
  out.ssh_config = file(root, "ssh_config");
  out.seconds = yaml_.whole(yaml_.need(root, "seconds"), "seconds", 5, 3600);
  yaml_.optional(root, "warm_up_s", out.warm_up_s, 1, 120);
  out.repetitions = yaml_.whole(yaml_.need(root, "repetitions"), "repetitions", 1, 1000);
  if (const Node* const node = yaml_.find(root, "seed")) {
    const double seed = yaml_.number(*node, "seed", 0, 4'294'967'295);
    out.seed = static_cast<std::uint64_t>(seed);
    if (static_cast<double>(out.seed) != seed) yaml_.fail(*node, "seed: expected a whole number");
  }
  take_box(root, out.box);
  const Node& laws = yaml_.need(root, "laws");
  out.laws = named<Law>(laws, "laws", 32, [&](const Node& item) { return law(item); });
  if (std::ranges::find(out.laws, yardstick, &Law::name) == out.laws.end()) {
    yaml_.fail(laws, fmt::format("laws: {} is missing, by which the others are judged", yardstick));
  }
  out.traffic = traffic(yaml_.need(root, "traffic"));
  out.places = named<Place>(yaml_.need(root, "places"), "places", 100, [&](const Node& item) {
    yaml_.expect_map(item, "places", {"name", "sentence"});
    return Place{.name = name(item),
                 .sentence = yaml_.text(yaml_.need(item, "sentence"), "sentence")};
  });
  const Node& access_points = yaml_.need(root, "access_points");
  out.access_points = named<AccessPoint>(access_points, "access_points", 32,
                                         [&](const Node& item) { return access_point(item); });
  if (const Node* const node = yaml_.find(root, "monitor")) {
    yaml_.expect_map(*node, "monitor", {"ssh", "interface"});
    out.monitor = Monitor{.ssh = ssh(*node), .interface = interface(*node)};
  }
  const std::size_t runs = out.places.size() * out.access_points.size() * out.laws.size() *
                           static_cast<std::size_t>(out.repetitions);
  if (runs > most_runs) {
    yaml_.fail(root, fmt::format("campaign: {} runs, more than {}", runs, most_runs));
  }
  return out;
}

}  // namespace

std::variant<Campaign, CampaignError> parse_campaign(const std::string& text,
                                                     const std::string& path) {
  const auto tree = yaml::read_tree(text);
  if (const auto* const error = std::get_if<ConfigError>(&tree)) {
    return CampaignError{printable(to_string(*error, path))};
  }
  try {
    return CampaignReader{path}.read(std::get<Node>(tree));
  } catch (const sim::BadScenario& bad) {
    return CampaignError{printable(bad.message)};
  }
}

std::variant<Campaign, CampaignError> load_campaign(const std::string& path) {
  std::string text;
  const int error = read_text_file(path, max_config_bytes, text);
  if (error == 0) return parse_campaign(text, path);
  return CampaignError{
      printable(path + ": cannot be read: " + std::generic_category().message(error)), true};
}

}  // namespace pianissimo::campaign
