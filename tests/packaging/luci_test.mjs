// The page for LuCI in a browser, down to the daemon: Chromium, our view, a stand-in for rpcd, our rpcd
// script (in a stand-in for ucode), `pianissimo`, the control socket and the service itself, which has
// a fake kernel beside it. The settings go from the form to YAML by the shim, and `pianissimo` reads it.
// usage: luci_test.mjs SERVED_DAEMON PIANISSIMO SOURCE_DIR [SCREENSHOTS]
import assert from 'node:assert/strict';
import { execFile, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { promisify } from 'node:util';
import { read_uci, show_uci, start } from './fake_rpcd.mjs';
import { run } from './ucode_stand_in.mjs';

const [ served_daemon, pianissimo, source_dir, screenshots ] = process.argv.slice(2);
const openwrt = `${source_dir}/packaging/openwrt`;
const skipped = 77;
const patience_ms = 60_000;
const most_ms = 20_000;  // of the page's own time, which stands still while it waits for an answer

const browser = [ '/usr/bin/chromium', '/usr/bin/chromium-browser' ].find(existsSync);
if (!browser) {
  console.log('skipped: there is no chromium');
  process.exit(skipped);
}
const state = mkdtempSync(`${tmpdir()}/pianissimo-luci-`);
const paths = {
  '/usr/sbin/pianissimo': pianissimo, '/var/run/pianissimo.luci': `${state}/luci`, '/var/run/pianissimo': state,
};

const status = () => JSON.parse(readFileSync(`${state}/status.json`, 'utf8'));

async function wait_for(what, condition) {
  const end = Date.now() + patience_ms;
  while (!await condition()) {
    assert(Date.now() < end, `never happened: ${what}`);
    await new Promise(go => setTimeout(go, 100));
  }
}

async function free_port() {
  const probe = createServer().listen(0, '127.0.0.1');
  await new Promise(go => probe.once('listening', go));
  const { port } = probe.address();
  await new Promise(go => probe.close(go));
  return port;
}

// The page after somebody has done something at it, as HTML.
async function open(port, view, act) {
  const shot = screenshots ? [ `--screenshot=${screenshots}/${act}.png`, '--window-size=1100,900' ] : [ '--dump-dom' ];
  const { stdout } = await promisify(execFile)(browser, [ '--headless', '--no-sandbox', '--disable-gpu',
    '--disable-dev-shm-usage', `--user-data-dir=${state}/browser`, `--virtual-time-budget=${most_ms}`, ...shot,
    `http://127.0.0.1:${port}/?view=pianissimo/${view}&do=${act}` ], { timeout: 2 * patience_ms, maxBuffer: 1 << 24 });
  if (!screenshots) assert.match(stdout, /data-done="yes"/, `${act}: ${stdout}`);
  return stdout;
}

// A browser that lies: nothing of it reaches a shell, or the program with other words than these.
function test_hostile_arguments(call) {
  const ask = (method, params) => call({ object: 'luci.pianissimo', method, params });
  for (const name of [ '; touch /tmp/x', '$(id)', '--state-dir', '-h', 'wlan0 wlan1', 'a'.repeat(16), 'wlan0\n', '-h\nwlan0' ]) {
    assert.equal(ask('hold', { interface: name, seconds: 60 }).code, 64, name);
  }
  for (const dbm of [ '37', '-1', '1.5', '12; id', '12\n', 'max' ]) assert.equal(ask('ceiling', { interface: '', dbm }).code, 64);
  for (const seconds of [ 0, 604801, 1.5 ]) assert.equal(ask('hold', { interface: '', seconds }).code, 64);
  assert.equal(ask('explain', { last: 101 }).code, 64);
  assert.throws(() => ask('hold', { interface: '', seconds: '60' }), /invalid argument/);
  assert.throws(() => ask('reload', {}), /not allowed/);
  // What is refused by the program comes back with its code and its words.
  const unknown = ask('hold', { interface: 'wlan9', seconds: 60 });
  assert.equal(unknown.code, 69);
  assert.match(unknown.text, /no such interface is driven/);
}

// The collector for Prometheus tells what the service's own metrics tell.
async function test_collector(http) {
  const told = {};
  const gauge = name => (labels, value) => { told[name] = { labels, value }; };
  assert.notEqual(run(`${openwrt}/pianissimo/files/collector.uc`, paths, { gauge }), false);
  const metrics = await (await fetch(`http://127.0.0.1:${http}/metrics`)).text();
  for (const name of Object.keys(told)) assert.match(metrics, new RegExp(`^${name}[ {]`, 'm'), name);
  assert.deepEqual(told.pianissimo_radio_tx_power_dbm.labels, { interface: 'wlan0' });
  assert.equal(told.pianissimo_radio_stations.value, 4);
}

async function test_pages(port, uci) {
  const held = await open(port, 'status', 'hold');
  if (!screenshots) assert.match(held, /wlan0: -?\d+ dBm now/);
  if (!screenshots) for (const one of status().interfaces[0].stations) assert(held.includes(one.station), one.station);
  await wait_for('a status with the hold', () => status().interfaces[0].operator?.hold);
  const limited = await open(port, 'status', 'ceiling');
  if (!screenshots) assert.match(limited, /held for 1[78]\d\d s more/);
  if (!screenshots) assert.match(limited, /wlan0: -?\d+ dBm now/);
  await wait_for('a status with the ceiling', () => status().interfaces[0].operator?.ceiling?.dbm == 12);
  if (screenshots) await open(port, 'settings', 'settings');

  await open(port, 'settings', 'save');
  assert.equal(uci.main.enabled, '1');
  writeFileSync(`${state}/uci`, show_uci(uci));
  const shim = spawnSync('sh', [ `${openwrt}/pianissimo/files/uci-to-yaml.sh`, `${state}/yaml` ], {
    encoding: 'utf8',
    env: { PATH: `${source_dir}/tests/packaging/fakes:${pianissimo.replace(/\/[^/]*$/, '')}:${process.env.PATH}`, FAKE_UCI: `${state}/uci` },
  });
  assert.equal(shim.status, 0, shim.stderr);
  const yaml = readFileSync(`${state}/yaml`, 'utf8');
  assert.match(yaml, /^interfaces: \["phy0-ap0", "phy1-ap0"\]/m);
  assert.match(yaml, /^ {2}ceiling_dbm: 17/m);
}

const http = await free_port();
const daemon = spawn(served_daemon, [ state, `127.0.0.1:${http}`, `${state}/metrics.prom` ], { stdio: 'ignore' });
try {
  // The first status comes before the first reading.
  await wait_for('a status with stations', () => existsSync(`${state}/status.json`) && status().interfaces[0]?.stations.length);
  const uci = read_uci(readFileSync(`${openwrt}/pianissimo/files/pianissimo.config`, 'utf8'));
  const { server, call } = start(`${openwrt}/luci-app-pianissimo`, paths, uci);
  await new Promise(go => server.listen(0, '127.0.0.1', go));
  test_hostile_arguments(call);
  await test_collector(http);
  await test_pages(server.address().port, uci);
  server.closeAllConnections();
  server.close();
  console.log('ok');
} finally {
  daemon.kill();
  rmSync(state, { recursive: true, force: true });
}
