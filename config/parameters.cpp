#include "config/parameters.hpp"

#include <array>

#include "config/parameter_row.hpp"

namespace pianissimo {
namespace {

using namespace parameter;

// Declared here, once: key, unit and range, field (its initialiser is the default), reason.
// Changing a range? The comment at the field in controller/policy/ names it for its readers.
constexpr std::array<Parameter, 60> table{
    row(
        "interfaces", InterfaceList{}, [](auto& c) -> auto& { return c.interfaces; },
        "The interfaces whose transmit power is driven; auto: every AP interface. Those in station "
        "or mesh mode are driven only if they are named."),
    row(
        "policy", Choice{names_of<PolicyName>}, [](auto& c) -> auto& { return c.policy; },
        "The control law: anchor lowers the power while every station keeps its throughput, "
        "descend "
        "is the original algorithm, fixed is the baseline that never moves."),
    row(
        "box.floor_dbm", Whole{0, 30, "dBm"}, [](auto& c) -> auto& { return c.box.floor; },
        "The lowest level ever used. 0 works, but many scripts take 0 for 'not set' and go to "
        "maximum."),
    row(
        "box.ceiling_dbm", Whole{0, 36, "dBm", auto_word},
        [](auto& c) -> auto& { return c.box.ceiling; },
        "The highest level ever used; auto: the lower of the channel's maximum and the power "
        "found at start. A number only lowers this limit."),
    row(
        "power_path", Choice{names_of<PowerPath>}, [](auto& c) -> auto& { return c.power_path; },
        "What a power is set through: the whole radio, one interface or each station; auto: "
        "the radio or the interface, whichever the driver obeys."),
    row(
        "interval_ms", Whole{10, 10'000, "ms"}, [](auto& c) -> auto& { return c.interval; },
        "How often stations are read. Minstrel-HT renews its estimates every 50 ms; reading "
        "faster costs CPU and shows nothing new."),
    row(
        "anchor.keep", Share{}, [](auto& c) -> auto& { return c.anchor.keep; },
        "Every active station keeps at least this share of the throughput that it would have at "
        "the ceiling."),
    row(
        "anchor.step_dwell_ms", Whole{1, 60'000, "ms"},
        [](auto& c) -> auto& { return c.anchor.step_dwell; },
        "How long a level is watched before a lower one is tried."),
    row(
        "anchor.climb_ms", Whole{1, 60'000, "ms"}, [](auto& c) -> auto& { return c.anchor.climb; },
        "How long the rate control needs to return to a fast rate after a step up. Until then "
        "only losses count."),
    row(
        "anchor.retry.first_ms", Whole{1, 3'600'000, "ms"},
        [](auto& c) -> auto& { return c.anchor.retry_first; },
        "The time until a level that was too low for a station is tried again. It doubles after "
        "each failure."),
    row(
        "anchor.retry.longest_ms", Whole{1, 3'600'000, "ms"},
        [](auto& c) -> auto& { return c.anchor.retry_longest; },
        "The longest time between two such tries."),
    row(
        "anchor.say_ms", Whole{1, 3'600'000, "ms"}, [](auto& c) -> auto& { return c.anchor.say; },
        "How long the need of a station still counts after the last frame was sent to it."),
    row(
        "anchor.visit.every_ms", Whole{1'000, 3'600'000, "ms"},
        [](auto& c) -> auto& { return c.anchor.visit_every; },
        "The shortest time between two visits to the ceiling. There is none while its throughput "
        "is known."),
    row(
        "anchor.visit.dwell_ms", Whole{1, 60'000, "ms"},
        [](auto& c) -> auto& { return c.anchor.visit_dwell; }, "How long such a visit lasts."),
    row(
        "anchor.parts.coarse_steps", Flag{}, [](auto& c) -> auto& { return c.anchor.coarse; },
        "Large steps down while nothing at all is lost."),
    row(
        "anchor.parts.watchman", Flag{}, [](auto& c) -> auto& { return c.anchor.watchman; },
        "Small losses add up to an alarm (CUSUM)."),
    row(
        "anchor.parts.emergency", Flag{}, [](auto& c) -> auto& { return c.anchor.emergency; },
        "A collapse of deliveries is answered within one reading."),
    row(
        "anchor.parts.feed_forward", Flag{}, [](auto& c) -> auto& { return c.anchor.feed_forward; },
        "A station's signal moves the power before anything is lost."),
    row(
        "anchor.parts.places", Flag{}, [](auto& c) -> auto& { return c.anchor.places; },
        "What was learnt of a station moves with its signal."),
    row(
        "anchor.parts.visits", Flag{}, [](auto& c) -> auto& { return c.anchor.visits; },
        "The reference at the ceiling is renewed when it is in doubt."),
    row(
        "anchor.parts.memory", Flag{}, [](auto& c) -> auto& { return c.anchor.memory; },
        "What a station needed is remembered when it comes back."),
    row(
        "anchor.parts.effect_test", Flag{}, [](auto& c) -> auto& { return c.anchor.effect_test; },
        "A power knob that changes nothing at the stations is found and left alone."),
    row(
        "descend.keep", Share{}, [](auto& c) -> auto& { return c.descend.keep; },
        "A level is kept while the throughput is at least this share of that at the level above."),
    row(
        "descend.probe.every", Whole{1, 1'000'000, "iterations"},
        [](auto& c) -> auto& { return c.descend.probe_every; },
        "Every n-th iteration visits the ceiling, to see whether the level in use still loses "
        "nothing."),
    row(
        "descend.probe.dwell_ms", Whole{1, 60'000, "ms"},
        [](auto& c) -> auto& { return c.descend.probe_dwell; },
        "The length of a visit to the ceiling. It is short, because the ceiling is loud."),
    row(
        "descend.probe.keep", Share{}, [](auto& c) -> auto& { return c.descend.probe_keep; },
        "The level in use passes a visit with at least this share of the throughput seen there."),
    row(
        "descend.watch_dwell_ms", Whole{1, 60'000, "ms"},
        [](auto& c) -> auto& { return c.descend.watch_dwell; },
        "How long the level in use is watched before a visit, and while it is held."),
    row(
        "descend.step_dwell_ms", Whole{1, 60'000, "ms"},
        [](auto& c) -> auto& { return c.descend.step_dwell; },
        "How long each level of the descent is watched: two to three updates of Minstrel-HT's "
        "statistics."),
    row(
        "descend.idle", Choice{names_of<WhenIdle>}, [](auto& c) -> auto& { return c.descend.idle; },
        "What to do while no station is active: hold the level, or go to the ceiling or floor."),
    row(
        "fixed.level", Whole{0, 36, "dBm", names_of<FixedParams::Edge>},
        [](auto& c) -> auto& { return c.fixed.level; },
        "The level of the policy fixed: the ceiling (max), the floor (min), or a number, which is "
        "taken into the box."),
    row(
        "verdict.enabled", Flag{}, [](auto& c) -> auto& { return c.verdict.enabled; },
        "Whether lasting changes of power are judged by what the stations had before and after, "
        "and what hurt is reverted."),
    row(
        "verdict.lasting_s", Whole{10, 3600, "s"},
        [](auto& c) -> auto& { return c.verdict.lasting; },
        "A power that stood for so long is judged."),
    row(
        "verdict.revert_for_s", Whole{60, 604'800, "s"},
        [](auto& c) -> auto& { return c.verdict.revert_for; },
        "After a change that hurt nothing goes below the power before for so long."),
    row(
        "traffic.source", Choice{names_of<TrafficSourceChoice>},
        [](auto& c) -> auto& { return c.traffic.source; },
        "Who counts the stations' bytes: our own BPF programs or the driver (nl80211); auto: BPF "
        "where it works and agrees with the driver."),
    row(
        "traffic.attach", Choice{names_of<TrafficAttach>},
        [](auto& c) -> auto& { return c.traffic.attach; },
        "Where the BPF programs are attached at ingress; auto: native XDP, else tcx, else clsact. "
        "generic XDP copies every frame and switches GRO off."),
    row(
        "traffic.classifier", Classifier{}, [](auto& c) -> auto& { return c.traffic.classifier; },
        "Who says that a station is idle: each law's own rule, or a trained table (pianissimo-lab "
        "train). A journal holds the table itself."),
    row(
        "traffic.active_bytes", Whole{1, 1'000'000'000, "bytes"},
        [](auto& c) -> auto& { return c.descend.load.active_bytes; },
        "A station that is sent at least this much during a dwell is active; idle stations decide "
        "nothing. The default is one full frame."),
    row_or_none(
        "traffic.flows.export", Address{"127.0.0.1:4739"},
        [](auto& c) -> auto& { return c.flows.collector; },
        "The IPFIX collector that is told who talks with whom over the driven interfaces (UDP); "
        "none: nothing is recorded."),
    row(
        "traffic.flows.active_s", Whole{1, 3'600, "s"},
        [](auto& c) -> auto& { return c.flows.active; },
        "The active timeout: a flow that goes on is told after so long, and again after as long."),
    row(
        "traffic.flows.idle_s", Whole{1, 3'600, "s"}, [](auto& c) -> auto& { return c.flows.idle; },
        "The idle timeout: a flow without a packet for so long is over."),
    row(
        "traffic.flows.most", Whole{16, 16'384, "flows"},
        [](auto& c) -> auto& { return c.flows.most; },
        "The most flows that are kept at a time, which bounds the memory; what has no room is "
        "counted."),
    row(
        "traffic.flows.templates_s", Whole{1, 86'400, "s"},
        [](auto& c) -> auto& { return c.flows.templates; },
        "How often the collector is told the records' layout anew, without which it can read "
        "none."),
    row(
        "trace_power", Flag{}, [](auto& c) -> auto& { return c.trace_power; },
        "Ask the kernel who else sets a radio's power (a BPF program at a tracepoint); without it "
        "only what was set is seen, not by whom."),
    row_or_none(
        "http.listen", Address{"127.0.0.1:9478"}, [](auto& c) -> auto& { return c.http.listen; },
        "Where metrics, status and events are served over HTTP; none: nowhere. Every user of this "
        "machine can read them there."),
    row(
        "http.allow_remote", Flag{}, [](auto& c) -> auto& { return c.http.allow_remote; },
        "Whether http.listen may be an address that other machines reach. There is neither a "
        "password nor encryption."),
    row(
        "http.control", Flag{}, [](auto& c) -> auto& { return c.http.control; },
        "Whether who has the token (http_token in the state directory) may hold the power and "
        "lower the ceiling over HTTP, at a loopback address only."),
    row_or_none(
        "metrics.textfile", Path{.may_be_none = true},
        [](auto& c) -> auto& { return c.metrics.textfile; },
        "A file of metrics for node_exporter's textfile collector, written every 5 s; its name "
        "ends in .prom."),
    row(
        "metrics.stations", Flag{}, [](auto& c) -> auto& { return c.metrics.stations; },
        "Whether each station has series of its own. They say who is here and when, to everybody "
        "who reads the metrics."),
    row(
        "control.socket", Flag{}, [](auto& c) -> auto& { return c.control.socket; },
        "Whether operators may hold the power, lower the ceiling and ask for reasons while the "
        "daemon runs, through a socket beside its state."),
    row(
        "control.group", Group{}, [](auto& c) -> auto& { return c.control.group; },
        "The group whose members may use that socket, beside root."),
    row(
        "journal.path", Path{}, [](auto& c) -> auto& { return c.journal.path; },
        "Where every event and decision is recorded; in /run, which is RAM, so that no flash "
        "wears out."),
    row(
        "journal.budget_bytes", Whole{65'536, 1'099'511'627'776, "bytes"},
        [](auto& c) -> auto& { return c.journal.budget_bytes; },
        "The most that the journal's files may take together; below 64 KiB little is left to "
        "replay."),
    row(
        "privacy.stations", Choice{names_of<StationIds>},
        [](auto& c) -> auto& { return c.privacy.stations; },
        "What stands for a station in whatever leaves RAM: a pseudonym made with this "
        "installation's key, its MAC address, or a number."),
    row(
        "privacy.key_file", Path{}, [](auto& c) -> auto& { return c.privacy.key_file; },
        "Where the key of the pseudonyms is: 32 random bytes, made at first use. Who has it can "
        "tell who is who."),
    row(
        "log.level", Choice{names_of<LogLevel>}, [](auto& c) -> auto& { return c.log_level; },
        "The least important message that is logged."),
    row(
        "mode", Choice{names_of<Mode>}, [](auto& c) -> auto& { return c.mode; },
        "dry-run: no power is set. recommend: the power goes down only as far as an operator "
        "approves. auto: the law drives it."),
    row(
        "recommend.expires_s", Whole{60, 604'800, "s"},
        [](auto& c) -> auto& { return c.recommend.expires; },
        "A proposal that nobody has approved by then is over; if it still holds, it is made anew."),
    row_or_always(
        "auto_between", [](auto& c) -> auto& { return c.auto_between; },
        "The change window, local time: outside of it the power goes up where a station needs it, "
        "and never down."),
    row_or_none(
        "ceiling_file", Path{.may_be_none = true}, [](auto& c) -> auto& { return c.ceiling_file; },
        "A file in which another controller (EasyMesh, RRM) writes the highest power in dBm: one "
        "number, or a line for each interface."),
    row(
        "dry_run", Flag{}, [](auto& c) -> auto& { return c.dry_run; },
        "Read, decide and journal as ever, but set no power."),
};

}  // namespace

std::span<const Parameter> parameters() { return table; }

std::string_view to_string(PolicyName policy) { return parameter::name(policy); }
std::string_view to_string(Mode mode) { return parameter::name(mode); }
std::string_view to_string(PowerPath path) { return parameter::name(path); }
std::string_view to_string(LogLevel level) { return parameter::name(level); }

std::vector<Child> children_of(std::string_view section) {
  std::vector<Child> children;
  const std::size_t start = section.empty() ? 0 : section.size() + 1;
  for (const Parameter& parameter : table) {
    const std::string_view key = parameter.key;
    if (start > 0 && !(key.starts_with(section) && key.substr(start - 1).starts_with('.'))) {
      continue;
    }
    const std::size_t end = key.find('.', start);
    const std::string_view path = key.substr(0, end);
    if (!children.empty() && children.back().path == path) continue;  // stand together
    children.push_back({path.substr(start), path, end == key.npos ? &parameter : nullptr});
  }
  return children;
}

}  // namespace pianissimo
