"use strict";
// Several runs beside each other: their power and throughput on one time axis, and their drawings.

// As the drawings have them (palette.hpp): colour and dash of the run with this number.
const RUN_STYLES = [["own", []], ["harm", [8, 3]], ["rate", [2, 2.5]], ["estimate", [10, 3, 2, 3]],
  ["ink", [4, 2]]];
const runStyle = (index) => RUN_STYLES[index % RUN_STYLES.length];

function comparisonPanels(runs, mac, baseline) {
  const power = { tables: [], lines: [] };
  const throughput = { tables: [], lines: [] };
  const add = (panel, data, description) => {
    if (!data) return;
    panel.tables.push(data);
    panel.lines.push(description);
  };
  let full = null;
  runs.forEach((run, index) => {
    const station = run.stations.find((one) => one.mac === mac);
    if (!station) return;
    const [tone, dash] = runStyle(index);
    add(power, held(station.level, run.seconds), line(run.name, tone, 2, dBm, { dash }));
    const delivered = perSecond(station.capacity, run.seconds);
    const readings = station.readings;
    if (delivered) {
      add(throughput, delivered, line(run.name, tone, 2, mbit, { dash }));
    } else if (readings?.expected.some(isNumber)) {
      add(throughput, [readings.t, readings.expected],
        line(`${run.name}, expected`, tone, 1.4, mbit, { dash }));
    } else {
      add(throughput, perSecond(station.load?.offered, run.seconds, station.load?.t),
        line(`${run.name}, counted by ${station.counted_by}`, tone, 1.4, mbit, { dash }));
    }
    full ??= perSecond(station.baseline_capacity, run.seconds);
  });
  add(throughput, full,
    line(baseline ? `${baseline.name} (baseline)` : "the channel carries at full power", "baseline", 1.8, mbit, { dash: [6, 4] }));
  const common = { marks: [], keys: [], under: () => {} };
  return [
    { title: "Transmit power", unit: "dBm, without the visits", height: 240, ...power, ...common,
      range: (min, max) => [Math.min(0, Math.floor(min)), Math.ceil(max) + 2] },
    { title: "Throughput", unit: "Mbit/s of airtime, means of 1 s", height: 240, ...throughput,
      ...common, range: (min, max) => [0, max * 1.08 || 1] },
  ];
}

// The drawings that a test chooses, taken from where the program left them.
function takeDrawings(wanted) {
  return [...document.querySelectorAll("#drawings > .drawing")].filter((one) =>
    wanted(one.dataset));
}

// What belongs to another station than the chosen one is seen on paper only.
function chooseStation(box, mac) {
  for (const one of box.querySelectorAll("[data-station]")) {
    one.classList.toggle("other", one.dataset.station !== "" && one.dataset.station !== mac);
  }
  for (const choice of box.querySelectorAll(".station select")) choice.value = mac;
}

// A heading over drawings that stand beside each other where there is room; null without any.
function gallery(title, drawings, nameOf = () => null) {
  if (drawings.length === 0) return null;
  for (const drawing of drawings) {
    const name = nameOf(drawing.dataset);
    if (name) drawing.prepend(el("h4", {}, name));
  }
  return el("section", { class: "gallery" }, el("h3", {}, title),
    el("div", { class: "drawings" }, ...drawings));
}

// On paper: the time drawings of every station, since the panels show but one.
const paperDrawings = (drawings) => el("div", { class: "on-paper" }, ...drawings);

function stationChooser(macs, show, first = macs[0]) {
  if (macs.length < 2) return null;
  const choose = el("select", {}, ...macs.map((mac) => el("option", {}, mac)));
  choose.selectedIndex = macs.indexOf(first);
  choose.addEventListener("change", () => show(macs[choose.selectedIndex]));
  return el("label", { class: "station on-screen" }, "Station ", choose);
}
