// In the place of uhttpd and rpcd on a router: serves our LuCI pages on loopback and answers ubus calls
// by our rpcd script, if the ACL that is installed allows them. UCI is in memory.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { run } from './ucode_stand_in.mjs';

const page = `<!doctype html><meta charset="utf-8"><title>Pianissimo</title><style>
body { font: 14px sans-serif; margin: 2em; max-width: 70em } h2 { margin: 0 0 .5em }
.cbi-section { border: 1px solid #ccc; border-radius: 6px; padding: .8em; margin: .8em 0 }
table { border-collapse: collapse; width: 100% } th, td { text-align: left; padding: .3em .6em; border-bottom: 1px solid #ddd }
pre { background: #f4f4f4; padding: .8em; white-space: pre-wrap } .btn { padding: .3em 1em }
.alert-message { background: #dff0d8; padding: .6em; margin: .4em 0 } .error, .warning { background: #f8d7da }
.row { display: flex; gap: 1em; padding: .3em 0 } .row label { width: 14em } .help { color: #666; font-size: 12px }
</style><div id="view"></div><script src="/fake_luci.js"></script>`;

// "config settings 'box'", "option floor_dbm '1'" -> { box: { floor_dbm: '1' } }
export function read_uci(text) {
  const out = {};
  let section;
  for (const [ , kind, first, second ] of text.matchAll(/^\s*(config|option|list) (\S+) '(.*)'$/gm)) {
    if (kind == 'config') out[section = second] = {};
    else if (kind == 'option') out[section][first] = second;
    else (out[section][first] ??= []).push(second);
  }
  return out;
}

// As `uci show` prints it.
export function show_uci(config) {
  const lines = [];
  for (const [ section, options ] of Object.entries(config)) {
    lines.push(`pianissimo.${section}=settings`);
    for (const [ name, value ] of Object.entries(options)) {
      lines.push(`pianissimo.${section}.${name}=` + [].concat(value).map(one => `'${one}'`).join(' '));
    }
  }
  return lines.join('\n') + '\n';
}

// app: the folder of luci-app-pianissimo; paths: what stands for those of a router.
export function start(app, paths, uci) {
  const methods = run(`${app}/root/usr/share/rpcd/ucode/pianissimo.uc`, paths)['luci.pianissimo'];
  const acl = JSON.parse(readFileSync(`${app}/root/usr/share/rpcd/acl.d/luci-app-pianissimo.json`, 'utf8'));
  const { read, write } = acl['luci-app-pianissimo'];

  function call({ object, method, params }) {
    if (object == 'uci') {
      if (!(method == 'get' ? read : write).uci.includes(params.config)) throw new Error('not allowed');
      if (method == 'get') return { values: uci };
      for (const [ name, value ] of Object.entries(params.values)) {
        if (value === '') delete uci[params.section][name];
        else uci[params.section][name] = value;
      }
      return {};
    }
    if (!read.ubus[object]?.includes(method) && !write.ubus[object]?.includes(method)) throw new Error('not allowed');
    // rpcd refuses arguments of another type than those that the script shows.
    for (const [ name, value ] of Object.entries(params ?? {})) {
      if (typeof value != typeof methods[method].args?.[name]) throw new Error(`${name}: invalid argument`);
    }
    return methods[method].call({ args: params ?? {} });
  }

  const server = createServer((request, answer) => {
    const path = new URL(request.url, 'http://localhost').pathname;
    let body = '';
    request.on('data', part => body += part);
    request.on('end', () => {
      try {
        if (path == '/') return answer.setHeader('Content-Type', 'text/html').end(page);
        if (path == '/ubus') return answer.end(JSON.stringify(call(JSON.parse(body))));
        const file = path == '/fake_luci.js' ? new URL('fake_luci.js', import.meta.url) : `${app}/htdocs${path}`;
        answer.setHeader('Content-Type', 'text/javascript').end(readFileSync(file));
      } catch (error) {
        answer.writeHead(500).end(error.message);
      }
    });
  });
  return { server, call };
}
