"use strict";
// The page: for each run what it was, its cards, its story and its panels; then the tables.

const report = JSON.parse(document.getElementById("data").textContent);
const charts = [];

function facts(run) {
  const pairs = [
    ["Scenario", run.scenario], ["Policy", run.policy], ["Length", `${fixed(run.seconds, 0)} s`],
    ["Aggregates", run.aggregates === null ? null : run.aggregates ? "yes" : "no, single frames"],
    ["Kernel", run.kernel], ["Accelerator", run.accelerator], ["Recorded", run.date],
    ["Pianissimo", run.version], ["Configuration", run.config_hash],
    ["Bytes counted by", [...new Set(run.stations.map((one) => one.counted_by))]
      .filter(Boolean).join("; ")],
    ["Baseline", report.baseline?.name ?? "none"],
  ];
  return el("dl", { class: "facts" }, ...pairs.filter(([, value]) => value)
    .map(([name, value]) => el("div", {}, el("dt", {}, name), el("dd", {}, value))));
}

function figure(key, runIndex) {
  return report.table.find((row) => row.key === key).cells[runIndex];
}

function card(name, value, unit, more, bad = false) {
  return el("div", { class: bad ? "card bad" : "card" },
    el("div", { class: "name" }, name),
    el("div", { class: "value" }, cellText(value),
      value === null ? null : el("span", { class: "unit" }, unit)),
    el("div", { class: "more" }, ...more));
}

function cards(run, index) {
  const measured = figure("saved_db", index);
  const saved = measured ?? figure("saved_confirmed_db", index);
  const retained = figure("retained", index);
  const below = figure("below_share", index);
  const longest = figure("longest_below_s", index);
  const visits = figure("visits", index);
  const error = figure("visit_error_ms_p99", index);
  const unknown = report.baseline ? "not measured" : "not measured: no baseline";
  const beside = run.own_truth ? "beside full power, by the run's own truth"
    : "beside full power on the same channel";
  const noVisits = visits === null ? "no journal" : visits === "0" ? "no visits" : "not measured";
  const bad = retained !== null && Number(retained) < 100 * report.whole_share;
  const nominal = isNumber(run.visit_nominal_ms) ? `, ${run.visit_nominal_ms} ms configured` : "";
  return el("div", { class: "cards" },
    card("Mean power saved", saved, "dB",
      [saved === null ? "not measured" : isNumber(run.ceiling) ? `below ${dBm(run.ceiling)}` : "",
        saved !== measured ? ", as the kernel confirmed" : ""]),
    card("Throughput retained", retained, "%",
      bad ? [el("strong", {}, "▼ too little"), ` ${beside}`]
        : [retained === null ? unknown : beside], bad),
    card(`Time below ${percent(report.whole_share)}`, below, "%",
      [below === null ? unknown : `${longest} s at the longest`]),
    card("Visit length error, p99", error, "ms",
      [error === null ? noVisits : `${visits} visits${nominal}`]));
}

// A number and its unit stay on one line.
const unbroken = (text) => text.replace(/(\d) (?=(%|dB|dBm|s|ms)\b|%)/g, "$1\u00a0");

const cellText = (text) => (text === null ? MISSING : text.replace("-", "−"));

// What counts stands first: a phone shows half of the columns, and the rest when it is drawn aside.
function phaseTable(station, several) {
  if (!station.phases?.length) return null;
  const rows = station.phases.map((phase) => el("tr", {},
    el("th", { scope: "row" }, phase.path_loss), el("td", {}, phase.when),
    el("td", { class: phase.bad ? "bad" : null }, phase.bad ? "▼ " : "", cellText(phase.retained)),
    ...["below_s", "saved", "power", "capacity", "baseline_capacity"].map((name) =>
      el("td", {}, cellText(phase[name])))));
  return el("div", { "data-station": station.mac },
    el("h3", {}, several ? `By path loss, station ${station.mac}` : "By path loss"),
    table(["Path loss", "When", "Retained, %", `Below ${percent(report.whole_share)}, s`,
      "Saved, dB", "Power, dBm", "Mbit/s", "at full power"], rows, { class: "phases" }));
}

// All stations of a run, the neediest first; pointing at one shows it.
function stationTable(run, show) {
  const known = run.stations.filter((station) => station.overview);
  if (known.length < 2) return null;
  const rows = known.map(({ mac, overview }) => {
    const button = el("button", { type: "button" }, mac);
    button.addEventListener("click", () => show(mac));
    return el("tr", {}, el("th", { scope: "row" }, button),
      el("td", { class: overview.bad ? "bad" : null }, overview.bad ? "▼ " : "",
        cellText(overview.retained)),
      ...["longest_s", "below_s", "saved", "power"].map((name) =>
        el("td", {}, cellText(overview[name]))));
  });
  const below = `Below ${percent(report.whole_share)}`;
  return el("div", {}, el("h3", {}, "All stations, the neediest first"),
    table(["Station", "Retained, %", `${below}, longest, s`, `${below} in all, s`, "Saved, dB",
      "Power, dBm"], rows, { class: "stations" }));
}

