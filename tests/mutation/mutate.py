#!/usr/bin/env python3
"""Changes one operator, condition, constant or call of the code at a time, and counts how often the
unit tests notice.

    mutate.py [--sample N] [--seed S] [--list] [--json FILE] [PATH...]

PATH is a source file or a folder (default: controller/core controller/policy controller/service).
The changes are made in a copy of the tree under out/mutation, never in the tree itself. A mutant is
killed if a unit test fails, hangs or crashes; one that does not compile is not counted. Those that
survive are printed as file:line: what was changed: either a test is missing, or the change makes no
difference.
"""

import argparse
import json
import os
import pathlib
import random
import re
import resource
import shutil
import signal
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
WORK = ROOT / "out" / "mutation"
SOURCES = ["bpf", "config", "controller", "nl80211"]
DEFAULT = ["controller/core", "controller/policy", "controller/service"]

# Which tests see the code of a folder or of one file, the likeliest first.
TESTS = {
    "controller/core": ["core_test", "policy_test", "golden_test"],
    "controller/policy": ["policy_test", "policies_test", "golden_test"],
    "controller/journal": ["journal_test", "service_test"],
    "controller/service": ["service_test", "service.commands"],
    "controller/service/bpf_traffic.cpp": ["bpf_service_test"],
    "controller/service/kernel_ports.cpp": ["service_radio_test"],
    "controller/service/log.cpp": ["service_radio_test", "service_test"],
    "controller/service/probe.cpp": ["service_radio_test"],
    "controller/service/restore.cpp": ["service_radio_test", "service.commands",
                                       "bpf_service_test"],
    "controller/service/run.cpp": ["service_radio_test", "service.commands"],
    "nl80211": ["nl80211_test"],
    "config": ["config_test"],
    "bpf": ["bpf_table_test", "bpf_test"],
}
# Tests that are a script, and the program that they try out.
SCRIPTS = {"service.commands": ("tests/unit/service/commands_test.sh", "pianissimo")}
# A mutant may kill processes, touch devices, and fill memory or disk. So its tests have processes, a
# network and a temporary folder of their own, and limits.
ALONE = ["unshare", "--pid", "--fork", "--kill-child", "--mount-proc", "--net"]
LIMITS = {resource.RLIMIT_AS: 4 << 30, resource.RLIMIT_FSIZE: 256 << 20, resource.RLIMIT_CORE: 0}
# It hangs if it takes so many times as long as the unchanged program, and at least so long. The time
# on the clock is generous, since the machine may be busy with something else.
HANGS_AFTER_TIMES = 10
HANGS_AFTER_S = 60

# What is looked for in code without comments and texts, and what stands there instead. Binary
# operators have blanks around them: clang-format sees to it.
OPERATORS = [
    (r" < ", [" <= ", " >= "]),
    (r" <= ", [" < ", " > "]),
    (r" > ", [" >= ", " <= "]),
    (r" >= ", [" > ", " < "]),
    (r" == ", [" != "]),
    (r" != ", [" == "]),
    (r" && ", [" || "]),
    (r" \|\| ", [" && "]),
    (r" \+ ", [" - "]),
    (r" - ", [" + "]),
    (r" \* ", [" / "]),
    (r" / ", [" * "]),
    (r" \+= ", [" -= "]),
    (r" -= ", [" += "]),
    (r"\+\+", ["--"]),
    (r"\btrue\b", ["false"]),
    (r"\bfalse\b", ["true"]),
    (r"\bstd::min\b", ["std::max"]),
    (r"\bstd::max\b", ["std::min"]),
    (r"\bcontinue;", ["break;"]),
    (r"(?<=[(\s])!(?=[\w(*])", [""]),
    (r"(?<![\w.'])[1-9]\d*(?![\w.'])", ["0"]),
    (r"\bif \((?!const|auto|constexpr)", ["if (!("]),  # closed below
]
# A statement that is a call: without it.
CALL = re.compile(r"^(\s+)[\w:.\->\[\]*]+\([^;{}]*\);$")


def blank(text):
    """The code with comments, texts and preprocessor lines as blanks, every place kept."""
    pattern = re.compile(
        r'//[^\n]*|/\*.*?\*/|R"(\w*)\(.*?\)\1"|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])+\''
        r"|^[ \t]*#[^\n]*|^[ \t]*static_assert\([^;]*;",
        re.S | re.M,
    )
    # Digit separators are no characters.
    text = re.sub(r"(?<=\d)'(?=\d)", "0", text)
    return pattern.sub(lambda m: re.sub(r"[^\n]", " ", m.group()), text)


