"use strict";
// The live page in a real browser, before the service beside a fake kernel: served_daemon.
//
// usage: node live_page_test.js PLAYWRIGHT_CORE SERVED_DAEMON [FOLDER]
//
// Pictures go to FOLDER, if there is one. Ends with 77 (skipped) where there is no Chromium.
const assert = require("node:assert/strict");
const { spawn } = require("node:child_process");
const fs = require("node:fs");
const http = require("node:http");
const os = require("node:os");
const path = require("node:path");

const [playwright, program, pictures] = process.argv.slice(2);
const { chromium } = require(playwright);

// Every process has a loopback address of its own, so nobody else has the port.
const ADDRESS = `127.${192 + ((process.pid >> 16) % 32)}.${(process.pid >> 8) % 256}.`
  + `${1 + (process.pid % 250)}`;
const LISTEN = `${ADDRESS}:9478`;
const HOSTILE = "<u>\"'&{{x}}";  // the kernel takes it for an interface
const PATIENCE = { timeout: 30000 };  // a busy machine is slow, and nothing here depends on how fast

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "pianissimo-page-"));
let daemon = null;

async function start(interfaceName) {
  daemon = spawn(program, [folder, LISTEN, path.join(folder, "p.prom"), interfaceName],
    { stdio: ["ignore", "ignore", fs.openSync(path.join(folder, "log"), "a")] });
  for (let i = 0; i < 300; ++i) {
    if (await request("GET", "/status.json").then(({ status }) => status === 200, () => false)) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`the daemon does not answer:\n${fs.readFileSync(path.join(folder, "log"))}`);
}

async function stop() {
  if (!daemon) return;
  const ended = new Promise((resolve) => daemon.once("exit", resolve));
  daemon.kill("SIGTERM");
  await ended;
  daemon = null;
}

function request(method, target, headers = {}, body = "") {
  return new Promise((resolve, reject) => {
    const asked = http.request({ host: ADDRESS, port: 9478, method, path: target, headers },
      (answer) => {
        const parts = [];
        answer.on("data", (part) => parts.push(part));
        answer.on("end", () => resolve({ status: answer.statusCode, headers: answer.headers,
          body: Buffer.concat(parts) }));
      });
    asked.on("error", reject);
    asked.end(body);
  });
}

// The bytes over the wire, header and all but the stream of events.
async function weight() {
  let bytes = 0;
  for (const target of ["/", "/page.js", "/page.css"]) {
    const answer = await request("GET", target, { "Accept-Encoding": "gzip" });
    assert.equal(answer.status, 200, target);
    assert.equal(answer.headers["content-encoding"], "gzip", target);
    assert.match(answer.headers["content-security-policy"], /^default-src 'none'; script-src 'self'/);
    bytes += answer.body.length;
    console.log(`${target}: ${answer.body.length} bytes`);
  }
  console.log(`the page: ${bytes} bytes`);
  assert.ok(bytes < 40000);
}

const text = (page, selector) => page.locator(selector).innerText();
const picture = async (page, name) => {
  if (pictures) await page.screenshot({ path: path.join(pictures, name), fullPage: true });
};

