// The page: events come, are remembered and shown. Everything goes in as text.

const MOST_LINES = 60;
const MOST_RECENT = 300;
const MOST_ROWS = 100;
const SILENCE = 4000;  // milliseconds after which nobody is believed to be there

const memories = new Map();  // by interface
let lanes = null;
let status = null;
let interfaceName = null;
let stationName = null;
let heard = null;            // performance.now()
let lostSince = null;        // wall clock; null: connected
const told = new Set();      // decisions, so that none stands here twice after a reconnect

const byId = (id) => document.getElementById(id);
const chosenInterface = () => status?.interfaces.find(({ name }) => name === interfaceName);

function memoryOf(name) {
  if (!memories.has(name)) memories.set(name, new Memory());
  return memories.get(name);
}

// "wlan0", "phy0" or "wlan0 02:00:00:00:00:01"
function concerns(knob, interface_) {
  return knob === interface_.name || knob === `phy${interface_.wiphy}`
    || knob === `${interface_.name} ${stationName}`;
}

function card(name, value, more, kind = "") {
  return el("div", { class: `card ${kind}` }, el("div", { class: "name" }, name),
    el("div", { class: "value" }, value), el("div", { class: "more" }, more));
}

function showCards(interface_) {
  const below = interface_.ceiling_dbm - interface_.power_dbm;
  const busy = interface_.stations.filter(({ bytes }) => bytes > 0).length;
  const effect = { true: ["✓ verified", "nothing speaks against it", "good"],
    false: ["▼ not verified", "the power changes nothing at the stations", "bad"] };
  const [words, why, kind] = effect[interface_.effect_verified]
    ?? ["not tested", "the law in force does not test it", ""];
  byId("cards").replaceChildren(
    card("Power", dBm(interface_.power_dbm),
      isNumber(interface_.ceiling_dbm) ? `${fixed(below, 0)} dB below the ceiling` : ""),
    card("Power effect", words, why, kind),
    card("Stations", String(interface_.stations.length), `${busy} with traffic`),
    card("Law", status.policy, status.dry_run ? "dry run: no power is written"
      : status.mode === "recommend" ? "recommends: goes down as far as is approved"
        : `${interface_.frequency_mhz} MHz, ${interface_.width_mhz} MHz wide`));
}

function remarksOf(interface_) {
  const remarks = [];
  const { hold, ceiling, approved } = interface_.operator ?? {};
  const { proposal, window_open, file_ceiling_dbm } = interface_.leave ?? {};
  // The daemon's clock and the wall clock at the same moment.
  const wall = (t_ns) => clock(status.wall_ms / 1000 + (t_ns - status.t_ns) / 1e9);
  if (hold) {
    const until = hold.until_t_ns ? `until ${wall(hold.until_t_ns)}` : "until somebody resumes";
    remarks.push(`An operator (user ${hold.by.uid}) holds the power since `
      + `${wall(hold.since_t_ns)}, ${until}.`);
  }
  if (ceiling) {
    remarks.push(`An operator (user ${ceiling.by.uid}) allows at most ${dBm(ceiling.dbm)} since `
      + `${wall(ceiling.since_t_ns)}.`);
  }
  if (approved) {
    remarks.push(`An operator (user ${approved.by.uid}) lets the power go down to `
      + `${dBm(approved.dbm)} since ${wall(approved.since_t_ns)}.`);
  }
  if (proposal) remarks.push(`Proposed, until ${wall(proposal.until_t_ns)}: ${proposal.words}`);
  if (window_open === false) remarks.push("Outside the change window: the power only goes up.");
  if (isNumber(file_ceiling_dbm)) {
    remarks.push(`An external controller allows at most ${dBm(file_ceiling_dbm)}.`);
  }
  if (status.ceiling_file_trouble) remarks.push(status.ceiling_file_trouble);
  if (interface_.others_set) {
    remarks.push(`Set by somebody else: ${interface_.others_set.words}, at `
      + `${wall(interface_.others_set.t_ns)}.`);
  }
  for (const { name, why } of status.not_driven) remarks.push(`${name} is not driven: ${why}`);
  return remarks;
}

