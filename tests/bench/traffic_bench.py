#!/usr/bin/env python3
"""How fast the traffic generator is, over a veth between two network namespaces.

Everything is measured in turns, so that a slow hour of the machine is everybody's; a ratio is the
median of the ratios within a turn. As root. xdp-trafficgen takes part where it is installed and runs.
"""

import argparse
import contextlib
import json
import os
import pathlib
import signal
import statistics
import subprocess
import sys
import time

SENDER, RECEIVER = (f"pianissimo-bench-{os.getpid()}-{end}" for end in "ab")
ADDRESS, PORT = "10.77.0.2", 5201
SINK = """
import os, socket
os.sched_setaffinity(0, {cpu})
listener = socket.create_server(("{address}", {port}))
print("listens", flush=True)
connection, _ = listener.accept()
block, got = bytearray(1 << 20), 0
while more := connection.recv_into(block):
    got += more
print(got)
"""


def run(*command, **options):
    """What a command prints; its complaint is ours."""
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, **options)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(map(str, command))}: {done.stderr.strip() or done.stdout.strip()}")
    return done.stdout


def inside(namespace, *command, **options):
    return run("ip", "netns", "exec", namespace, *command, **options)


@contextlib.contextmanager
def two_ends():
    """va in one namespace, vb in the other; both are gone afterwards."""
    try:
        for namespace in (SENDER, RECEIVER):
            run("ip", "netns", "add", namespace)
        run(*"ip -n".split(), SENDER, *"link add va numrxqueues 2 numtxqueues 2 type veth peer name vb".split(),
            *"numrxqueues 2 numtxqueues 2 netns".split(), RECEIVER)
        for namespace, device, host in ((SENDER, "va", "10.77.0.1"), (RECEIVER, "vb", ADDRESS)):
            run("ip", "-n", namespace, "address", "add", f"{host}/24", "dev", device)
            run("ip", "-n", namespace, "link", "set", device, "up")
        yield
    finally:
        for namespace in (SENDER, RECEIVER):
            subprocess.run(["ip", "netns", "del", namespace], capture_output=True, check=False)


class Ends:
    """How the link's far end takes what comes."""

    def __init__(self, drop):
        self.drop = drop

    def take_frames(self):
        inside(RECEIVER, "ip", "link", "set", "vb", "xdp", "obj", self.drop, "program", "drop")

    def take_tcp(self, aggregates):
        inside(RECEIVER, "ip", "link", "set", "vb", "xdp", "off")
        inside(RECEIVER, "ethtool", "-K", "vb", "gro", "on")
        switch = "on" if aggregates else "off"
        inside(SENDER, "ethtool", "-K", "va", "tso", switch, "gso", switch)


def frames(lab, *options, seconds):
    report = json.loads(run(lab, "traffic", "xdp", "--netns", SENDER, "--interface", "va",
                            "--duration", seconds, "--json", "-", *options))
    arrived = report["sent"]["packets"] - report["interface"]["dropped"]
    return arrived / report["seconds"] / 1e6


def trafficgen(threads, seconds):
    """Frames that the interface has transmitted in this time."""
    command = ["ip", "netns", "exec", SENDER, "xdp-trafficgen", "udp", "-t", str(threads), "va"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        time.sleep(1)  # it loads its programs
        before, begin = transmitted(), time.monotonic()
        time.sleep(seconds)
        after, end = transmitted(), time.monotonic()
        if process.poll() is not None:
            raise RuntimeError(process.stdout.read().strip())
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=10)
    return (after - before) / (end - begin) / 1e6


def transmitted():
    link = json.loads(run("ip", "-n", SENDER, "-j", "-s", "link", "show", "va"))[0]
    return link["stats64"]["tx"]["packets"]


def taken_over(lab, seconds, sink_cpu):
    """Gbit/s, and whether as many bytes have arrived as were acknowledged."""
    sink = SINK.format(cpu={sink_cpu}, address=ADDRESS, port=PORT)
    with subprocess.Popen(["ip", "netns", "exec", RECEIVER, sys.executable, "-c", sink],
                          stdout=subprocess.PIPE, text=True) as receiver:
        try:
            receiver.stdout.readline()
            report = json.loads(run(lab, "traffic", "xdp-tcp", "--netns", SENDER, "--interface", "va",
                                    "--to", ADDRESS, "--port", PORT, "--duration", seconds, "--json", "-"))
            got = int(receiver.communicate(timeout=10)[0])
        except BaseException:
            receiver.kill()
            raise
    if got != report["acknowledged_bytes"]:
        raise RuntimeError(f"{got} bytes have arrived, {report['acknowledged_bytes']} were acknowledged")
    return report["bits_per_second"] / 1e9