// Each run in a sentence, and the figures that tell them apart.
function besideEachOther() {
  const all = report.baseline
    ? [...report.runs, { ...report.baseline, name: `${report.baseline.name} (full power)` }]
    : report.runs;
  if (all.length < 2) return null;
  const shown = ["saved_db", "retained", "retained_worst", "below_share", "longest_below_s",
    "changes_per_minute"].map((key) => report.table.find((row) => row.key === key));
  const rows = all.map((run, index) => el("tr", {}, el("th", { scope: "row" }, run.name),
    ...shown.map(({ key, cells }) => {
      const bad = key.startsWith("retained") && cells[index] !== null
        && Number(cells[index]) < 100 * report.whole_share;
      return el("td", { class: bad ? "bad" : null }, bad ? "▼ " : "", cellText(cells[index]));
    })));
  return el("div", {},
    el("ul", { class: "sentences" },
      ...all.slice(1).map((run) => el("li", {}, unbroken(run.headline)))),
    table(["", "Saved, dB", "Retained, %", "Worst station, %",
      `Below ${percent(report.whole_share)}, % of time`, "at the longest, s", "Changes per min"],
    rows));
}

// What each lasting change of the power brought, as the daemon judged it.
function changeTable(run) {
  const { head, rows, more } = run.changes ?? { rows: [] };
  if (rows.length === 0) return null;
  const verdict = head.indexOf("verdict");
  const cell = (text, index, hurt) => (index === 0
    ? el("th", { scope: "row" }, text)
    : el("td", { class: hurt && index === verdict ? "bad" : null },
      hurt && index === verdict ? "▼ " : "", text === "-" ? MISSING : unbroken(text)));
  return el("div", { class: "changes" }, el("h3", {}, "What lasting changes did"),
    table(head, rows.map(({ cells, hurt }) =>
      el("tr", {}, ...cells.map((text, index) => cell(text, index, hurt))))),
    el("p", { class: "hint" }, more > 0 ? `And ${more} more, which hurt less or are older. ` : "",
      "Of the station that decided: what it was delivered per airtime, what it acknowledged, and ",
      "its bit rate, each before and after."));
}

function decisionTable(run) {
  const decisions = run.decisions ?? [];
  const rows = decisions.map((one) => el("tr", {},
    el("td", {}, fixed(one.t, 3)), el("td", {}, dBm(one.from)), el("td", {}, dBm(one.to)),
    el("td", { class: "left" }, one.said)));
  if (rows.length === 0) return null;
  const details = el("details", {}, el("summary", {}, `Every decision (${rows.length})`));
  // Thousands of rows are built only when they are asked for.
  details.addEventListener("toggle", () => details.append(
    table(["Time, s", "From", "To", "Why"], rows, { class: "leaning" })),
  { once: true });
  return details;
}

function notesOf(run) {
  if (!run.notes?.length) return null;
  return el("details", {}, el("summary", {}, `Notes of the daemon (${run.notes.length})`),
    table(["Time, s", "Note"], run.notes.map((note) => el("tr", {},
      el("td", {}, fixed(note.t, 3)), el("td", { class: "left" }, note.text))),
    { class: "leaning" }));
}

function configOf(run) {
  if (!run.config) return null;
  let text = run.config;
  try {
    text = JSON.stringify(JSON.parse(run.config), null, 2);
  } catch { /* as it is */ }
  return el("details", {}, el("summary", {}, "Configuration"), el("pre", {}, text));
}

// Every reason with how often and when: hovering is not for fingers or paper.
function reasonTable(run) {
  const reasons = new Map();
  for (const { reason, t } of run.decisions ?? []) {
    const seen = reasons.get(reason) ?? { count: 0, first: t };
    reasons.set(reason, { ...seen, count: seen.count + 1, last: t });
  }
  if (reasons.size === 0) return null;
  const rows = [...reasons].map(([reason, { count, first, last }]) => el("tr", {},
    el("th", { scope: "row" }, report.reasons[reason].text), el("td", {}, String(count)),
    el("td", {}, fixed(first, 1)), el("td", {}, fixed(last, 1))));
  return el("div", {}, el("h3", {}, "What it decided"),
    table(["Reason", "Times", "First at, s", "Last at, s"], rows));
}

