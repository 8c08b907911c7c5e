// What is remembered of an interface, and its lanes: power with floor, ceiling and visits;
// throughput and bit rate of one station.

const SPAN = 300;  // seconds that are shown
const MOST_MARKS = 400;

const clock = (t) => new Date(1000 * t).toLocaleTimeString("en-GB");

// Samples, levels and marks of the last SPAN seconds.
class Memory {
  constructor() {
    this.samples = [];
    this.levels = [];
    this.marks = [];
    this.visit = null;  // under way
  }

  // An interface of a status; null: from here on nothing is known.
  see(t, interface_, interval) {
    const stations = new Map();
    for (const one of interface_?.stations ?? []) {
      stations.set(one.station, {
        sent: interval > 0 && isNumber(one.bytes) ? 8 * one.bytes / interval / 1000 : null,
        expected: isNumber(one.expected_bps) ? one.expected_bps / 1e6 : null,
        rate: isNumber(one.rate_bps) ? one.rate_bps / 1e6 : null,
        words: rateName(one.mcs, one.nss),
      });
    }
    this.samples.push({ t, stations, floor: interface_?.floor_dbm ?? null,
      ceiling: interface_?.ceiling_dbm ?? null });
    if (!interface_) this.visit = null;
    if (!this.visit) this.levels.push({ t, level: interface_?.power_dbm ?? null });
    this.forget(t - SPAN);
  }

  decide(decision) {
    const { look } = decision;
    const t = decision.wall_ms / 1000;
    const steps = `from ${dBm(decision.from_dbm)} to ${dBm(decision.to_dbm)}`;
    const mark = { ...look, t, level: decision.to_dbm, said: decision.sentence, lines: [steps] };
    if (look.visit === "begin") {
      this.visit = { ...mark, foot: decision.from_dbm };
      this.marks.push(this.visit);
    } else if (look.visit === "end") {
      if (this.visit) {
        this.visit.ms = 1000 * (t - this.visit.t);
        this.visit.lines.push(`for ${fixed(this.visit.ms, 0)} ms`);
      }
      this.visit = null;
    } else if (look.visit === "failed") {
      const last = this.marks.findLast((one) => one.foot !== undefined);
      if (last) Object.assign(last, { shape: look.shape, tone: look.tone, key: look.key,
        said: decision.sentence });
      this.levels.push({ t, level: decision.to_dbm });
    } else if (look.visit === "") {
      this.visit = null;
      this.marks.push(mark);
      this.levels.push({ t, level: decision.to_dbm });
    }
    this.forget(t - SPAN);
  }

  forget(before) {
    const old = ({ t }) => t < before;
    while (this.samples.length > 0 && old(this.samples[0])) this.samples.shift();
    // The level that held at the beginning stays.
    while (this.levels.length > 1 && old(this.levels[1])) this.levels.shift();
    while (this.marks.length > 0 && (old(this.marks[0]) || this.marks.length > MOST_MARKS)) {
      this.marks.shift();
    }
  }
}

// A table for a line; a line without any value still has its axis.
function lineTable(samples, value, end) {
  if (samples.length === 0) return [[end], [null]];
  return [samples.map(({ t }) => t), samples.map(value)];
}

class Lanes {
  constructor(place) {
    this.place = place;
    this.axis = { start: 0, end: SPAN, right: 22, zooms: false, text: clock,
      tick: (t) => (t % 60 === 0 ? clock(t).slice(0, 5) : clock(t)),
      steps: [10, 30, 60, 120, 300], resting: () => this.axis.end };
    this.marks = [];
    const common = { tables: [[[0], [null]]], marks: this.marks, under: () => {} };
    const positive = (min, max) => [0, max * 1.08 || 1];
    const name = (value, t) => {
      const words = this.samples?.findLast((one) => one.t <= t)?.stations.get(this.mac)?.words;
      return words ? `${mbit(value)}, ${words}` : mbit(value);
    };
    this.panels = [
      { ...common, title: "Transmit power", unit: "dBm", height: 230,
        lines: [line("ceiling", "soft", 1.2, dBm, { dash: [7, 5] }),
          line("floor", "soft", 1.2, dBm, { dash: [2, 4] }), line("power", "own", 2.4, dBm)],
        keys: [["down", "own", "less"], ["up", "own", "more"], ["up", "harm", "more, after a loss"],
          ["ring", "visit", "visit"]],
        range: (min, max) => [Math.min(0, Math.floor(min)), Math.ceil(max) + 2],
        over: (plot) => drawMarks(plot, this.marks) },
      { ...common, title: "Throughput", unit: "Mbit/s", height: 180, marks: [], keys: [],
        lines: [line("expected by the kernel", "estimate", 1.2, mbit, { dash: [6, 4] }),
          line("sent", "own", 2.4, mbit)], range: positive },
      { ...common, title: "Bit rate", unit: "Mbit/s, of the last frame sent", height: 140,
        marks: [], keys: [], lines: [line("rate", "rate", 1.8, name)], range: positive },
    ];
    for (const panel of this.panels) panel.tables = panel.lines.map(() => [[0], [null]]);
    this.charts = buildCharts(this.panels, this.axis, "live");
    place.replaceChildren(this.charts.box);
    new ResizeObserver(() => this.charts.fit(place.clientWidth)).observe(place);
  }

  // Draws an interface's memory up to a time, with one of its stations.
  show(memory, end, mac) {
    this.axis.end = end;
    this.axis.start = end - SPAN;
    this.mac = mac;
    this.samples = memory.samples;
    this.marks.splice(0, Infinity, ...memory.marks);
    const levels = memory.levels.map(({ t, level }) => ({ t: Math.max(t, this.axis.start), level }));
    if (levels.length > 0) levels.push({ t: end, level: levels.at(-1).level });
    const of = (key) => lineTable(memory.samples, (one) => one.stations.get(mac)?.[key] ?? null, end);
    const [power, throughput, rate] = this.charts.panels;
    power.renew([lineTable(memory.samples, (one) => one.ceiling, end),
      lineTable(memory.samples, (one) => one.floor, end),
      lineTable(levels, (one) => one.level, end)]);
    throughput.renew([of("expected"), of("sent")]);
    rate.renew([of("rate")]);
  }
}