def iperf3(seconds, sink_cpu):
    """Gbit/s that the receiver has got."""
    with subprocess.Popen(["ip", "netns", "exec", RECEIVER, "iperf3", "-s", "-1", "-p", str(PORT),
                           "--forceflush"], stdout=subprocess.PIPE, text=True) as server:
        try:
            while "listening" not in server.stdout.readline():
                if server.poll() is not None:
                    raise RuntimeError("iperf3 -s has ended")
            report = json.loads(inside(SENDER, "iperf3", "-c", ADDRESS, "-p", PORT, "-t", seconds,
                                       "-A", f"0,{sink_cpu}", "-J"))
            server.communicate(timeout=10)
        except BaseException:
            server.kill()
            raise
    return report["end"]["sum_received"]["bits_per_second"] / 1e9


def measure(arguments):
    """Name -> one figure for each turn."""
    lab, ends = arguments.lab.resolve(), Ends(arguments.drop.resolve())
    seconds = arguments.seconds
    cpus = len(os.sched_getaffinity(0))
    sink_cpu = min(1, cpus - 1)
    to_ports = ("--to", ADDRESS, "--from", "10.77.0.1", "--size", 64)
    ways = {
        "one thread": lambda: frames(lab, "--size", 64, seconds=seconds),
        "one thread, UDP to one port": lambda: frames(lab, *to_ports, seconds=seconds),
        "one thread, UDP to 1000 ports": lambda: frames(lab, *to_ports, "--ports", 1000, seconds=seconds),
    }
    if cpus > 1:
        ways["two threads"] = lambda: frames(lab, "--size", 64, "--threads", 2, seconds=seconds)
    figures, remark = {}, None
    for turn in range(arguments.rounds):
        print(f"turn {turn + 1} of {arguments.rounds}", file=sys.stderr)
        ends.take_frames()
        for name, way in ways.items():
            figures.setdefault(name, []).append(way())
        if remark is None:
            try:
                figures.setdefault("xdp-trafficgen, one thread", []).append(trafficgen(1, seconds))
            except (OSError, RuntimeError) as error:
                remark = str(error)
        ends.take_tcp(aggregates=True)
        figures.setdefault("TCP taken over", []).append(taken_over(lab, seconds, sink_cpu))
        figures.setdefault("TCP, iperf3, aggregates", []).append(iperf3(seconds, sink_cpu))
        ends.take_tcp(aggregates=False)
        figures.setdefault("TCP, iperf3, one segment at a time", []).append(iperf3(seconds, sink_cpu))
    return {name: values for name, values in figures.items() if len(values) == arguments.rounds}, remark


RATIOS = (
    ("two threads", "one thread"),
    ("one thread, UDP to one port", "one thread"),
    ("one thread, UDP to 1000 ports", "one thread, UDP to one port"),
    ("one thread, UDP to 1000 ports", "xdp-trafficgen, one thread"),
    ("TCP taken over", "TCP, iperf3, aggregates"),
    ("TCP taken over", "TCP, iperf3, one segment at a time"),
)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("lab", type=pathlib.Path, help="pianissimo-lab")
    parser.add_argument("drop", type=pathlib.Path, help="the object of drop.bpf.c")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--seconds", type=int, default=2)
    parser.add_argument("--json", type=pathlib.Path)
    arguments = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    with two_ends():
        figures, remark = measure(arguments)
    medians = {name: statistics.median(values) for name, values in figures.items()}
    ratios = {f"{above} / {below}": statistics.median(a / b for a, b in zip(figures[above], figures[below]))
              for above, below in RATIOS if above in figures and below in figures}
    for name, median in medians.items():
        unit = "Gbit/s" if name.startswith("TCP") else "million/s"
        print(f"{name:<40}{median:8.2f} {unit:<10} ({min(figures[name]):.2f} to {max(figures[name]):.2f})")
    print()
    for name, ratio in ratios.items():
        print(f"{ratio:6.2f}  {name}")
    if remark:
        print(f"\nxdp-trafficgen is not beside it: {remark.splitlines()[-1]}")
    if arguments.json:
        arguments.json.write_text(json.dumps({"kernel": os.uname().release, "figures": figures,
                                              "medians": medians, "ratios": ratios}, indent=2) + "\n")


if __name__ == "__main__":
    main()
