"""Tables in Markdown files, between markers that name them:

    <!-- figures: NAME -->
    | first | second |
    ...
    <!-- end of figures -->
"""

import pathlib
import re


class Table:
    """Rows of texts; the first column names the row."""

    def __init__(self, columns, rows):
        self.columns = columns
        self.rows = rows

    def text(self):
        rule = ["---"] + ["--:"] * (len(self.columns) - 1)
        lines = [self.columns, rule, *self.rows]
        return "".join("| " + " | ".join(line) + " |\n" for line in lines).replace(
            "| " + " | ".join(rule) + " |", "|" + "|".join(rule) + "|")


def parse(text):
    """The table that text() wrote."""
    rows = [[cell.strip() for cell in line.strip().strip("|").split("|")]
            for line in text.strip().splitlines()]
    if len(rows) < 2 or any(len(row) != len(rows[0]) for row in rows):
        raise ValueError("not a table")
    return Table(rows[0], rows[2:])


def moved(old, new):
    """What differs, cell by cell, as sentences."""
    if old.columns != new.columns:
        return ["the columns are others"]
    before = {row[0]: row for row in old.rows}
    after = {row[0]: row for row in new.rows}
    said = [f"{name}: was there before" for name in before if name not in after]
    said += [f"{name}: is new" for name in after if name not in before]
    for name, row in after.items():
        for column, was, cell in zip(new.columns, before.get(name, row), row):
            if was != cell:
                said.append(f"{name}, {column}: {was} -> {cell}")
    return said


class Document:
    """A Markdown file with such tables."""

    def __init__(self, path):
        self.path = pathlib.Path(path)
        self.text = self.path.read_text(encoding="utf-8")

    def _place(self, name):
        found = list(re.finditer(
            rf"<!-- figures: {re.escape(name)} -->\n(.*?)<!-- end of figures -->\n",
            self.text, re.DOTALL))
        if len(found) != 1:
            raise ValueError(f"{self.path}: there are {len(found)} tables '{name}', not one")
        return found[0]

    def table(self, name):
        place = self._place(name)
        try:
            return parse(place.group(1))
        except ValueError as error:
            raise ValueError(f"{self.path}: '{name}': {error}") from error

    def replace(self, name, table):
        """In the file, which is there as a whole or as it was."""
        place = self._place(name)
        self.text = self.text[:place.start(1)] + table.text() + self.text[place.end(1):]
        unfinished = self.path.with_name(self.path.name + ".new")
        unfinished.write_text(self.text, encoding="utf-8")
        unfinished.replace(self.path)