function runSection(run, index) {
  const several = report.runs.length > 1;
  const holder = el("div");
  const own = (kind) => takeDrawings((one) => one.kind === kind && one.run === String(index));
  const macs = run.stations.map((station) => station.mac);
  const first = macs[0]; // the neediest
  const show = (mac) => {
    const station = run.stations.find((one) => one.mac === mac);
    const built = buildCharts(stationPanels(run, station, report.whole_share),
      runAxis(run, station), `run-${index}`);
    holder.replaceChildren(built.box);
    charts[index] = { fit: () => built.fit(holder.clientWidth), show: () => show(mac) };
    charts[index].fit();
    chooseStation(section, mac);
  };
  const section = el("section", {},
    several ? el("h2", {}, run.name) : null,
    several ? facts(run) : null,
    cards(run, index),
    el("p", { class: "story" }, unbroken(
      index === 0 ? run.story.slice(run.headline.length).trim() : run.story)),
    run.remarks.length === 0 ? null
      : el("ul", { class: "remarks" }, ...run.remarks.map((text) => el("li", {}, text))),
    stationTable(run, show),
    stationChooser(macs, show, first),
    holder, paperDrawings(own("time")),
    el("p", { class: "hint" },
      "Point at a mark (or tap it) to see why. Drag over a stretch of time to see it larger; ",
      "double-click for all of it."),
    several ? null : gallery("Throughput and rate against power",
      [...own("knee"), ...own("rates")]),
    ...run.stations.map((station) => phaseTable(station, macs.length > 1)),
    changeTable(run), reasonTable(run), decisionTable(run), notesOf(run), configOf(run));
  const start = () => {
    if (first) show(first);
    else holder.append("Nothing was recorded.");
  };
  return { section, start };
}

// Several runs: one time axis, and their drawings side by side.
function comparison() {
  if (report.runs.length < 2) return null;
  const macs = [...new Set(
    report.runs.flatMap((run) => run.stations.map((one) => one.mac)))];
  const holder = el("div");
  const longest = { seconds: Math.max(...report.runs.map((run) => run.seconds)) };
  const name = ({ run }) => (run === "" ? null : report.runs[Number(run)].name);
  const all = (kind) => takeDrawings((one) => one.kind === kind);
  const show = (mac) => {
    const panels = comparisonPanels(report.runs, mac, report.baseline);
    const built = buildCharts(panels, runAxis(longest, {}), "runs");
    holder.replaceChildren(built.box);
    const chart = { fit: () => built.fit(holder.clientWidth), show: () => show(mac) };
    charts[report.runs.length] = chart;
    chart.fit();
    chooseStation(section, mac);
  };
  const section = el("section", {}, el("h3", {}, "On one time axis"), stationChooser(macs, show),
    holder, paperDrawings(all("runs")),
    gallery("Throughput against power", all("knee"), name),
    gallery("Rate against power", all("rates"), name));
  return { section, start: () => macs.length > 0 && show(macs[0]) };
}

const distributions = () => gallery("Distributions of power and throughput",
  [...takeDrawings((one) => one.kind === "power"),
    ...takeDrawings((one) => one.kind === "throughput")]);

function figureTable() {
  const names = report.runs.map((run) => run.name);
  if (report.baseline) names.push(`${report.baseline.name} (baseline)`);
  const rows = report.table.map((row) => el("tr", {},
    el("th", { scope: "row" }, row.unit ? `${row.name}, ${row.unit}` : row.name,
      el("small", {}, row.meaning)),
    ...row.cells.map((cell) => el("td", {}, cellText(cell)))));
  return el("section", {}, el("h3", {}, "All figures"), table(["", ...names], rows),
    el("p", { class: "hint" }, `${MISSING}: could not be measured.`));
}

// "a", "a and b", "a, b and c"
const listed = (names) => [names.slice(0, -1).join(", "), names.at(-1)].filter(Boolean).join(" and ");

function build() {
  const first = report.runs[0];
  const others = report.runs.slice(1).map((run) => run.name);
  const several = report.runs.length > 1;
  const page = document.getElementById("page");
  const beside = comparison();
  const sections = report.runs.map(runSection);
  page.replaceChildren(
    el("p", { class: "brand" }, "Pianissimo"),
    el("h1", {}, first.name, beside ? ` beside ${listed(others)}` : "",
      first.scenario ? ` in the scenario “${first.scenario}”` : ""),
    el("p", { class: "lead" }, unbroken(first.headline)),
    besideEachOther() ?? "",
    several ? "" : facts(first),
    beside?.section ?? "",
    several ? distributions() ?? "" : "",
    ...sections.map(({ section }) => section),
    several ? "" : distributions() ?? "",
    figureTable());
  beside?.start();
  for (const { start } of sections) start();

  let last = page.clientWidth;
  new ResizeObserver(() => {
    if (page.clientWidth === last) return;
    last = page.clientWidth;
    for (const chart of charts) chart?.fit();
  }).observe(page);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change",
    () => charts.forEach((chart) => chart?.show()));
}

build();