function showRemarks(remarks) {
  const list = byId("remarks");
  if ([...list.children].map((one) => one.textContent).join("\n") === remarks.join("\n")) return;
  list.replaceChildren(...remarks.map((text) => el("li", {}, text)));
  list.hidden = remarks.length === 0;
}

// Rows stay, so that the keyboard stays where it is.
const rows = new Map();
const stationRows = el("tbody");
const moreStations = el("p", { class: "hint" });

function buildStations() {
  const scroll = table(["Station", "Signal, dBm", "Expected", "Sent", "Load", "Bit rate"], []);
  scroll.tabIndex = 0;
  scroll.setAttribute("role", "region");
  scroll.setAttribute("aria-label", "Table of stations");
  scroll.querySelector("tbody").replaceWith(stationRows);
  byId("stations").replaceChildren(scroll, moreStations);
}

function rowOf(mac) {
  const known = rows.get(mac);
  if (known) return known;
  const button = el("button", { type: "button" }, mac);
  button.addEventListener("click", () => { stationName = mac; show(); });
  const cells = Array.from({ length: 5 }, () => el("td"));
  const made = { button, cells, row: el("tr", {}, el("th", { scope: "row" }, button), ...cells) };
  rows.set(mac, made);
  return made;
}

function showStations(interface_, memory) {
  const now = memory.samples.at(-1).stations;
  const shown = interface_.stations.slice(0, MOST_ROWS);
  const present = new Set(shown.map(({ station }) => station));
  for (const [mac, { row }] of rows) {
    if (!present.has(mac)) { row.remove(); rows.delete(mac); }
  }
  shown.forEach((one, index) => {
    const { row, cells, button } = rowOf(one.station);
    const seen = now.get(one.station);
    const texts = [fixed(one.signal_dbm, 0), mbit(seen.expected), mbit(seen.sent),
      isNumber(one.utilisation_percent) ? `${one.utilisation_percent} %` : MISSING,
      seen.words ? `${mbit(seen.rate)}, ${seen.words}` : mbit(seen.rate)];
    texts.forEach((text, cell) => { cells[cell].textContent = text; });
    row.classList.toggle("chosen", one.station === stationName);
    button.setAttribute("aria-pressed", String(one.station === stationName));
    if (stationRows.children[index] !== row) stationRows.insertBefore(row, stationRows.children[index] ?? null);
  });
  const hidden = interface_.stations.length - shown.length;
  moreStations.textContent = interface_.stations.length === 0 ? "No station is here."
    : hidden > 0 ? `and ${hidden} more`
      : "The lanes above show the chosen station's throughput and bit rate.";
}

function chooseInterface() {
  const names = status.interfaces.map(({ name }) => name);
  const label = byId("interfaces");
  const select = label.querySelector("select");
  if ([...select.options].map(({ value }) => value).join("\n") !== names.join("\n")) {
    select.replaceChildren(...names.map((name) => el("option", {}, name)));
    label.hidden = names.length < 2;
  }
  if (!names.includes(interfaceName)) interfaceName = names[0] ?? null;
  select.selectedIndex = names.indexOf(interfaceName);
}

function chooseStation(interface_) {
  if (interface_.stations.some(({ station }) => station === stationName)) return;
  const busiest = [...interface_.stations].sort((a, b) => (b.bytes ?? 0) - (a.bytes ?? 0));
  stationName = busiest[0]?.station ?? null;
}

function show() {
  chooseInterface();
  const interface_ = chosenInterface();
  const title = interface_ ? `Transmit power of ${interface_.name}` : "No interface is driven";
  if (byId("title").textContent !== title) byId("title").textContent = title;
  document.title = interface_ ? `${dBm(interface_.power_dbm)}, ${interface_.name} - Pianissimo`
    : "Pianissimo";
  if (!interface_) {
    byId("why").textContent = "";
    byId("cards").replaceChildren();
    return showRemarks(status.not_driven.map(({ name, why }) => `${name} is not driven: ${why}`));
  }
  chooseStation(interface_);
  const memory = memoryOf(interface_.name);
  byId("why").textContent = interface_.why ?? "";
  showCards(interface_);
  showRemarks(remarksOf(interface_));
  const approval = byId("approval");
  if (approval) approval.hidden = status.mode !== "recommend";
  showStations(interface_, memory);
  lanes ??= new Lanes(byId("lanes"));
  lanes.show(memory, status.wall_ms / 1000, stationName);
}

