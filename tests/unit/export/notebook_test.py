#!/usr/bin/env python3
"""notebook_test.py PIANISSIMO_LAB REPOSITORY: the notebook draws its three figures from the tables of a
simulated run."""

import json
import os
import pathlib
import subprocess
import sys
import tempfile

try:
    import matplotlib
    import pandas
except ImportError as error:
    print(f"SKIPPED: {error}")
    sys.exit(77)
matplotlib.use("Agg")

lab, repository = sys.argv[1], pathlib.Path(sys.argv[2])
with tempfile.TemporaryDirectory() as name:
    folder = pathlib.Path(name)
    scenario = folder / "two.yaml"
    scenario.write_text("description: Two stations, one behind a door that closes.\n"
                        "duration_s: 8\nwarm_up_s: 1\nstations:\n"
                        "  - path_loss: {steps: [[0, 70], [4, 84]]}\n"
                        "  - {path_loss: 60, traffic: web}\n")
    subprocess.run([lab, "simulate", scenario, "--out", folder / "run"], check=True,
                   stdout=subprocess.DEVNULL)
    subprocess.run([lab, "export", "--csv", folder / "tables", folder / "run/journal.jsonl"],
                   check=True, stdout=subprocess.DEVNULL)
    os.environ["TABLES"] = str(folder / "tables")
    notebook = json.loads((repository / "experiments/export/three_figures.ipynb").read_text())
    names = {}
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            exec("".join(cell["source"]), names)  # as a kernel would

    table = pandas.read_csv(folder / "tables/stations.csv")
    readings = table.groupby("station").size()
    assert len(readings) == 2, readings
    for figure, lines in (("power", 3), ("rate", 2), ("throughput", 4)):
        axes = names[figure].axes[0]
        assert len(axes.lines) == lines, (figure, len(axes.lines))
        drawn = [line for line in axes.lines if str(line.get_label()).startswith("02:")]
        for line in drawn:
            station = line.get_label()[:17]
            assert len(line.get_xdata()) == readings[station], (figure, line.get_label())
        names[figure].savefig(folder / f"{figure}.png")
    # Of the throughput: all that was delivered, whatever the way to average it.
    busy = table[table.station == readings.index[0]]
    delivered = busy.tx_bytes.iloc[-1] - busy.tx_bytes.iloc[0]
    mean = names["throughput"].axes[0].lines[0].get_ydata()[1:].mean()
    expected = 8e-6 * delivered / (busy.t_s.iloc[-1] - busy.t_s.iloc[0])
    assert abs(mean - expected) < 0.1 * expected, (mean, expected)
print("three figures")