// The page's policy forbids what Playwright's own waitForFunction does there.
async function until(page, condition, argument) {
  for (const end = Date.now() + PATIENCE.timeout; Date.now() < end;) {
    if (await page.evaluate(condition, argument)) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  assert.fail(`never: ${condition}`);
}

const said = [];  // by the browser's console

async function open(browser, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  page.on("console", (message) => said.push(message.text()));
  page.on("pageerror", (error) => said.push(String(error)));
  page.on("dialog", (dialog) => { said.push(`dialog: ${dialog.message()}`); dialog.dismiss(); });
  await page.goto(`http://${LISTEN}/`);
  await page.waitForSelector("#link.live", PATIENCE);
  return page;
}

function steer(request_, headers = {}) {
  const token = fs.readFileSync(path.join(folder, "http_token"), "utf8").trim();
  return request("POST", "/control",
    { "Content-Type": "application/json", "X-Pianissimo-Token": token, ...headers },
    JSON.stringify({ v: 1, ...request_ })).then(({ status }) => status);
}

const tests = {
  async "it is small, and says so itself"() { await weight(); },

  async "it follows what the daemon decides"(browser) {
    const page = await open(browser);
    assert.match(await text(page, "#cards"), /Power\s+\d+ dBm/);
    const power = (dbm) => until(page,
      (wanted) => document.getElementById("cards").innerText.includes(`\n${wanted} dBm`), dbm);
    assert.equal(await steer({ do: "ceiling", dbm: 1 }), 200);
    await power(1);
    assert.equal(await steer({ do: "ceiling", dbm: "auto" }), 200);
    await page.waitForSelector("#ticker li .said", PATIENCE);
    assert.equal(await page.locator("#stations tbody tr").count(), 4);
    assert.equal(await page.locator("#lanes canvas").count(), 3);
    assert.equal(await page.getAttribute("#ticker", "aria-live"), "polite");
  },

  async "names and reasons are text, whatever they are"(browser) {
    const page = await open(browser);
    assert.equal(await text(page, "h1"), `Transmit power of ${HOSTILE}`);
    assert.equal(await page.locator("u").count(), 0);
    assert.equal(await page.locator("script").count(), 1);
  },

  async "it is drawn at 390 pixels, light and dark"(browser) {
    for (const colorScheme of ["light", "dark"]) {
      const page = await open(browser, { viewport: { width: 390, height: 844 }, colorScheme });
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      assert.ok(wide <= 390, `${wide} pixels wide`);
      const ground = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
      assert.equal(ground, colorScheme === "dark" ? "rgb(20, 23, 27)" : "rgb(255, 255, 255)");
      await picture(page, `narrow-${colorScheme}.png`);
    }
  },

  async "who has the token steers it by keyboard alone"(browser) {
    const page = await open(browser);
    const token = fs.readFileSync(path.join(folder, "http_token"), "utf8").trim();
    assert.equal(fs.statSync(path.join(folder, "http_token")).mode & 0o777, 0o600);
    const focused = () => page.evaluate(() => document.activeElement.innerText
      || document.activeElement.className);
    const reach = async (what) => {
      for (let i = 0; i < 20; ++i) {
        await page.keyboard.press("Tab");
        if ((await focused()) === what) {
          const outline = await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle);
          return assert.equal(outline, "solid", `${what} shows no focus`);
        }
      }
      assert.fail(`the keyboard does not reach ${what}`);
    };
    await reach("token");
    await page.keyboard.type(token);
    await page.keyboard.press("Control+Home");
    await page.evaluate(() => document.activeElement.blur());
    await page.locator("h1").click();
    await reach("Hold the power");
    await page.keyboard.press("Enter");
    await until(page, () => /dBm now/.test(document.getElementById("answer").innerText));
    await until(page, () => /holds the power/.test(document.getElementById("remarks").innerText));
    await picture(page, "held.png");
    await reach("Resume");
    await page.keyboard.press("Enter");
    await until(page, () => !/holds the power/.test(document.getElementById("remarks").innerText));
  },

  async "nobody else steers it"() {
    const ask = (headers) => steer({ do: "resume" }, headers);
    assert.equal(await ask({}), 200);
    await new Promise((resolve) => setTimeout(resolve, 100));  // it is asked no more than 20 times a second
    assert.equal(await ask({ Origin: `http://${LISTEN}` }), 200);
    assert.equal(await ask({ Origin: "http://attacker.example" }), 403);
    assert.equal(await ask({ Host: "attacker.example", Origin: "http://attacker.example" }), 421);
    assert.equal(await ask({ "X-Pianissimo-Token": "0".repeat(64) }), 403);
  },

  // The browser itself says in its console that nobody answered: that is not the page's.
  async "it outlives the daemon and goes on with the next one"(browser) {
    const page = await open(browser);
    const newest = await text(page, "#ticker li:first-child");
    const before = said.splice(0);
    await stop();
    await page.waitForSelector("#link.lost", PATIENCE);
    assert.match(await text(page, "#link"), /^Not connected since \d\d:\d\d:\d\d\. Trying again\.$/);
    await picture(page, "lost.png");
    await start(HOSTILE);
    await page.waitForSelector("#link.live", PATIENCE);
    await until(page, (old) => document.querySelector("#ticker li").innerText !== old, newest);
    const other = said.splice(0).filter((one) => !/^Failed to load resource: net::ERR_/.test(one));
    said.push(...before, ...other);
    await picture(page, "desktop.png");
    await page.emulateMedia({ colorScheme: "dark" });
    await picture(page, "dark.png");
  },
};

async function main() {
  if (!["/usr/bin/chromium", "/usr/bin/chromium-browser"].some((one) => fs.existsSync(one))) {
    console.log("skipped: Chromium is not installed (Debian: chromium)");
    return 77;
  }
  let failed = 0;
  const browser = await chromium.launch({
    executablePath: "/usr/bin/chromium",
    args: process.getuid() === 0 ? ["--no-sandbox"] : [],
  });
  try {
    await start(HOSTILE);
    for (const [name, test] of Object.entries(tests)) {
      try {
        await test(browser);
        console.log(`ok      ${name}`);
      } catch (error) {
        ++failed;
        console.log(`FAILED  ${name}\n${error.stack}`);
      }
      for (const context of browser.contexts()) await context.close();
    }
    if (said.length > 0) {
      ++failed;
      console.log(`FAILED  the console stays empty\n${said.join("\n")}`);
    }
  } finally {
    await browser.close();
    await stop();
    fs.rmSync(folder, { recursive: true });
  }
  return failed > 0 ? 1 : 0;
}

main().then((code) => { process.exitCode = code; }, (error) => {
  console.error(error);
  process.exitCode = 1;
});