function showDecision(decision) {
  const ticker = byId("ticker");
  const stays = dBm(decision.from_dbm) === dBm(decision.to_dbm);
  ticker.prepend(el("li", { "data-visit": decision.look.visit },
    swatch(decision.look.shape, decision.look.tone),
    el("span", { class: "at" }, clock(decision.wall_ms / 1000)),
    el("span", { class: "step" }, stays ? dBm(decision.to_dbm)
      : `${fixed(decision.from_dbm, 0)} → ${dBm(decision.to_dbm)}`),
    el("span", { class: "said" }, decision.sentence, " ", el("small", {}, decision.knob))));
  while (ticker.children.length > MOST_LINES) ticker.lastChild.remove();
}

const recent = [];   // decisions
const pending = [];  // those that came before any status

function isShown({ look }) { return look.visit === "" || byId("visits").checked; }

function takeDecision(decision) {
  recent.push(decision);
  if (recent.length > MOST_RECENT) recent.shift();
  if (isShown(decision)) showDecision(decision);
  for (const interface_ of status.interfaces) {
    if (concerns(decision.knob, interface_)) memoryOf(interface_.name).decide(decision);
  }
}

function onDecision(decision) {
  const id = `${decision.t_ns} ${decision.knob} ${decision.reason}`;
  if (told.has(id)) return;
  told.add(id);
  if (told.size > MOST_RECENT) told.delete(told.values().next().value);
  if (status) takeDecision(decision);
  else pending.push(decision);
}

function onStatus(next) {
  const isFirst = !status;
  status = next;
  if (isFirst) {
    chooseInterface();
    const interface_ = chosenInterface();
    if (interface_) chooseStation(interface_);
    for (const decision of pending.splice(0)) takeDecision(decision);
    byId("ticker").setAttribute("aria-live", "polite");
  }
  const t = next.wall_ms / 1000;
  for (const interface_ of next.interfaces) {
    memoryOf(interface_.name).see(t, interface_, next.interval_ms);
  }
  for (const name of [...memories.keys()]) {
    if (!next.interfaces.some((one) => one.name === name)) memories.delete(name);
  }
  show();
}

function connected() {
  heard = performance.now();
  if (lostSince === null && byId("link").classList.contains("live")) return;
  lostSince = null;
  byId("link").className = "live";
  byId("link").textContent = "Live";
  document.body.classList.remove("lost");
  byId("lanes").classList.remove("lost-data");
}

function lost() {
  if (lostSince !== null) return;
  lostSince = Date.now();
  byId("link").className = "lost";
  byId("link").textContent = `Not connected since ${clock(lostSince / 1000)}. Trying again.`;
  byId("lanes").classList.add("lost-data");
  // What comes later is not joined to what was before.
  for (const memory of memories.values()) memory.see(status.wall_ms / 1000 + 0.001, null, 0);
}

function connect() {
  const source = new EventSource("events");
  const on = (name, act) => source.addEventListener(name, (event) => {
    connected();
    act(JSON.parse(event.data));
  });
  on("about", ({ control }) => {
    const place = byId("control");
    if (control && place.children.length === 1) buildControl(place, () => interfaceName);
    place.hidden = !control;
  });
  on("decision", onDecision);
  on("status", onStatus);
  source.addEventListener("error", () => {
    lost();
    // It tries again by itself, unless the answer was no stream.
    if (source.readyState === EventSource.CLOSED) setTimeout(connect, 3000);
  });
}

byId("interfaces").querySelector("select").addEventListener("change", (event) => {
  interfaceName = event.target.value;
  stationName = null;
  show();
});
byId("visits").addEventListener("change", () => {
  byId("ticker").replaceChildren();
  for (const decision of recent.filter(isShown)) showDecision(decision);
});
setInterval(() => {
  if (heard !== null && performance.now() - heard > SILENCE) lost();
}, 1000);
buildStations();
connect();
