"use strict";
// Panels on one time axis: power, throughput, rate, load.

// uPlot wants one list of times; each series brings its own. Times that a series does not have are
// bridged, values that are missing (null) are gaps.
function joined(...series) {
  const tables = series.filter(Boolean).filter(([times]) => times.length > 0);
  return tables.length > 0 ? uPlot.join(tables) : [[0]];
}

// A level holds until the next one, so the last one needs an end.
function held(series, end) {
  if (!series || series.t.length === 0) return null;
  return [[...series.t, end], [...series.v, series.v.at(-1)]];
}

// Means of a second hold for that second.
function perSecond(values, end, times = values?.map((_, second) => second)) {
  if (!values || !values.some(isNumber)) return null;
  const last = times.at(-1) + 1;
  return [[...times, Math.min(last, Math.max(end, last - 0.5))], [...values, values.at(-1)]];
}

// "MCS 7, 2 streams"; HT counts the streams in the MCS.
function rateName(mcs, nss) {
  if (!isNumber(mcs)) return "";
  const streams = nss ?? Math.floor(mcs / 8) + 1;
  return `MCS ${mcs}${isNumber(nss) ? "" : " (HT)"}, ${streams} stream${streams === 1 ? "" : "s"}`;
}

const stepped = () => uPlot.paths.stepped({ align: 1 });

// A line of a panel: how it is drawn, and how its value reads.
function line(label, tone, width, text, more = {}) {
  return { label, tone, text, width, points: { show: false }, paths: stepped(),
    stroke: () => colour(tone), ...more };
}

function powerPanel(run, station) {
  const tables = [];
  const lines = [];
  const add = (data, description) => {
    if (!data) return;
    tables.push(data);
    lines.push(description);
  };
  add(held(station.ceiling, run.seconds)
    ?? (isNumber(run.ceiling) ? [[0, run.seconds], [run.ceiling, run.ceiling]] : null),
  line("ceiling", "soft", 1.2, dBm, { dash: [7, 5] }));
  add(held(station.enough, run.seconds),
    line("enough for 90 %", "rate", 1.4, dBm, { dash: [2, 3] }));
  add(held(station.level, run.seconds),
    line(station.on_the_air ? "on the air" : "as confirmed", "own", 2.4, dBm));
  if (station.path_loss) {
    add([station.path_loss.t, station.path_loss.v],
      line("path loss", "estimate", 1.2, (v) => `${fixed(v, 1)} dB`,
        { scale: "loss", dash: [9, 3, 2, 3] }));
  }
  const marks = marksOf(run, station);
  const keys = [...new Map(
    marks.map(({ shape, tone, key }) => [key, [shape, tone, key]])).values()];
  return {
    title: "Transmit power", unit: "dBm", height: 270, tables, lines, marks, keys,
    range: (min, max) => [Math.min(0, Math.floor(min)), Math.ceil(max) + 3],
    under: (plot) => drawPhases(plot, station, true),
    over: (plot) => drawMarks(plot, marks),
  };
}

function throughputPanel(run, station, share) {
  const tables = [];
  const lines = [];
  const add = (data, description) => {
    if (!data) return;
    tables.push(data);
    lines.push(description);
  };
  const readings = station.readings;
  if (readings?.expected.some(isNumber)) {
    add([readings.t, readings.expected], line("expected by the kernel", "estimate", 1.2, mbit));
  }
  const baseline = station.baseline_capacity ?? [];
  add(perSecond(baseline, run.seconds),
    line(run.own_truth ? "the channel carries at full power" : "delivered at full power",
      "baseline", 1.8, mbit, { dash: [6, 4] }));
  add(perSecond(station.capacity, run.seconds), line("delivered", "own", 2.4, mbit));
  // Where nothing else tells a throughput, the bytes that somebody counted are it.
  const counted = tables.length === 0
    ? perSecond(station.load?.offered, run.seconds, station.load?.t) : null;
  add(counted, line(`counted by ${station.counted_by}`, "own", 1.8, mbit));
  const lost = (station.judged_capacity ?? station.capacity ?? []).some((value, second) =>
    isNumber(value) && isNumber(baseline[second]) && value < share * baseline[second]);
  return {
    title: "Throughput",
    unit: station.capacity ? "Mbit/s of airtime, means of 1\u00a0s"
      : counted ? "Mbit/s, means of 1\u00a0s" : "Mbit/s",
    isCounted: counted !== null, height: 240, tables, lines,
    marks: [], keys: lost ? [["strip", "harm", `below ${percent(share)} of full power`]] : [],
    range: (min, max) => [0, max * 1.08 || 1],
    under: (plot) => { drawPhases(plot, station, false); drawHarm(plot, station, share); },
  };
}

