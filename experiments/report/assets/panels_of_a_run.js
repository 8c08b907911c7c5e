"use strict";
// What is shown of one station of a run: power, throughput, rate, load; phases of path loss, visits
// and decisions.

// { t, level, shape, tone, key, said, lines } of everything that can be pointed at, of the knob
// that sets this station's power. What each reason looks like is in the report's data.
function marksOf(run, station) {
  const marks = [];
  const concerns = ({ knob }) => station.knob === undefined || knob === station.knob;
  const looks = ({ reason }) => report.reasons[reason];
  for (const visit of (run.visits ?? []).filter(concerns)) {
    const lines = [`from ${dBm(visit.level)} to ${dBm(visit.ceiling)}`];
    lines.push(isNumber(visit.ms) ? `for ${fixed(visit.ms, 1)} ms` : "length not measured");
    if (visit.interrupted) lines.push("interrupted");
    marks.push({ ...looks(visit), t: visit.t, level: visit.ceiling, foot: visit.level,
      ms: visit.ms, said: visit.said, lines });
  }
  for (const decision of (run.decisions ?? []).filter(concerns)) {
    // Visits are drawn as such; their decisions would hide everything else.
    if (looks(decision).of_a_visit) continue;
    marks.push({ ...looks(decision), t: decision.t, level: decision.to, said: decision.said,
      lines: [`from ${dBm(decision.from)} to ${dBm(decision.to)}`] });
  }
  return marks;
}

// Bands of equal path loss, with their names where there is room.
function drawPhases(plot, station, named) {
  const { ctx: context, bbox: box } = plot;
  const ratio = uPlot.pxRatio;
  context.save();
  context.beginPath();
  context.rect(box.left, box.top, box.width, box.height);
  context.clip();
  context.font = `${12 * ratio}px system-ui, sans-serif`;
  context.textBaseline = "top";
  context.textAlign = "left";
  (station.in_steps ? station.phases ?? [] : []).forEach((phase, index) => {
    for (const [start, end] of phase.spans) {
      const left = plot.valToPos(start, "x", true);
      const right = plot.valToPos(end, "x", true);
      if (index % 2 === 1) {
        context.fillStyle = colour("shade");
        context.fillRect(left, box.top, right - left, box.height);
      }
      const whole = `path loss ${phase.path_loss}`;
      const seen = Math.min(right, box.left + box.width) - Math.max(left, box.left);
      const fits = (text) => context.measureText(text).width + 12 * ratio < seen;
      const text = [whole, phase.path_loss].find(fits);
      if (!named || !text) continue;
      context.fillStyle = colour("soft");
      context.fillText(text, Math.max(left, box.left) + 6 * ratio, box.top + 5 * ratio);
    }
  });
  context.restore();
}

// Seconds in which the run had too little, as a strip at the panel's foot.
function drawHarm(plot, station, share) {
  const own = station.judged_capacity ?? station.capacity ?? [];
  const baseline = station.baseline_capacity ?? [];
  const { ctx: context, bbox: box } = plot;
  const height = 6 * uPlot.pxRatio;
  context.save();
  context.beginPath();
  context.rect(box.left, box.top, box.width, box.height);
  context.clip();
  context.fillStyle = colour("harm");
  own.forEach((value, second) => {
    const known = isNumber(value) && isNumber(baseline[second]);
    if (!known || value >= share * baseline[second]) return;
    const left = plot.valToPos(second, "x", true);
    const right = plot.valToPos(second + 1, "x", true);
    context.globalAlpha = 0.1;
    context.fillRect(left, box.top, right - left, box.height);
    context.globalAlpha = 1;
    context.fillRect(left, box.top + box.height - height, right - left, height);
  });
  context.restore();
}

// Means of a second hold for that second.
function perSecond(values, end, times = values?.map((_, second) => second)) {
  if (!values || !values.some(isNumber)) return null;
  const last = times.at(-1) + 1;
  return [[...times, Math.min(last, Math.max(end, last - 0.5))], [...values, values.at(-1)]];
}

// The lines of a panel, each with its table. A line without data is left out.
function emptyPlot() {
  const tables = [];
  const lines = [];
  return {
    tables, lines,
    add(data, description) {
      if (!data) return;
      tables.push(data);
      lines.push(description);
    },
  };
}

function powerPanel(run, station) {
  const { tables, lines, add } = emptyPlot();
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
  const { tables, lines, add } = emptyPlot();
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

// Stations with a path loss have one more axis at the right; the others leave its room.
function runAxis(run, station) {
  return { start: 0, end: run.seconds, right: station.path_loss ? 44 : 22, zooms: true,
    text: (t) => `${fixed(t, 2)} s`, tick: (t) => `${+t.toFixed(3)} s`, resting: () => NaN };
}

function stationPanels(run, station, share) {
  const throughput = throughputPanel(run, station, share);
  const panels = [powerPanel(run, station), throughput, ratePanel(run, station)];
  return throughput.isCounted ? panels : [...panels, loadPanel(run, station)];
}