def closing(text, at):
    """The place behind the parenthesis that closes the one at `at`."""
    depth = 0
    for i in range(at, len(text)):
        depth += {"(": 1, ")": -1}.get(text[i], 0)
        if depth == 0:
            return i + 1
    return None


def mutants_of(path):
    text = path.read_text()
    code = blank(text)
    found = []

    def add(begin, end, new):
        line = text.count("\n", 0, begin) + 1
        found.append({"file": str(path.relative_to(ROOT)), "line": line, "begin": begin,
                      "end": end, "old": text[begin:end].strip(), "new": new.strip()
                      if new.strip() else "(nothing)", "text": new})

    for pattern, replacements in OPERATORS:
        for match in re.finditer(pattern, code):
            for new in replacements:
                if new == "if (!(":
                    end = closing(code, match.end() - 1)
                    # if (init; condition) has no one condition to negate.
                    if end is None or ";" in code[match.end():end]:
                        continue
                    add(match.start(), end, "if (!" + text[match.end() - 1:end] + ")")
                else:
                    add(match.start(), match.end(), new)
    at = 0
    for line in code.splitlines(keepends=True):
        if CALL.match(line.rstrip("\n")) and not line.strip().startswith(("return", "throw")):
            begin = at + len(line) - len(line.lstrip())
            add(begin, at + len(line.rstrip("\n")), ";")
        at += len(line)
    return found


def files_of(paths):
    for path in paths:
        path = (ROOT / path).resolve()
        if path.is_file():
            yield path
        elif path.is_dir():
            # Headers make everything anew: only what is compiled once.
            yield from sorted(path.glob("**/*.cpp"))
        else:
            sys.exit(f"mutate: {path}: no such file or folder")


def tests_of(file):
    known = [place for place in TESTS if file == place or file.startswith(place + "/")]
    if not known:
        sys.exit(f"mutate: {file}: no tests are known for it")
    return TESTS[max(known, key=len)]


def built_for(tests):
    return sorted({SCRIPTS[test][1] if test in SCRIPTS else test for test in tests})


def limit(limits):
    for what, most in limits.items():
        resource.setrlimit(what, (most, most))


def cpu_of_children():
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