function ratePanel(run, station) {
  const readings = station.readings;
  const known = readings?.rate.some(isNumber);
  const name = (value, t) => {
    const index = Math.max(0, readings.t.findLastIndex((time) => time <= t));
    const text = rateName(readings.mcs[index], readings.nss[index]);
    return text ? `${mbit(value)}, ${text}` : mbit(value);
  };
  return {
    title: "Bit rate", unit: "Mbit/s, of the last frame sent", height: 170,
    tables: known ? [[readings.t, readings.rate]] : [],
    lines: known ? [line("rate", "rate", 1.4, name)] : [],
    marks: [], keys: [],
    range: (min, max) => [0, max * 1.08 || 1],
    under: (plot) => drawPhases(plot, station, false),
  };
}

function loadPanel(run, station) {
  const { t: times = [], offered = [], utilisation = [] } = station.load ?? {};
  const judged = utilisation.some(isNumber);
  const data = perSecond(judged ? utilisation.map((v) => (isNumber(v) ? 100 * v : v)) : offered,
    run.seconds, times);
  const text = (value, t) => (judged
    ? `${fixed(value, 0)} %, ${mbit(offered[Math.max(0, times.findLastIndex((at) => at <= t))])}`
    : mbit(value));
  return {
    title: "Load",
    unit: `${judged ? "% of what is expected" : "Mbit/s"}, bytes offered in 1\u00a0s`
      + (data ? `, counted by ${station.counted_by}` : ""),
    height: 140, tables: data ? [data] : [], lines: data ? [line("offered", "own", 1.8, text)] : [],
    marks: [], keys: [],
    range: (min, max) => [0, Math.max(judged ? 105 : 0, max * 1.08) || 1],
    under: (plot) => drawPhases(plot, station, false),
  };
}

// A sample of a line or a mark for the key; it takes its colour from the style sheet.
function swatch(kind, tone, dash) {
  const at = { stroke: `var(--${tone})`, fill: "none", "stroke-width": 2.4 };
  const shapes = {
    line: () => svg("path", { d: "M0 6H22", ...at, "stroke-dasharray": (dash ?? []).join(" ") }),
    ring: () => svg("path", { d: "M11 12V7M8 4a3 3 0 1 0 6 0a3 3 0 1 0 -6 0", ...at }),
    full: () => svg("circle", { cx: 11, cy: 6, r: 4, ...at, fill: `var(--${tone})` }),
    up: () => svg("path", { d: "M11 1L16 10H6Z", fill: `var(--${tone})` }),
    down: () => svg("path", { d: "M11 11L16 2H6Z", fill: `var(--${tone})` }),
    square: () => svg("rect", { x: 7, y: 2, width: 8, height: 8, fill: `var(--${tone})` }),
    strip: () => svg("rect", { x: 0, y: 5, width: 22, height: 5, fill: `var(--${tone})` }),
  };
  return svg("svg", { width: 22, height: 12, "aria-hidden": "true" }, shapes[kind]());
}

// The value that holds at the cursor: the newest one that the series has.
function valueAt(plot, index, t) {
  const times = plot.data[0];
  let at = plot.valToIdx(t);
  if (times[at] > t && at > 0) --at;
  while (at > 0 && plot.data[index][at] === undefined) --at;
  return plot.data[index][at];
}

