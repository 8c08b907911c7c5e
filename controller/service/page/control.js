// Hold, resume, ceiling and approval, where the daemon allows them to who has its token. The token stays in
// this tab.

const HOLDS = [["until resumed", null], ["for 10 minutes", 600], ["for 30 minutes", 1800],
  ["for 2 hours", 7200], ["for a day", 86400]];

// What the daemon answered, in words.
function answerText(answer) {
  if (!answer.ok) return `Refused: ${answer.error}`;
  const now = answer.interfaces.map((one) => `${one.name}: ${dBm(one.power_dbm)} now`).join("; ");
  return answer.note ? `${now}. ${answer.note}` : `${now}.`;
}

const HTTP_TEXT = { 403: "The token is wrong, or this page is not the daemon's own.",
  404: "The daemon does not allow control over HTTP any more.",
  429: "Too fast: try again.", 503: "The daemon has no room: try again." };

// `chosen` says which interface is meant.
function buildControl(place, chosen) {
  const token = el("input", { class: "token", autocomplete: "off", spellcheck: "false",
    maxlength: "64", "aria-describedby": "token-hint" });
  token.value = sessionStorage.getItem("token") ?? "";
  const length = el("select", { "aria-label": "How long" },
    ...HOLDS.map(([text]) => el("option", {}, text)));
  const level = el("input", { type: "number", min: "0", max: "36", step: "1", value: "14",
    "aria-label": "Ceiling, dBm" });
  const answer = el("p", { id: "answer", role: "status" });

  const ask = async (request) => {
    sessionStorage.setItem("token", token.value.trim());
    answer.textContent = "Asking ...";
    try {
      const response = await fetch("control", {
        method: "POST", cache: "no-store", credentials: "omit", redirect: "error",
        headers: { "Content-Type": "application/json", "X-Pianissimo-Token": token.value.trim() },
        body: JSON.stringify({ v: 1, ...request, interface: chosen() }),
      });
      answer.textContent = response.ok ? answerText(await response.json())
        : HTTP_TEXT[response.status] ?? `The daemon refused it (${response.status}).`;
    } catch {
      answer.textContent = "The daemon does not answer.";
    }
  };
  const button = (text, request) => {
    const made = el("button", { type: "button" }, text);
    made.addEventListener("click", () => ask(request()));
    return made;
  };
  const hold = () => {
    const seconds = HOLDS[length.selectedIndex][1];
    return { do: "hold", ...(seconds ? { for_s: seconds } : {}) };
  };
  place.append(el("div", { class: "steer" },
    el("div", {}, button("Hold the power", hold), length),
    el("div", {}, button("Resume", () => ({ do: "resume" }))),
    el("div", {}, button("Set ceiling", () => ({ do: "ceiling", dbm: Math.round(Number(level.value)) })),
      level, "dBm", button("Lift ceiling", () => ({ do: "ceiling", dbm: "auto" }))),
    el("div", { id: "approval", hidden: "" },
      button("Approve what is proposed", () => ({ do: "approve" })),
      button("Take it back", () => ({ do: "approve", what: "withdraw" }))),
    el("label", {}, "Token ", token)), answer,
  el("p", { class: "hint", id: "token-hint" },
    "The token is in the file http_token of the daemon's state directory (/run/pianissimo). "
    + "Nothing here goes above the configuration, the channel or the power found."));
}
