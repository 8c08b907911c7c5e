#!/usr/bin/env python3
"""agreement.py JOURNAL STATION: our byte counters of a station against the driver's, from the first
to the last pair of readings in a journal. The driver counts the 802.11 header, 20 bytes more per
packet. Exits 0 if both directions agree within 1 %, and prints the figures."""
import json
import sys


def pairs(path, station):
    """(packets and bytes of ours, bytes of the driver's), both directions, per reading."""
    ours = None
    for line in open(path):
        try:
            record = json.loads(line)
        except ValueError:
            continue  # the line being written
        if record["type"] not in ("traffic", "stations"):
            continue
        for sample in record["stations"]:
            if sample["station"] != station:
                continue
            if record["type"] == "traffic":
                ours = sample
            elif ours is not None:
                yield ours, sample


def main(path, station):
    found = list(pairs(path, station))
    if len(found) < 2:
        sys.exit(f"{station}: {len(found)} pairs of readings")
    (ours_first, driver_first), (ours_last, driver_last) = found[0], found[-1]
    agree = True
    for direction in ("tx", "rx"):
        def grown(key, first, last):
            return last[f"{direction}_{key}"] - first[f"{direction}_{key}"]
        packets = grown("packets", ours_first, ours_last)
        expected = grown("bytes", ours_first, ours_last) + 20 * packets
        driver = grown("bytes", driver_first, driver_last)
        difference = (driver - expected) / max(driver, 1)
        print(f"{station} {direction}: driver {driver} B, ours {expected - 20 * packets} B in "
              f"{packets} packets + 20 B each = {expected} B, {100 * difference:+.3f} %")
        agree = agree and packets > 0 and abs(difference) <= 0.01
    return 0 if agree else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2]))
