"""Renews the tables of figures, and says which moved.

    ./dev reproduce [--seeds N] [--boots N] [--resume] [--check] [NAME...]

NAME is a table (default: all but those of the testbed, which take an hour):
  laws          experiments/RESULTS.md: the laws in the simulator
  scenarios     experiments/RESULTS.md: anchor in each scenario (from the same runs)
  parts         experiments/RESULTS.md: what each part of anchor is worth
  observations  experiments/RESULTS.md: what each observation is worth
  limits        experiments/RESULTS.md: what an oracle reaches that lags
  random        experiments/RESULTS.md: the laws in 200 scenarios drawn at random
  testbed       experiments/RESULTS.md: anchor and descend on the kernel's own Minstrel-HT
  testbed-summary
                README.md: the same in short (from the same runs)

  --seeds N   of the simulator, 20; parts, observations and limits take a third of them
  --boots N   of the testbed for each scenario, 3
  --resume    the testbed's runs that are in out/reproduce already are not made again
  --check     changes no file; exits with 1 if a figure has moved
"""

import argparse
import json
import os
import pathlib
import subprocess
import sys

from . import figures, random_scenarios
from .markdown import Document, moved

ROOT = pathlib.Path(__file__).resolve().parents[2]
OUT = ROOT / "out" / "reproduce"
BUILD = ROOT / "build" / "release"
LAB = os.environ.get("PIANISSIMO_LAB", str(BUILD / "experiments/lab/pianissimo-lab"))
RESULTS = "experiments/RESULTS.md"
SEVERAL_ACCESS_POINTS = ("two-", "row-of-", "roaming")
TESTBED_SCENARIOS = ["near", "room", "step", "walk", "three-stations", "idle-far"]
TESTBED_CONFIGS = ["anchor", "descend", "fixed-max"]


def run(command, **options):
    """Fails with what the command said."""
    print("+ " + " ".join(command), file=sys.stderr, flush=True)
    return subprocess.run(command, check=True, cwd=ROOT, **options)


def one_access_point():
    names = sorted(path.stem for path in (ROOT / "experiments/scenarios").glob("*.yaml"))
    return [name for name in names if not name.startswith(SEVERAL_ACCESS_POINTS)]


def evaluated(name, arguments, keeps=(0.97,), scenarios=None):
    OUT.mkdir(parents=True, exist_ok=True)
    file = OUT / f"{name}.json"
    run([LAB, "evaluate", "--long", "--keep", ",".join(map(str, keeps)), "--json", str(file), "--markdown",
         str(OUT / f"{name}.md"), "--scenarios", *(scenarios or one_access_point()), *arguments])
    return json.loads(file.read_text())


def laws(options, done):
    if "laws" not in done:
        done["laws"] = evaluated("laws", ["--seeds", str(options.seeds), "--policies",
                                          ",".join(figures.LAWS)])
    return done["laws"]


def limits(options):
    return evaluated("limits", ["--seeds", str(max(1, options.seeds // 3)), "--no-gap", "--policies",
                                ",".join(["fixed-max", *figures.LIMITS])], figures.LIMIT_KEEPS)


def drawn_at_random():
    """No law was looked at in these while it was made."""
    random_scenarios.write(200, 2026, OUT / "random")
    return evaluated("random", ["--seeds", "1", "--no-gap", "--policies", ",".join(figures.RANDOM)],
                     scenarios=[str(OUT / "random")])


def variants(name, which, options):
    arguments = ["--seeds", str(max(1, options.seeds // 3)), "--no-gap", "--policies", "fixed-max"]
    for variant, (settings, _) in which.items():
        arguments += ["--variant", f"{variant}:{settings}" if settings else variant]
    return evaluated(name, arguments)


def testbed_summary(scenario, boot, options):
    folder = OUT / "testbed" / f"{scenario}-{boot}"
    if not (options.resume and (folder / "fixed-max/run.json").exists()):
        folder.mkdir(parents=True, exist_ok=True)
        configs = [word for name in TESTBED_CONFIGS
                   for word in ("-c", f"experiments/testbed/{name}.yaml")]
        run(["experiments/testbed/run.sh", *configs, "--out", str(folder), scenario])
    summary = folder / "summary.json"
    run([LAB, "report", str(folder / "anchor"), "--compare", str(folder / "descend"), "--baseline",
         str(folder / "fixed-max"), "--summary", str(summary)], stdout=subprocess.DEVNULL)
    return json.loads(summary.read_text())


def testbed(options, done):
    if "testbed" not in done:
        done["testbed"] = measured(options)
    return done["testbed"]


def measured(options):
    return {scenario: [testbed_summary(scenario, boot, options)
                       for boot in range(1, options.boots + 1)]
            for scenario in TESTBED_SCENARIOS}


def tables(options):
    """Name: file, and a function that makes the table."""
    done = {}
    return {
        "laws": (RESULTS, lambda: figures.laws_table(laws(options, done))),
        "scenarios": (RESULTS, lambda: figures.scenarios_table(laws(options, done))),
        "parts": (RESULTS, lambda: figures.variants_table("`anchor`", figures.PARTS)(
            variants("parts", figures.PARTS, options))),
        "observations": (RESULTS,
                         lambda: figures.variants_table("what the law sees", figures.OBSERVATIONS)(
                             variants("observations", figures.OBSERVATIONS, options))),
        "limits": (RESULTS, lambda: figures.limits_table(limits(options))),
        "random": (RESULTS, lambda: figures.random_table(drawn_at_random())),
        "testbed": (RESULTS, lambda: figures.testbed_table(testbed(options, done))),
        "testbed-summary": ("README.md",
                            lambda: figures.testbed_summary_table(testbed(options, done))),
    }


def say_what_moved(path, name, before, after):
    what = moved(before, after)
    print(f"{path}, {name}: " + (f"{len(what)} figures moved" if what else "nothing moved"))
    for sentence in what:
        print(f"  {sentence}")
    return what


def main():
    parser = argparse.ArgumentParser(prog="./dev reproduce", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--boots", type=int, default=3)
    parser.add_argument("--resume", action="store_true")
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    known = tables(options)
    unknown = [name for name in options.names if name not in known]
    if unknown or options.seeds < 1 or options.boots < 1:
        parser.exit(64, f"./dev reproduce: there is no table '{unknown[0]}', only "
                        f"{', '.join(known)}\n" if unknown else "--seeds, --boots: 1 or more\n")
    any_moved = False
    for name in options.names or [name for name in known if not name.startswith("testbed")]:
        path, make = known[name]
        document = Document(ROOT / path)
        before = document.table(name)
        after = make()
        what = say_what_moved(path, name, before, after)
        any_moved = any_moved or bool(what)
        if not options.check:
            document.replace(name, after)
    return 1 if options.check and any_moved else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except subprocess.CalledProcessError as error:
        sys.exit(f"./dev reproduce: {error.cmd[0]} ended with status {error.returncode}")
    except ValueError as error:
        sys.exit(f"./dev reproduce: {error}")
