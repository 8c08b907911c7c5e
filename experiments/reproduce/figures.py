"""From what the programs put out to the tables."""

from .markdown import Table

LAWS = {
    "anchor": "**anchor**",
    "descend": "descend",
    "parf": "PARF",
    "blues": "Minstrel-Blues' rule",
    "rrm": "OpenWiFi RRM, measure_ap_client",
    "rate-slowest": "full power, slowest bit rate",
    "best-fixed": "best fixed level in hindsight",
    "oracle": "oracle",
}

# How `anchor` is told to do without, and how the table calls it.
PARTS = {
    "all": ("", "**all parts**"),
    "no-coarse-steps": ("anchor.parts.coarse_steps=false", "without large steps (`coarse_steps`)"),
    "no-watchman": ("anchor.parts.watchman=false", "without the watchman"),
    "no-emergency": ("anchor.parts.emergency=false", "without the emergency"),
    "no-feed-forward": ("anchor.parts.feed_forward=false", "without `feed_forward`"),
    "no-places": ("anchor.parts.places=false", "without places"),
    "no-visits": ("anchor.parts.visits=false", "without visits"),
    "no-memory": ("anchor.parts.memory=false", "without memory"),
    "no-effect-test": ("anchor.parts.effect_test=false", "without the effect test"),
}
OBSERVATIONS = {
    "all": ("", "**all**"),
    "no-signal": ("hide=signal", "no signal"),
    "no-failed": ("hide=failed", "no `tx_failed`"),
    "no-retries": ("hide=retries", "no `tx_retries`"),
    "no-airtime": ("hide=airtime", "no airtime"),
    "no-estimate": ("hide=estimate", "no kernel's estimate"),
    "estimate-alone": ("hide=signal+failed+retries+airtime", "the estimate and the bit rate alone"),
}

# Who is beside `anchor` where it is asked what any law could reach, and how the table calls it.
LIMIT_KEEPS = [0.97, 0.90]
LIMITS = {
    "anchor": "**anchor**",
    "best-fixed": "best fixed level in hindsight",
    "oracle": "oracle",
    "oracle-late:0.1": "oracle, 0.1 s late",
    "oracle-late:0.3": "oracle, 0.3 s late",
    "oracle-late:1": "oracle, 1 s late",
    "oracle-late:0.3+1": "oracle, 0.3 s late, 1 dB more",
    "oracle-late:1+1": "oracle, 1 s late, 1 dB more",
    "oracle-late:1+2": "oracle, 1 s late, 2 dB more",
}

# Who is beside `anchor` in scenarios drawn at random.
RANDOM = {
    "anchor": "**anchor**",
    "descend": "descend",
    "parf": "PARF",
    "blues": "Minstrel-Blues' rule",
    "oracle-late:1+1": "oracle, 1 s late, 1 dB more",
    "oracle": "oracle",
}


def number(value, decimals, scale=1):
    """As the tables have it; '-' for what there is none of."""
    if value is None:
        return "-"
    text = f"{scale * value:.{decimals}f}"
    return text[1:] if float(text) == 0 and text.startswith("-") else text


def mean(values):
    values = [value for value in values if value is not None]
    return sum(values) / len(values) if values else None


class Rows:
    """What `evaluate --json` says of one contender in all scenarios."""

    def __init__(self, rows, contender, keep=None):
        self.rows = [row for row in rows
                     if row["policy"] == contender and keep in (None, row["keep"])]
        if not self.rows:
            raise ValueError(f"evaluate said nothing of {contender}")

    def count(self, figure, above):
        return sum((row[figure] or 0) > above for row in self.rows)

    def mean(self, figure):
        return mean(row[figure] for row in self.rows)

    def least(self, figure):
        return min(row[figure] for row in self.rows)

    def most(self, figure):
        return max(row[figure] or 0 for row in self.rows)


def laws_table(rows):
    columns = ["law, keep 0.97", "throughput per airtime kept, %", "the same, worst scenario, %",
               "saved, dB", "oracle gap, dB", "below 0.97 of the time, %", "below 0.90, %",
               "changes per min"]
    table = []
    for law, name in LAWS.items():
        of = Rows(rows, law)
        kept, worst = (number(x, 1, 100) for x in (of.mean("capacity_retained"),
                                                   of.least("capacity_retained")))
        if law == "anchor":
            kept, worst = f"**{kept}**", f"**{worst}**"
        table.append([name, kept, worst, number(of.mean("saved_db"), 1),
                      number(of.mean("oracle_gap_db"), 1), number(of.mean("harm"), 1, 100),
                      number(of.mean("harm_90"), 1, 100),
                      number(of.mean("changes_per_minute"), 0)])
    return Table(columns, table)


