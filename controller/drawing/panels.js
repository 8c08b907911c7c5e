"use strict";
// Panels on one time axis: lines, marks over them, and the key with the values at the cursor.
//
// A panel is { title, unit, height, tables, lines, marks, keys, range(min, max), under(plot),
// over(plot) }: a table of times and values for each line. The axis is { start, end, text(t),
// tick(t), steps, right, zooms, resting() }: times in words, what may lie between two ticks (if not
// anything), the room at the right (pixels), whether a stretch of it can be enlarged, and the time
// whose values are shown when nobody points.

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

// A sample of a line or a mark for the key; it takes its colour from the style sheet.
function swatch(kind, tone, dash) {
  const at = { stroke: `var(--${tone})`, fill: "none", "stroke-width": 2.4 };
  const shapes = {
    line: () => svg("path", { d: "M0 6H22", ...at, "stroke-dasharray": (dash ?? []).join(" ") }),
    ring: () => svg("path", { d: "M11 12V7M8 4a3 3 0 1 0 6 0a3 3 0 1 0 -6 0", ...at }),
    full: () => svg("circle", { cx: 11, cy: 6, r: 4, ...at, fill: `var(--${tone})` }),
    up: () => svg("path", { d: "M11 1L16 10H6Z", fill: `var(--${tone})` }),
    down: () => svg("path", { d: "M11 11L16 2H6Z", fill: `var(--${tone})` }),
    lozenge: () => svg("path", { d: "M11 1L16 6L11 11L6 6Z", ...at }),
    diamond: () => svg("path", { d: "M11 1L16 6L11 11L6 6Z", fill: `var(--${tone})` }),
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

function buildPanel(panel, axis, syncKey) {
  const compact = innerWidth < 560;
  const values = panel.lines.map(() => el("b"));
  const key = el("ul", { class: "key" },
    ...panel.lines.map((one, index) =>
      el("li", {}, swatch("line", one.tone, one.dash), one.label, values[index])),
    ...panel.keys.map(([shape, tone, label]) => el("li", {}, swatch(shape, tone), label)));
  const tip = el("div", { class: "tip", hidden: "" });
  const holder = el("div");
  const box = el("figure", { class: "panel" },
    el("h4", {}, panel.title, " ", el("span", {}, panel.unit)), key, holder, tip);
  if (panel.tables.length === 0) {
    holder.append(el("p", { class: "hint" }, "Not recorded in this run."));
    return { box, plot: null, renew: () => {} };
  }

  const follow = (plot) => {
    const { left, top } = plot.cursor;
    const inside = left >= 0;
    const t = inside ? plot.posToVal(left, "x") : axis.resting();
    panel.lines.forEach((one, index) => {
      const value = Number.isNaN(t) ? null : valueAt(plot, index + 1, t);
      values[index].textContent = isNumber(value) ? one.text(value, t) : "";
    });
    const mark = inside && top >= 0 ? markAt(plot, panel.marks, left, top) : null;
    tip.hidden = !mark;
    if (!mark) return;
    tip.replaceChildren(el("b", {}, mark.said),
      el("span", { class: "at" }, axis.text(mark.t)),
      ...mark.lines.map((text) => el("div", {}, text)));
    const x = plot.over.offsetLeft + plot.valToPos(mark.t, "x");
    const room = holder.clientWidth;
    const y = plot.over.offsetTop + plot.valToPos(mark.level, "y");
    tip.style.top = `${holder.offsetTop + y + 14}px`;
    tip.style.left = x < room / 2 ? `${x + 10}px` : "auto";
    tip.style.right = x < room / 2 ? "auto" : `${room - x + 10}px`;
  };
  const ruler = (more) => ({
    stroke: () => colour("soft"), font: "12px system-ui, sans-serif",
    grid: { stroke: () => colour("edge"), width: 1 },
    ticks: { stroke: () => colour("edge"), width: 1 }, ...more,
  });
  const loss = panel.lines.some((one) => one.scale === "loss");
  const plot = new uPlot({
    width: 600, height: compact ? Math.round(panel.height * 0.85) : panel.height,
    // The three time axes lie one above the other, though only one panel has an axis on its right.
    padding: [6, loss ? 0 : axis.right, 0, 0],
    scales: {
      x: { time: false, range: (_, min, max) => (min === max ? [axis.start, axis.end] : [min, max]) },
      y: { range: (_, min, max) => panel.range(min ?? 0, max ?? 1) },
    },
    axes: [
      ruler({ size: 32, values: (_, ticks) => ticks.map(axis.tick),
        ...(axis.steps ? { incrs: axis.steps, space: 72 } : {}) }),
      ruler({ size: compact ? 38 : 50 }),
      ...(loss ? [ruler({ scale: "loss", side: 1, size: 44, grid: { show: false } })] : []),
    ],
    series: [{}, ...panel.lines.map(({ tone, text, ...one }) => one)],
    cursor: { y: false, points: { show: false }, drag: { x: axis.zooms, y: false },
      sync: { key: syncKey, scales: ["x", null] } },
    hooks: {
      drawAxes: [panel.under],
      draw: panel.over ? [panel.over] : [],
      setCursor: [follow],
    },
  }, joined(...panel.tables), holder);
  // Other data, and the axis as it is by now.
  const renew = (tables) => {
    plot.setData(joined(...tables), false);
    plot.setScale("x", { min: axis.start, max: axis.end });
    follow(plot);
  };
  plot.setScale("x", { min: axis.start, max: axis.end });
  return { box, plot, renew };
}

// The panels one above the other; the answer resizes them, and has each.
function buildCharts(descriptions, axis, syncKey) {
  const panels = descriptions.map((panel) => buildPanel(panel, axis, syncKey));
  const box = el("div", { class: "on-screen" }, ...panels.map((panel) => panel.box));
  const fit = (width) => {
    for (const { plot } of panels) {
      if (plot && width > 0) plot.setSize({ width, height: plot.height });
    }
  };
  return { box, fit, panels };
}
