"use strict";
// Elements and words. Text only ever goes in as text: what comes from files is never markup.

function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

function svg(tag, attributes = {}, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

const isNumber = (value) => typeof value === "number";
const MISSING = "–";

function fixed(value, decimals) {
  return isNumber(value) ? value.toFixed(decimals).replace("-", "−") : MISSING;
}
const mbit = (value) => (isNumber(value) ? `${fixed(value, value < 10 ? 2 : 1)} Mbit/s` : MISSING);
const dBm = (value) =>
  isNumber(value) ? `${fixed(value, Number.isInteger(value) ? 0 : 1)} dBm` : MISSING;
const percent = (share, decimals = 0) =>
  isNumber(share) ? `${fixed(100 * share, decimals)} %` : MISSING;

// A colour of the style sheet, for the canvas.
function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

// What a decision means, for a reader who has not read the program.
const REASONS = {
  start: "A domain begins",
  station_joined: "A station joined: begin anew",
  box_changed: "The limits moved: begin anew",
  single_level: "One level only: nothing to decide",
  step_down: "Nobody lost: one level down",
  throughput_fell: "Throughput fell: one level up, and hold",
  floor_reached: "Lowest level reached: hold",
  visit: "Visit to the ceiling begins",
  visit_over: "Visit is over",
  visit_passed: "Visit passed: go on",
  visit_failed: "Visit failed: the ceiling is better, start anew",
  visit_inconclusive: "Visit without a result",
  idle: "Nobody active: nothing to measure",
  no_estimate: "No estimate: nothing to judge",
  fixed: "The operator's fixed level",
  knob_refused: "The kernel refused this level",
  knob_clamped: "The kernel set less than asked",
};
const reasonText = (reason) => REASONS[reason] ?? String(reason).replaceAll("_", " ");

// The numbers behind a decision, as lines.
function evidenceLines(evidence) {
  const lines = [];
  if (isNumber(evidence.observed)) {
    let text = `${mbit(evidence.observed)} expected`;
    if (isNumber(evidence.reference)) {
      text += `, compared with ${mbit(evidence.reference)}`;
      const share = evidence.observed / evidence.reference;
      if (evidence.reference > 0) text += ` (${percent(share, 1)})`;
    }
    lines.push(text);
  }
  if (isNumber(evidence.keep)) lines.push(`needs ${percent(evidence.keep)}`);
  if (isNumber(evidence.load)) lines.push(`load ${evidence.load} % of what is expected`);
  if (evidence.station) lines.push(`station ${evidence.station}`);
  if (evidence.errno) lines.push(`errno ${evidence.errno}`);
  return lines;
}

function table(head, rows, attributes = {}) {
  return el("div", { class: "scroll" },
    el("table", attributes,
      el("thead", {}, el("tr", {}, ...head.map((text) => el("th", { scope: "col" }, text)))),
      el("tbody", {}, ...rows)));
}
