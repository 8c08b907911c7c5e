#!/usr/bin/env python3
"""The tables of figures: what they are made of, and how they get into their files."""

import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT))
from experiments.reproduce import __main__ as program  # noqa: E402
from experiments.reproduce import figures, random_scenarios  # noqa: E402
from experiments.reproduce.markdown import Document, Table, moved, parse  # noqa: E402


def row(policy, scenario="door", **values):
    """A row of evaluate."""
    known = dict(keep=0.97, capacity_retained=0.99, capacity_retained_worst=0.98, saved_db=4.04,
                 oracle_gap_db=1.26, harm=0.02, harm_90=0.001, harm_longest_s=0.25,
                 changes_per_minute=8.4, changes_settled_per_minute=6.1)
    return {"policy": policy, "scenario": scenario, **known, **values}


def summary(retained, power_retained, longest=0):
    run = dict(retained=retained, retained_worst=retained - 0.01, power_retained=power_retained,
               power_retained_worst=power_retained - 0.02, saved_db=3.0, longest_below_s=longest,
               power_longest_below_s=0, changes_per_minute=7)
    return {"runs": [{"name": "anchor", **run}, {"name": "descend", **run, "saved_db": 6.0}]}


class RandomScenariosTest(unittest.TestCase):
    def drawn(self, seed):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        return [path.read_text() for path in
                random_scenarios.write(30, seed, pathlib.Path(folder.name))]

    def test_a_seed_gives_the_same_scenarios_each_time(self):
        self.assertEqual(self.drawn(7), self.drawn(7))
        self.assertNotEqual(self.drawn(7), self.drawn(8))

    def test_no_two_are_alike(self):
        self.assertEqual(len(set(self.drawn(7))), 30)

    @unittest.skipUnless(os.environ.get("PIANISSIMO_LAB"), "needs PIANISSIMO_LAB")
    def test_the_simulator_takes_every_one(self):
        with tempfile.TemporaryDirectory() as folder:
            paths = random_scenarios.write(30, 2026, pathlib.Path(folder))
            lab = os.environ["PIANISSIMO_LAB"]
            for path in paths:
                text = path.read_text().replace("duration_s: 120", "duration_s: 1")
                path.write_text(text)
            done = subprocess.run([lab, "evaluate", "--keep", "0.97", "--seeds", "1", "--no-gap",
                                   "--policies", "fixed-max", "--markdown", "/dev/null",
                                   "--scenarios", *map(str, paths)], capture_output=True, text=True)
            self.assertEqual((done.returncode, done.stderr.count(": ")), (0, 0), done.stderr)


class MarkdownTest(unittest.TestCase):
    table = Table(["law", "kept, %"], [["anchor", "99.5"], ["descend", "91.6"]])

    def document(self, text):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        path = pathlib.Path(folder.name) / "page.md"
        path.write_text(text, encoding="utf-8")
        return Document(path)

    def test_a_table_is_read_as_it_was_written(self):
        again = parse(self.table.text())
        self.assertEqual((again.columns, again.rows), (self.table.columns, self.table.rows))

    def test_only_the_named_table_is_replaced(self):
        other = "<!-- figures: b -->\n| x | y |\n|---|--:|\n| 1 | 2 |\n<!-- end of figures -->\n"
        document = self.document("Before.\n<!-- figures: a -->\n| x | y |\n|---|--:|\n| 1 | 2 |\n"
                                 "<!-- end of figures -->\nBetween.\n" + other)
        document.replace("a", self.table)
        self.assertEqual(document.path.read_text(encoding="utf-8"),
                         "Before.\n<!-- figures: a -->\n" + self.table.text() +
                         "<!-- end of figures -->\nBetween.\n" + other)

    def test_what_is_not_there_once_is_said(self):
        with self.assertRaisesRegex(ValueError, "page.md: there are 0 tables 'a'"):
            self.document("no table\n").table("a")
        with self.assertRaisesRegex(ValueError, "page.md: 'a': not a table"):
            self.document("<!-- figures: a -->\ntext\n<!-- end of figures -->\n").table("a")

    def test_a_moved_cell_is_named_by_row_and_column(self):
        new = Table(["law", "kept, %"], [["anchor", "99.4"], ["parf", "96.5"]])
        self.assertEqual(moved(self.table, new),
                         ["descend: was there before", "parf: is new",
                          "anchor, kept, %: 99.5 -> 99.4"])
        self.assertEqual(moved(self.table, self.table), [])
        self.assertEqual(moved(self.table, Table(["law"], [])), ["the columns are others"])


