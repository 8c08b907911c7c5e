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

function table(head, rows, attributes = {}) {
  return el("div", { class: "scroll" },
    el("table", attributes,
      el("thead", {}, el("tr", {}, ...head.map((text) => el("th", { scope: "col" }, text)))),
      el("tbody", {}, ...rows)));
}
