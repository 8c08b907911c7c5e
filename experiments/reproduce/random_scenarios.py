"""Scenarios that nobody has thought of: drivers, knobs, channels and traffic, drawn and combined.

    python3 -m experiments.reproduce.random_scenarios COUNT SEED FOLDER

The same seed gives the same files on every machine. A law that was tuned to the shipped scenarios
shows it here.
"""

import argparse
import pathlib
import random

DURATION_S = 120


def path_loss(draw):
    kind = draw.choice(["still", "still", "steps", "walk", "ramp"])
    near = draw.uniform(55, 85)
    if kind == "still":
        return f"{near:.0f}"
    if kind == "walk":
        points = [(0, draw.uniform(2, 12))]
        points += [(at, draw.uniform(1.5, 20))
                   for at in sorted(draw.sample(range(15, 115), draw.randint(2, 4)))]
    elif kind == "steps":
        points = [(0, near)]
        points += [(at, min(92, max(50, near + draw.uniform(-12, 12))))
                   for at in sorted(draw.sample(range(15, 110), draw.randint(1, 3)))]
    else:
        points = [(0, near)]
        points += [(at, draw.uniform(55, 88))
                   for at in sorted(draw.sample(range(10, 115), draw.randint(1, 3)))]
    return f"{{{kind}: [" + ", ".join(f"[{at}, {value:.0f}]" for at, value in points) + "]}"


def station(draw):
    lines = [f"path_loss: {path_loss(draw)}"]
    traffic = draw.choice(["saturated", "saturated", "saturated", "web", "frames", "pages"])
    if traffic == "frames":
        traffic = (f"{{frames_per_second: {draw.choice([30, 200, 600, 2000])}, "
                   f"bytes: {draw.choice([200, 1200, 1400])}}}")
    elif traffic == "pages":
        traffic = (f"{{kind: web, page_kilobytes: {draw.choice([200, 2000, 8000])}, "
                   f"pause_s: {draw.choice([0.5, 2, 6])}}}")
    lines.append(f"traffic: {traffic}")
    if draw.random() < 0.2:
        lines.append("streams: 1")
    if draw.random() < 0.2:
        lines.append(f"power_dbm: {draw.choice([12, 16])}")
    return lines


def counters(draw):
    words = [f"retries: {draw.choice(['mpdu', 'mpdu', 'mpdu', 'frame', 'none'])}",
             f"failed: {draw.choice(['mpdu', 'mpdu', 'retries', 'none'])}"]
    if draw.random() < 0.25:
        words.append(f"burst_ms: {draw.choice([100, 500, 1000, 2000])}")
    return "{" + ", ".join(words) + "}"


def knob(draw):
    words = [f"latency_ms: {draw.choice([0.3, 0.3, 5, 30])}"]
    if draw.random() < 0.15:
        words.append(f"drain_ms: {draw.choice([10, 100])}")
    if draw.random() < 0.25:
        levels = sorted(draw.sample(range(3, 20), 6))
        radiated = ", ".join(f"{level}: {max(0, draw.gauss(level, 0.8)):.1f}" for level in levels)
        words += ["read_back: asked", f"radiated_dbm: {{{radiated}}}"]
    return "{" + ", ".join(words) + "}"


def access_point(draw):
    lines = [f"width_mhz: {draw.choice([20, 40, 80, 80])}",
             f"streams: {draw.choice([1, 2, 2, 3])}",
             f"power_dbm: {draw.choice([14, 17, 20, 20, 23])}"]
    for chance, line in [(0.25, "rate_control: hardware"), (0.3, f"hz: {draw.choice([100, 1000])}"),
                         (0.2, "knows_aggregate_length: false"), (0.2, "windows: 2"),
                         (0.35, "tells_airtime: true"), (0.2, "signal: none"),
                         (0.3, "tells_ack_signal: true")]:
        if draw.random() < chance:
            lines.append(line)
    return lines + [f"counters: {counters(draw)}", f"knob: {knob(draw)}"]


def scenario(draw):
    lines = ["description: Drawn at random.", f"duration_s: {DURATION_S}"]
    fading = draw.choice([None, None, None, "{slow_sd_db: 1.5, slow_tau_s: 3}",
                          "{slow_sd_db: 2, slow_tau_s: 5, fast_sd_db: 2, fast_tau_s: 0.05, "
                          "shadows_per_minute: 3}"])
    if fading:
        lines.append(f"fading: {fading}")
    if draw.random() < 0.15:
        lines.append(f"interference: {{on_s: {draw.choice([0.01, 0.1, 0.5])}, "
                     f"off_s: {draw.choice([0.1, 1, 3])}, "
                     f"at_stations_dbm: {draw.choice([-80, -72, -65])}}}")
    lines.append("access_points:")
    lines += list_item(access_point(draw))
    lines.append("stations:")
    for _ in range(draw.choice([1, 1, 1, 2, 3])):
        lines += list_item(station(draw))
    return "\n".join(lines) + "\n"


def list_item(lines):
    return [("  - " if i == 0 else "    ") + line for i, line in enumerate(lines)]


def write(count, seed, folder):
    """The paths of the files."""
    folder.mkdir(parents=True, exist_ok=True)
    draw = random.Random(seed)
    paths = [folder / f"r{i:03}.yaml" for i in range(count)]
    for path in paths:
        path.write_text(scenario(draw))
    return paths


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("count", type=int)
    parser.add_argument("seed", type=int)
    parser.add_argument("folder", type=pathlib.Path)
    options = parser.parse_args()
    write(options.count, options.seed, options.folder)


if __name__ == "__main__":
    main()