class FiguresTest(unittest.TestCase):
    def test_a_law_has_the_mean_of_the_scenarios_and_the_worst_of_them(self):
        rows = [row(law, scenario, capacity_retained=kept) for law in figures.LAWS
                for scenario, kept in (("door", 0.97), ("web", 0.99))]
        anchor = figures.laws_table(rows).rows[0]
        self.assertEqual(anchor, ["**anchor**", "**98.0**", "**97.0**", "4.0", "1.3", "2.0", "0.1",
                                  "8"])

    def test_a_law_that_was_not_run_is_an_error(self):
        with self.assertRaisesRegex(ValueError, "said nothing of descend"):
            figures.laws_table([row("anchor")])

    def test_what_does_not_apply_is_a_dash(self):
        rows = [row("anchor", oracle_gap_db=None, harm_longest_s=None)]
        self.assertEqual(figures.scenarios_table(rows).rows[0][4:8], ["-", "2.0", "0.10", "-"])

    def test_nothing_has_a_negative_zero(self):
        self.assertEqual(figures.number(-0.01, 1), "0.0")
        self.assertEqual(figures.number(-0.06, 1), "-0.1")

    def test_a_part_has_the_worst_station_of_all_scenarios_and_the_longest_time(self):
        rows = [row(name, scenario, capacity_retained_worst=worst, harm_longest_s=longest)
                for name in figures.PARTS
                for scenario, worst, longest in (("door", 0.9, None), ("web", 0.95, 1.5))]
        first = figures.variants_table("part", figures.PARTS)(rows).rows[0]
        self.assertEqual((first[3], first[7]), ("90.0", "1.5"))

    def test_of_random_scenarios_the_worst_ones_are_told_beside_the_mean(self):
        rows = [row(law, scenario=f"r{i:03}", capacity_retained=0.90 + 0.002 * i,
                    capacity_retained_worst=0.80 + 0.002 * i)
                for law in figures.RANDOM for i in range(40)]
        table = figures.random_table(rows)
        self.assertEqual(table.columns[1:5],
                         ["kept, %", "in nineteen of twenty scenarios at least, %",
                          "worst scenario, %", "worst station, %"])
        self.assertEqual(table.rows[0][:5], ["**anchor**", "93.9", "90.4", "90.0", "80.0"])

    def test_the_limits_are_told_keep_by_keep(self):
        rows = [row(who, scenario, keep=keep, harm=harm, unspent_db=gap)
                for who in figures.LIMITS
                for scenario, keep, harm, gap in (("door", 0.97, 0.03, 1), ("web", 0.97, 0.01, 2),
                                                  ("door", 0.90, 0.05, 3))]
        table = figures.limits_table(rows)
        by_name = {line[0]: line for line in table.rows}
        self.assertEqual(by_name["0.97, **anchor**"][4:7], ["1.5", "2.0", "1"])
        self.assertEqual(by_name["0.90, oracle, 1 s late"][4:7], ["3.0", "5.0", "1"])

    def test_the_testbed_has_means_of_boots_and_the_worst_of_any(self):
        boots = {"step": [summary(0.96, 0.99, longest=2), summary(0.98, 0.97, longest=1)]}
        anchor, descend = figures.testbed_table(boots).rows
        self.assertEqual(anchor, ["`step`, anchor", "97.0", "95.0", "98.0", "95.0", "3.0", "2", "0",
                                  "7"])
        self.assertEqual(descend[5], "6.0")

    def test_the_short_table_of_the_testbed_is_of_the_power_alone(self):
        boots = {"step": [summary(0.5, 0.99), summary(0.6, 0.97)]}
        self.assertEqual(figures.testbed_summary_table(boots).rows,
                         [["`step`", "98.0", "95.0", "3.0", "0", "98.0", "95.0", "6.0", "0"]])


class ProgramTest(unittest.TestCase):
    def test_every_table_is_in_its_file(self):
        options = type("Options", (), {"seeds": 1, "boots": 1, "resume": True})()
        for name, (path, _) in program.tables(options).items():
            table = Document(ROOT / path).table(name)
            self.assertGreater(len(table.rows), 1, name)

    def test_the_suite_is_the_scenarios_of_one_access_point(self):
        names = program.one_access_point()
        self.assertIn("door", names)
        self.assertNotIn("row-of-six", names)
        self.assertEqual(len(names), 31)


if __name__ == "__main__":
    unittest.main()