class Copy:
    """A copy of the tree with a build of its own."""

    def __init__(self):
        self.source = WORK / "source"
        self.build = WORK / "build"
        self.seconds = {}  # what each test takes when nothing is changed
        user = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
        self.alone = [*ALONE, *user, "--"]
        if subprocess.run([*self.alone, "true"], stderr=subprocess.DEVNULL).returncode != 0:
            sys.exit("mutate: unshare(1) gives no processes and no network of its own to a mutant")

    def prepare(self, tests):
        self.source.mkdir(parents=True, exist_ok=True)
        listed = subprocess.run(["git", "ls-files", "-z", "--cached", "--others",
                                 "--exclude-standard"], cwd=ROOT, check=True,
                                capture_output=True).stdout.split(b"\0")
        for name in filter(None, listed):
            name = name.decode()
            old, new = ROOT / name, self.source / name
            if not old.is_file():
                continue
            if not new.exists() or new.read_bytes() != old.read_bytes():
                new.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(old, new)
        # Every mutant is compiled and linked: no debug information, the quickest linker at hand, and
        # the list of the tests is not asked for at each link.
        flags = ["-DCMAKE_CXX_FLAGS_DEBUG=-O0",
                 "-DCMAKE_GTEST_DISCOVER_TESTS_DISCOVERY_MODE=PRE_TEST"]
        if shutil.which("ccache"):
            flags.append("-DCMAKE_CXX_COMPILER_LAUNCHER=ccache")
        linker = next((name for name in ("mold", "lld") if shutil.which("ld." + name)), None)
        if linker:
            flags.append(f"-DCMAKE_EXE_LINKER_FLAGS=-fuse-ld={linker}")
        subprocess.run(["cmake", "-S", self.source, "-B", self.build, "-G", "Ninja",
                        "-DCMAKE_BUILD_TYPE=Debug", "-DPIANISSIMO_TESTS=ON", "-DPIANISSIMO_LAB=ON",
                        *flags], check=True, stdout=subprocess.DEVNULL)
        targets = built_for(tests)
        if not self.make(targets):
            sys.exit(f"mutate: the tree does not build: see {WORK / 'build.log'}")
        self.programs = {t: next(p for p in self.build.glob(f"**/{t}") if p.is_file())
                         for t in targets}
        for test in tests:
            wall, cpu = time.monotonic(), cpu_of_children()
            if not self.passes(test):
                sys.exit(f"mutate: {test} fails without any change")
            self.seconds[test] = {"wall": time.monotonic() - wall, "cpu": cpu_of_children() - cpu}

    def make(self, targets):
        with open(WORK / "build.log", "w") as log:
            return subprocess.run(["cmake", "--build", self.build, "-j", os.environ.get("JOBS", "2"),
                                   "--target", *targets], stdout=log, stderr=log).returncode == 0

    def command(self, test):
        if test in SCRIPTS:
            script, program = SCRIPTS[test]
            return ["bash", self.source / script, self.programs[program], self.source]
        return [self.programs[test], "--gtest_brief=1", "--gtest_fail_fast"]

    def passes(self, test):
        folder = WORK / "tmp"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        # GoogleTest makes it, and removes it when all tests have run: a mutant may exit(0) before.
        unfinished = folder / "unfinished"
        seconds = self.seconds.get(test)
        limits = dict(LIMITS)
        if seconds:
            limits[resource.RLIMIT_CPU] = int(max(20, HANGS_AFTER_TIMES * seconds["cpu"]))
        child = subprocess.Popen([*self.alone, *self.command(test)], stdout=subprocess.DEVNULL,
                                 stderr=subprocess.DEVNULL, start_new_session=True,
                                 env={**os.environ, "TMPDIR": str(folder),
                                      "TEST_PREMATURE_EXIT_FILE": str(unfinished)},
                                 preexec_fn=lambda: limit(limits))
        try:
            patience = max(HANGS_AFTER_S, HANGS_AFTER_TIMES * seconds["wall"]) if seconds else 600
            return child.wait(timeout=patience) == 0 and not unfinished.exists()
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()
            return False

    def verdict(self, mutant):
        original = (ROOT / mutant["file"]).read_text()
        changed = self.source / mutant["file"]
        changed.write_text(original[:mutant["begin"]] + mutant["text"] + original[mutant["end"]:])
        try:
            for test in tests_of(mutant["file"]):
                if not self.make(built_for([test])):
                    return "not compiled"
                if not self.passes(test):
                    mutant["by"] = test
                    return "killed"
            return "survived"
        finally:
            changed.write_text(original)


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("paths", nargs="*", metavar="PATH")
    parser.add_argument("--sample", type=int, help="so many of them, drawn by the seed")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--list", action="store_true", help="print them, run nothing")
    parser.add_argument("--json", help="every mutant with its verdict")
    options = parser.parse_args()

    mutants = [m for file in files_of(options.paths or DEFAULT) for m in mutants_of(file)]
    if options.sample and options.sample < len(mutants):
        mutants = random.Random(options.seed).sample(mutants, options.sample)
    if options.list:
        for m in mutants:
            print(f"{m['file']}:{m['line']}: {m['old']} -> {m['new']}")
        print(f"{len(mutants)} mutants")
        return
    copy = Copy()
    copy.prepare(sorted({t for m in mutants for t in tests_of(m["file"])}))
    begin = time.monotonic()
    by_folder = {}
    for number, mutant in enumerate(mutants, 1):
        mutant["verdict"] = copy.verdict(mutant)
        folder = os.path.dirname(mutant["file"])
        counts = by_folder.setdefault(folder, {"killed": 0, "survived": 0, "not compiled": 0})
        counts[mutant["verdict"]] += 1
        if mutant["verdict"] == "survived":
            print(f"{mutant['file']}:{mutant['line']}: survived: {mutant['old']} -> {mutant['new']}",
                  flush=True)
        if options.json:
            pathlib.Path(options.json).write_text(json.dumps(mutants[:number], indent=1) + "\n")
        left = (time.monotonic() - begin) / number * (len(mutants) - number)
        print(f"{number} of {len(mutants)}, {left / 60:.0f} min left", file=sys.stderr, flush=True)
    for folder, counts in sorted(by_folder.items()):
        judged = counts["killed"] + counts["survived"]
        share = 100 * counts["killed"] / judged if judged else 0
        print(f"{folder}: {counts['killed']} of {judged} killed, {share:.0f} % "
              f"({counts['not compiled']} did not compile)")


if __name__ == "__main__":
    main()