def scenarios_table(rows):
    columns = ["scenario", "kept, %", "worst station, %", "saved, dB", "oracle gap, dB",
               "below 0.97 of the time, %", "below 0.90, %", "longest, s",
               "changes per min once settled"]
    table = []
    for row in Rows(rows, "anchor").rows:
        table.append([row["scenario"], number(row["capacity_retained"], 1, 100),
                      number(row["capacity_retained_worst"], 1, 100), number(row["saved_db"], 1),
                      number(row["oracle_gap_db"], 1), number(row["harm"], 1, 100),
                      number(row["harm_90"], 2, 100), number(row["harm_longest_s"], 2),
                      number(row["changes_settled_per_minute"], 1)])
    return Table(columns, sorted(table))


def limits_table(rows):
    columns = ["keep, who", "kept, %", "worst scenario, %", "saved, dB", "unspent, dB",
               "below keep of the time, %", "scenarios with more than 2 %", "below 0.90, %",
               "longest, s"]
    table = []
    for keep in LIMIT_KEEPS:
        for contender, name in LIMITS.items():
            of = Rows(rows, contender, keep)
            table.append([f"{keep:.2f}, {name}", number(of.mean("capacity_retained"), 1, 100),
                          number(of.least("capacity_retained"), 1, 100),
                          number(of.mean("saved_db"), 1), number(of.mean("unspent_db"), 1),
                          number(of.mean("harm"), 1, 100), str(of.count("harm", above=0.02)),
                          number(of.mean("harm_90"), 2, 100),
                          number(of.most("harm_longest_s"), 1)])
    return Table(columns, table)


def random_table(rows):
    columns = ["law, keep 0.97", "kept, %", "in nineteen of twenty scenarios at least, %",
               "worst scenario, %", "worst station, %", "saved, dB", "below 0.97 of the time, %",
               "below 0.90, %", "changes per min"]
    table = []
    for law, name in RANDOM.items():
        of = Rows(rows, law)
        kept = sorted(row["capacity_retained"] for row in of.rows)
        table.append([name, number(of.mean("capacity_retained"), 1, 100),
                      number(kept[len(kept) // 20], 1, 100), number(kept[0], 1, 100),
                      number(of.least("capacity_retained_worst"), 1, 100),
                      number(of.mean("saved_db"), 1), number(of.mean("harm"), 1, 100),
                      number(of.mean("harm_90"), 2, 100),
                      number(of.mean("changes_per_minute"), 0)])
    return Table(columns, table)


def variants_table(first_column, variants):
    """A function of evaluate's rows."""
    columns = [first_column, "kept, %", "worst scenario, %", "worst station, %", "saved, dB",
               "below 0.97 of the time, %", "below 0.90, %", "longest, s", "changes per min"]

    def table_of(rows):
        table = []
        for variant, (_, name) in variants.items():
            of = Rows(rows, variant)
            table.append([name, number(of.mean("capacity_retained"), 1, 100),
                          number(of.least("capacity_retained"), 1, 100),
                          number(of.least("capacity_retained_worst"), 1, 100),
                          number(of.mean("saved_db"), 1), number(of.mean("harm"), 1, 100),
                          number(of.mean("harm_90"), 2, 100),
                          number(of.most("harm_longest_s"), 1),
                          number(of.mean("changes_per_minute"), 1)])
        return Table(columns, table)

    return table_of


def runs_of(summaries, law):
    return [run for summary in summaries for run in summary["runs"] if run["name"] == law]


def testbed_summary_table(boots):
    """What the laws' power alone did. `boots`: the summaries of `report`, by scenario."""
    columns = ["scenario"]
    for law in ("`anchor`", "`descend`"):
        columns += [f"{law} kept, %", "worst station, %", "saved, dB", "below 90 % at the longest, s"]
    table = []
    for scenario, summaries in boots.items():
        row = [f"`{scenario}`"]
        for law in ("anchor", "descend"):
            runs = runs_of(summaries, law)
            row += [number(mean(run["power_retained"] for run in runs), 1, 100),
                    number(min(run["power_retained_worst"] for run in runs), 1, 100),
                    number(mean(run["saved_db"] for run in runs), 1),
                    number(max(run["power_longest_below_s"] for run in runs), 0)]
        table.append(row)
    return Table(columns, table)


def testbed_table(boots):
    """`boots`: the summaries of `report`, by scenario."""
    columns = ["scenario, law", "kept beside full power, %", "worst station, %",
               "kept by its power, %", "worst station by its power, %", "saved, dB",
               "below 90 % at the longest, s", "the same by its power, s", "changes per min"]
    table = []
    for scenario, summaries in boots.items():
        for law in ("anchor", "descend"):
            runs = runs_of(summaries, law)
            table.append([
                f"`{scenario}`, {law}",
                number(mean(run["retained"] for run in runs), 1, 100),
                number(min(run["retained_worst"] for run in runs), 1, 100),
                number(mean(run["power_retained"] for run in runs), 1, 100),
                number(min(run["power_retained_worst"] for run in runs), 1, 100),
                number(mean(run["saved_db"] for run in runs), 1),
                number(max(run["longest_below_s"] for run in runs), 0),
                number(max(run["power_longest_below_s"] for run in runs), 0),
                number(mean(run["changes_per_minute"] for run in runs), 0)])
    return Table(columns, table)
