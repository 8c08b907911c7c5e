#!/usr/bin/env python3
"""json_test.py PIANISSIMO-LAB SOURCE_DIR: every command that has a result tells it to programs, too: with
--json, standard output is one JSON document with the keys that experiments/lab/README.md lists."""

import json
import pathlib
import subprocess
import sys
import tempfile

LAB, SOURCE = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
GOLDEN = SOURCE / "tests/golden/visit_fails.jsonl"
SCENARIO = """description: A test.
duration_s: 12
warm_up_s: 1
stations: [{path_loss: {steps: [[0, 64], [8, 84]]}}]
"""
POWER_TABLE = "level_dbm,throughput_bps,drop_percent,receiver_hears_dbm,sender_hears_dbm,receiver_power_dbm\n"
TRACE = """*;0;orca_version;3;0;1
*;0;group;27;270;vht;2;2;1;241a0;12158;c0ac;9134;60e0;4924;4058;3a34;3088;2c24
wl2;0;add;mt7615e;2;tpc,1;pwr-user,15;pkt;1;0,20,e0,2;2e
wl2;17503da1e84dea50;set_power;02:00:00:92:80:33;a;a;a;a
wl2;17503da1ed4ec800;stats;02:00:00:92:80:33;279;3e8;2f2;1;1;3f9;400
"""
failed = 0


def fail(what):
    global failed
    print(what)
    failed = 1


def document(folder, *words, status=0):
    """The one document on standard output; a second value after it is an error."""
    ran = subprocess.run([LAB, *map(str, words)], cwd=folder, capture_output=True, text=True, check=False)
    if ran.returncode != status:
        fail(f"{words}: status {ran.returncode}\n{ran.stderr}")
    try:
        return json.loads(ran.stdout)
    except ValueError as error:
        fail(f"{words}: {error}:\n{ran.stdout}")
        return {}


def has(value, keys, what):
    """Exactly these keys, in their order: a schema that is stable."""
    if list(value) != keys.split():
        fail(f"{what}: {list(value)}, not {keys.split()}")


def main(folder):
    (folder / "near.yaml").write_text(SCENARIO)
    (folder / "table.csv").write_text(
        POWER_TABLE + "".join(f"{level},8000000,0,-65,-60,20\n" for level in (15, 20) for _ in range(10)))
    (folder / "trace").write_text(TRACE)

    listed = document(folder, "simulate", "--list", "--json")
    has(listed, "command scenarios", "simulate --list")
    has(listed["scenarios"][0], "name description", "a scenario")
    names = [scenario["name"] for scenario in listed["scenarios"]]
    wanted = sorted(path.stem for path in (SOURCE / "experiments/scenarios").glob("*.yaml"))
    if names != wanted:
        fail(f"simulate --list: {names}, not {wanted}")

    simulated = document(folder, "simulate", "near.yaml", "--policy", "fixed-max", "-o", "run", "--json")
    has(simulated, "command scenario description policy seed simulated_s cpu_s out stations access_points", "simulate")
    has(simulated["stations"][0],
        "station delivered_mbps retained capacity_mbps capacity_retained saved_db oracle_db", "a station")
    has(simulated["access_points"][0], "commands changes decisions", "an access point")
    if (simulated["policy"], simulated["simulated_s"], simulated["stations"][0]["saved_db"]) != ("fixed-max", 13, 0):
        fail(f"simulate: {simulated}")

    rows = document(folder, "evaluate", "--scenarios", "near.yaml", "--policies", "fixed-max", "--keep", "0.97",
                    "--seeds", "2", "--no-gap", "--json")
    if [(row["scenario"], row["policy"], row["keep"]) for row in rows] != [("near", "fixed-max", 0.97)]:
        fail(f"evaluate: {rows}")

    swept = document(folder, "sweep", "--grid", "descend.keep=0.9", "--scenarios", "near.yaml", "-o", "rows", "--json")
    has(swept, "command out done skipped is_whole", "sweep")
    if (swept["done"], swept["is_whole"]) != (1, True) or len((folder / "rows").read_text().splitlines()) != 1:
        fail(f"sweep: {swept}")

    recorded = document(folder, "recorded", "table.csv", "--laws", "parf", "--seeds", "1", "--seconds", "1", "--json")
    if [(row["recording"], row["policy"]) for row in recorded] != [("table", "parf")]:
        fail(f"recorded: {recorded}")

    replayed = document(folder, "replay", "run/journal.jsonl", "--json")
    if replayed["runs"] != 1 or "decisions_replayed" not in replayed:
        fail(f"replay: {replayed}")

    reported = document(folder, "report", "run", "--json")
    has(reported, "saved_db saved_confirmed_db retained " + " ".join(list(reported)[3:]), "report")
    if not reported["runs"]:
        fail(f"report: {reported}")

    exported = document(folder, "export", "--csv", "tables", GOLDEN, "--json")
    has(exported, "command journals folder tables", "export")
    if [(folder / "tables" / table).is_file() for table in exported["tables"]] != [True] * 5:
        fail(f"export: {exported}")

    traced = document(folder, "import", "orca", "trace", "-o", "orca.jsonl", "--json")
    has(traced, "command lines torn stations transmissions power_changes tells_powers statistics statistics_explained "
        "reports", "import orca")
    if (traced["lines"], traced["torn"], traced["stations"]) != (5, 0, 1):
        fail(f"import orca: {traced}")
    # To a file: the same document, and never over somebody else's.
    document_text = folder / "figures.json"
    for _ in range(2):
        ran = subprocess.run([LAB, "simulate", "near.yaml", "--bare", "--json", document_text], cwd=folder,
                             capture_output=True, text=True, check=False)
        if ran.returncode != 0 or "Mb/s" not in ran.stdout or json.loads(document_text.read_text())["out"] is not None:
            fail(f"simulate --json FILE: {ran}")
    document_text.write_text("mine")
    ran = subprocess.run([LAB, "simulate", "near.yaml", "--bare", "--json", document_text], cwd=folder,
                         capture_output=True, text=True, check=False)
    if ran.returncode != 65 or document_text.read_text() != "mine":
        fail(f"simulate --json over somebody else's file: {ran}")
    ran = subprocess.run([LAB, "evaluate", "--json", "-", "--markdown", "-"], capture_output=True, text=True, check=False)
    if ran.returncode != 64 or "standard output" not in ran.stderr:
        fail(f"two documents on one output: {ran}")


with tempfile.TemporaryDirectory() as made:
    main(pathlib.Path(made))
sys.exit(failed)