function buildPanel(panel, run, station, syncKey) {
  const compact = innerWidth < 560;
  const values = panel.lines.map(() => el("b"));
  const key = el("ul", { class: "key" },
    ...panel.lines.map((one, index) =>
      el("li", {}, swatch("line", one.tone, one.dash), one.label, values[index])),
    ...panel.keys.map(([shape, tone, label]) => el("li", {}, swatch(shape, tone), label)));
  const tip = el("div", { class: "tip", hidden: "" });
  const holder = el("div");
  const box = el("figure", { class: "panel", style: "margin-inline: 0" },
    el("h4", {}, panel.title, " ", el("span", {}, panel.unit)), key, holder, tip);
  if (panel.tables.length === 0) {
    holder.append(el("p", { class: "hint" }, "Not recorded in this run."));
    return { box, plot: null };
  }

  const follow = (plot) => {
    const { left, top } = plot.cursor;
    const inside = left >= 0;
    const t = inside ? plot.posToVal(left, "x") : NaN;
    panel.lines.forEach((one, index) => {
      const value = inside ? valueAt(plot, index + 1, t) : null;
      values[index].textContent = isNumber(value) ? one.text(value, t) : "";
    });
    const mark = inside && top >= 0 ? markAt(plot, panel.marks, left, top) : null;
    tip.hidden = !mark;
    if (!mark) return;
    tip.replaceChildren(el("b", {}, mark.said),
      el("span", { class: "at" }, `${fixed(mark.t, 2)} s`),
      ...mark.lines.map((text) => el("div", {}, text)));
    const x = plot.over.offsetLeft + plot.valToPos(mark.t, "x");
    const room = holder.clientWidth;
    const y = plot.over.offsetTop + plot.valToPos(mark.level, "y");
    tip.style.top = `${holder.offsetTop + y + 14}px`;
    tip.style.left = x < room / 2 ? `${x + 10}px` : "auto";
    tip.style.right = x < room / 2 ? "auto" : `${room - x + 10}px`;
  };
  const axis = (more) => ({
    stroke: () => colour("soft"), font: "12px system-ui, sans-serif",
    grid: { stroke: () => colour("edge"), width: 1 },
    ticks: { stroke: () => colour("edge"), width: 1 }, ...more,
  });
  const loss = panel.lines.some((one) => one.scale === "loss");
  const plot = new uPlot({
    width: 600, height: compact ? Math.round(panel.height * 0.85) : panel.height,
    // The three time axes lie one above the other, though only one panel has an axis on its right.
    padding: [6, loss ? 0 : station.path_loss ? 44 : 22, 0, 0],
    scales: {
      x: { time: false, range: (_, min, max) => (min === max ? [0, run.seconds] : [min, max]) },
      y: { range: (_, min, max) => panel.range(min ?? 0, max ?? 1) },
    },
    axes: [
      axis({ size: 32, values: (_, ticks) => ticks.map((tick) => `${+tick.toFixed(3)} s`) }),
      axis({ size: compact ? 38 : 50 }),
      ...(loss ? [axis({ scale: "loss", side: 1, size: 44, grid: { show: false } })] : []),
    ],
    series: [{}, ...panel.lines.map(({ tone, text, ...one }) => one)],
    cursor: { y: false, points: { show: false }, drag: { x: true, y: false },
      sync: { key: syncKey, scales: ["x", null] } },
    hooks: {
      drawAxes: [panel.under],
      draw: panel.over ? [panel.over] : [],
      setCursor: [follow],
    },
  }, joined(...panel.tables), holder);
  plot.setScale("x", { min: 0, max: run.seconds });
  return { box, plot };
}

function stationPanels(run, station, share) {
  const throughput = throughputPanel(run, station, share);
  const panels = [powerPanel(run, station), throughput, ratePanel(run, station)];
  return throughput.isCounted ? panels : [...panels, loadPanel(run, station)];
}

// The panels one above the other; the answer resizes them.
function buildCharts(descriptions, run, station, syncKey) {
  const panels = descriptions.map((panel) => buildPanel(panel, run, station, syncKey));
  const box = el("div", { class: "on-screen" }, ...panels.map((panel) => panel.box));
  const fit = (width) => {
    for (const { plot } of panels) {
      if (plot && width > 0) plot.setSize({ width, height: plot.height });
    }
  };
  return { box, fit };
}
